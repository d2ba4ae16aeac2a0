/** Any mailbox as a file, at any time: for who leaves, for a lawyer, or for a server that never comes back. */
import { Input } from '@cloudflare/kumo/components/input';
import { type ReactElement, useId, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { DownloadLink } from '../shared/download-link.tsx';
import { mailboxExportPath } from './export-links.ts';
import { usePeople } from './queries.ts';

// So many lines of suggestions a browser bears well.
const SUGGESTED = 500;

export function MailboxExport({ id }: { readonly id: string }): ReactElement {
  const people = usePeople(id);
  const [typed, setTyped] = useState('');
  const list = useId();
  const address = typed.trim().toLowerCase();
  const whose = address === '' ? 'of the unknown' : `of ${address}`;
  return (
    <Card
      title="Take a mailbox along"
      intro="Everything an emergency mailbox has ever shown, received and sent. Each download is in the audit log."
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <Input
            label="Whose"
            description="Left empty: the box of the unknown, with what came for addresses nobody has entered"
            type="email"
            autoCapitalize="none"
            spellCheck={false}
            list={list}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <datalist id={list}>
            {(people.data?.accounts ?? []).slice(0, SUGGESTED).map((person) => (
              <option key={person.id} value={person.address} />
            ))}
          </datalist>
        </div>
        {/* Asked anew for another mailbox: what was said of the last one does not stay. Level with the field below its label. */}
        <div key={address} className="flex flex-wrap gap-1 sm:max-w-xs sm:pt-7.5">
          <DownloadLink href={mailboxExportPath(id, address, 'mbox')}>
            mbox<span className="sr-only"> {whose}</span>
          </DownloadLink>
          <DownloadLink href={mailboxExportPath(id, address, 'zip')}>
            zip of .eml<span className="sr-only"> {whose}</span>
          </DownloadLink>
        </div>
      </div>
    </Card>
  );
}
