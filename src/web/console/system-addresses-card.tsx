/** Addresses by which a failure or a repair is declared by mail. They are shown once, when they are made. */
import { Button } from '@cloudflare/kumo/components/button';
import { KeyIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { endSystemAddresses, makeSystemAddresses, type SystemAddresses } from './modes-api.ts';
import { useChange } from './queries.ts';

export function SystemAddressesCard({ id }: { readonly id: string }): ReactElement {
  const [asked, setAsked] = useState<'none' | 'make' | 'end' | 'ended'>('none');
  const making = useChange<undefined, SystemAddresses>(id, makeSystemAddresses);
  const ending = useChange(id, endSystemAddresses);
  return (
    <Card
      title="Say it by mail"
      intro="Two secret addresses: a message to one declares a failure, to the other a repair. For a phone without this page, or a monitoring program."
    >
      {making.data === undefined ? null : <Made addresses={making.data} />}
      {asked === 'make' || asked === 'end' ? (
        <div className="flex flex-wrap items-center gap-2">
          <p>
            {asked === 'make'
              ? 'If there are such addresses already, they end now.'
              : 'Whoever has the addresses can declare nothing any more.'}
          </p>
          <Button onClick={() => setAsked('none')}>Leave it as it is</Button>
          {asked === 'make' ? (
            <Button
              variant="primary"
              onClick={() => making.mutate(undefined, { onSettled: () => setAsked('none') })}
              loading={making.isPending}
            >
              Make new addresses
            </Button>
          ) : (
            <Button
              variant="destructive"
              onClick={() =>
                ending.mutate(undefined, {
                  onSuccess: () => {
                    making.reset();
                    setAsked('ended');
                  },
                })
              }
              loading={ending.isPending}
            >
              End them
            </Button>
          )}
        </div>
      ) : (
        <div className="mt-3 flex flex-wrap items-center gap-2 first:mt-0">
          <Button onClick={() => setAsked('make')}>Make addresses…</Button>
          <Button onClick={() => setAsked('end')}>End them…</Button>
          <span role="status">{asked === 'ended' ? 'They have ended.' : ''}</span>
        </div>
      )}
      <ProblemBelow error={making.error ?? ending.error} />
    </Card>
  );
}

function Made({ addresses }: { readonly addresses: SystemAddresses }): ReactElement {
  const { failureAddress, repairAddress } = addresses;
  return (
    <Notice
      tone="emergency"
      icon={KeyIcon}
      title="Keep these addresses: they are shown only now"
      role="status"
      action={[
        <CopyButton key="failure" text={failureAddress} words="Copy the one for a failure" />,
        <CopyButton key="repair" text={repairAddress} words="Copy the one for a repair" />,
      ]}
    >
      <p className="break-all">
        Failure: <code className="font-mono">{failureAddress}</code>
      </p>
      <p className="break-all">
        Repair: <code className="font-mono">{repairAddress}</code>
      </p>
    </Notice>
  );
}
