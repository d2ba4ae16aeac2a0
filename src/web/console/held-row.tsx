/** One held message, and what can be done about it. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { DownloadLink } from '../shared/download-link.tsx';
import { fileSize } from '../shared/format.ts';
import { Moment } from '../shared/moment.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { senderWords, subjectWords } from '../shared/quarantine-words.ts';
import { wrongField } from '../shared/wrong-field.ts';
import { type Client, type HeldMessage, retryHeld } from './api.ts';
import { heldContentPath } from './export-links.ts';
import { ownWords } from './held-words.ts';
import { useChange } from './queries.ts';
import { readdressHeld } from './replay-api.ts';

type HeldRowProps = {
  readonly client: Client;
  readonly message: HeldMessage;
  /** of the group it stands in */
  readonly reason: string;
};

export function HeldRow({ client, message, reason }: HeldRowProps): ReactElement {
  const [giving, setGiving] = useState(false);
  const toasts = useKumoToastManager();
  const again = useChange(client.id, retryHeld);
  const own = ownWords(message, reason);
  return (
    <li className="py-2.5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-semibold break-words">{subjectWords(message.subject)}</p>
          <p className="break-words">
            {senderWords({ from: { name: message.fromName, address: message.fromAddress } })} to {message.recipient},{' '}
            <Moment atMs={message.receivedAt} />, {fileSize(message.sizeBytes)}
          </p>
          {own === undefined ? null : <p className="font-mono text-[13px] break-words">{own}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            loading={again.isPending}
            onClick={() =>
              again.mutate(message.id, { onSuccess: () => toasts.add({ title: 'It is tried again at once.' }) })
            }
          >
            Try again<span className="sr-only">: to {message.recipient}</span>
          </Button>
          {/* What one of the client's own people wrote to the world has no other recipient here. */}
          {message.kind === 'outbound' ? null : (
            <Button aria-expanded={giving} onClick={() => setGiving(!giving)}>
              Give to somebody else<span className="sr-only">: the message to {message.recipient}</span>
            </Button>
          )}
          <DownloadLink href={heldContentPath(client.id, message.id)}>
            Download<span className="sr-only"> the message to {message.recipient}</span>
          </DownloadLink>
        </div>
      </div>
      <ProblemBelow error={again.error} />
      {giving ? <GiveTo client={client} message={message} onDone={() => setGiving(false)} /> : null}
    </li>
  );
}

type GiveToProps = { readonly client: Client; readonly message: HeldMessage; readonly onDone: () => void };

function GiveTo({ client, message, onDone }: GiveToProps): ReactElement {
  const [to, setTo] = useState('');
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const toasts = useKumoToastManager();
  const giving = useChange(client.id, async (id, address: string) => readdressHeld(id, message.id, address));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const address = to.trim();
    const isAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address);
    setWrong(isAddress ? undefined : `Enter an address, as postmaster@${client.domains[0] ?? 'harbour.example'}.`);
    if (!isAddress) return;
    giving.mutate(address, {
      onSuccess: () => {
        toasts.add({ title: `It goes to ${address}.` });
        onDone();
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate className="mt-2 rounded-lg bg-kumo-recessed p-3">
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 flex-1 basis-60">
          <Input
            label="To whom"
            description={`At ${client.domains.join(' or ')}; the message itself stays as it came`}
            type="email"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={to}
            onChange={(event) => setTo(event.target.value)}
            {...wrongField(wrong)}
          />
        </div>
        {/* Level with the field, whose label stands above it. */}
        <div className="flex gap-2 sm:pt-7.5">
          <Button type="submit" variant="primary" loading={giving.isPending}>
            Give it to them
          </Button>
          <Button onClick={onDone}>Leave it</Button>
        </div>
      </div>
      <ProblemBelow error={giving.error} />
    </form>
  );
}
