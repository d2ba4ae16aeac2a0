/** A stranger's HTML in a frame that can run nothing and knows nothing of this page. */
import { type ReactElement, useState } from 'react';
import { Opening } from './opening.tsx';

type SafeFrameProps = {
  readonly title: string;
  readonly src: string;
  /** `dead`: not even by a person's click: what is in quarantine leads nowhere */
  readonly links: 'open-beside' | 'dead';
};

export function SafeFrame({ title, src, links }: SafeFrameProps): ReactElement {
  const [loaded, setLoaded] = useState(false);
  return (
    <div className="relative flex min-h-[65dvh] flex-1 flex-col overflow-hidden rounded-lg border border-kumo-line bg-white md:min-h-96">
      {loaded ? null : (
        <div className="absolute inset-0 flex bg-kumo-base">
          <Opening what="Opening the message…" />
        </div>
      )}
      {/* No allow-same-origin and no allow-scripts: whatever the message holds, it has no origin, no cookie and no code. */}
      <iframe
        title={title}
        src={src}
        sandbox={links === 'dead' ? '' : 'allow-popups allow-popups-to-escape-sandbox'}
        referrerPolicy="no-referrer"
        onLoad={() => setLoaded(true)}
        className="w-full flex-1 [color-scheme:light]"
      />
    </div>
  );
}
