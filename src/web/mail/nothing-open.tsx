import { LinkButton } from '@cloudflare/kumo/components/button';
import { CompassIcon, EnvelopeSimpleOpenIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';

export function NothingOpen({ what }: { readonly what: 'nothing-chosen' | 'no-such-page' }): ReactElement {
  if (what === 'nothing-chosen') {
    return (
      <div className="flex flex-1 flex-col items-center justify-center gap-3 p-8 text-center text-kumo-subtle">
        <EnvelopeSimpleOpenIcon size={44} weight="thin" aria-hidden />
        <p>Choose a message to read it here.</p>
      </div>
    );
  }
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 p-8 text-center">
      <CompassIcon size={44} weight="thin" aria-hidden className="text-kumo-subtle" />
      <h2 className="text-lg font-semibold">There is no such page</h2>
      <p className="text-kumo-subtle">The address may be incomplete. Your mail is where it was.</p>
      <LinkButton href="/mail" variant="primary">
        Go to the inbox
      </LinkButton>
    </div>
  );
}
