/** The last week, hour by hour: how much of the mail the server took. */
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { sinceTime } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import type { Uptime } from './api.ts';
import { hourLook, percentWords, weekOfHours } from './log-words.ts';
import { useUptime } from './queries.ts';

export function UptimeCard({ id }: { readonly id: string }): ReactElement {
  const uptime = useUptime(id);
  return (
    <Card title="The last 7 days">
      <Loaded query={uptime} what="Reckoning the week…">
        {(found) => <Week uptime={found} />}
      </Loaded>
    </Card>
  );
}

const HEIGHT = 40;

function Week({ uptime }: { readonly uptime: Uptime }): ReactElement {
  const hours = weekOfHours(uptime);
  const failing = hours.filter((hour) => hour.failing > 0).toReversed();
  const { uptimePercent, delivered } = uptime;
  const isKnown = uptimePercent !== null && uptime.hours.length > 0;
  return (
    <>
      <p>
        <span className="text-2xl font-semibold tabular-nums">
          {isKnown ? percentWords(uptimePercent) : 'Nothing heard yet'}
        </span>{' '}
        {isKnown ? `of the minutes worked; ${delivered.toLocaleString('en-GB')} messages taken` : ''}
      </p>
      <svg
        viewBox={`0 0 ${hours.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`One bar for each hour; ${failing.length} of ${hours.length} hours had failures`}
        className="mt-3 h-10 w-full"
      >
        {hours.map((hour, index) => (
          <Bar key={hour.atMs} hour={hour} x={index} />
        ))}
      </svg>
      <div className="flex justify-between text-sm text-kumo-subtle">
        <span>7 days ago</span>
        <span>now</span>
      </div>
      {failing.length === 0 ? null : (
        <details className="mt-2">
          <summary className="inline-flex min-h-6 cursor-pointer items-center text-kumo-link underline">
            The hours with failures ({failing.length})
          </summary>
          <ul className="mt-1">
            {failing.map((hour) => (
              <li key={hour.atMs}>
                {sinceTime(hour.atMs, Date.now())}: {hourLook(hour).words}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Full height for an hour that was quiet or good, in two colours for one that was not: the eye finds the gap. */
function Bar({ hour, x }: { readonly hour: Uptime['hours'][number]; readonly x: number }): ReactElement {
  const { share, words } = hourLook(hour);
  // A single failure among thousands must still be seen.
  const bad = share === 0 ? 0 : Math.max(6, share * HEIGHT);
  const isQuiet = hour.delivered + hour.failing === 0;
  return (
    <g>
      <title>{`${sinceTime(hour.atMs, Date.now())}: ${words}`}</title>
      <rect
        x={x + 0.1}
        y={0}
        width={0.8}
        height={HEIGHT - bad}
        fill={isQuiet ? 'var(--color-kumo-line)' : 'var(--bw-calm-mark)'}
      />
      <rect x={x + 0.1} y={HEIGHT - bad} width={0.8} height={bad} fill="var(--bw-trouble-mark)" />
    </g>
  );
}
