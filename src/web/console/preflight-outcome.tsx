/** One mail server's part in a preflight: the verdict, what to do about it, and, folded away, what it said word for word. */
import { CheckCircleIcon, InfoIcon, WarningCircleIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import type { GatewayPreflight } from './preflight-api.ts';
import { seenBesides, VERDICTS } from './preflight-words.ts';

export function GatewayOutcome({ outcome }: { readonly outcome: GatewayPreflight }): ReactElement {
  const { gateway, verdict, findings, replies } = outcome;
  const isGood = verdict === 'accepted';
  return (
    <li className="py-3 first:pt-0 last:pb-0">
      <p className="flex items-start gap-1.5">
        {isGood ? (
          <CheckCircleIcon size={20} aria-hidden className="mt-px shrink-0 text-(--bw-calm-mark)" />
        ) : (
          <WarningCircleIcon size={20} aria-hidden className="mt-px shrink-0 text-(--bw-trouble-mark)" />
        )}
        <span className="min-w-0 break-words">
          <span className="font-semibold">{gateway}</span> {VERDICTS[verdict].words}
        </span>
      </p>
      {findings.length === 0 ? null : (
        <ul className="mt-2 flex flex-col gap-2">
          {findings.map((finding) => (
            <li key={`${finding.kind} ${finding.words}`} className="flex items-start gap-1.5">
              {finding.verdict === undefined ? (
                <InfoIcon size={18} aria-hidden className="mt-0.5 shrink-0 text-kumo-subtle" />
              ) : (
                <WarningCircleIcon size={18} aria-hidden className="mt-0.5 shrink-0 text-(--bw-trouble-mark)" />
              )}
              <span className="min-w-0">
                <span className="block break-words">
                  {finding.verdict === undefined ? 'Good to know: it ' : 'It '}
                  {finding.words}
                </span>
                <span className="block text-pretty text-kumo-subtle">{finding.advice}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <details className="mt-2">
        <summary className="inline-flex min-h-6 cursor-pointer items-center text-kumo-link underline">
          What it said, and what else was seen<span className="sr-only"> at {gateway}</span>
        </summary>
        <ul className="mt-1 rounded-lg bg-kumo-recessed px-3 py-2 font-mono text-[13px] text-kumo-default">
          {replies.length === 0 ? <li>It said nothing.</li> : null}
          {replies.map(({ stage, line }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a dialogue, in its order; the same line may come twice
            <li key={index} className="break-words">
              {stage}: {line}
            </li>
          ))}
        </ul>
        <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
          {seenBesides(outcome).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="font-semibold">{name}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
