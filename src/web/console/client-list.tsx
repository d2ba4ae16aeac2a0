/** The operator's first look: every client with its state, trouble first. */
import { Input } from '@cloudflare/kumo/components/input';
import { CaretRightIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { counted } from '../shared/format.ts';
import { Freshness } from '../shared/freshness.tsx';
import { Link } from '../shared/link.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { useTitle } from '../shared/use-title.ts';
import type { ClientRow } from './api.ts';
import { useClients } from './queries.ts';
import { clientPath } from './route.ts';
import { StateBadge } from './state-badge.tsx';
import { severity } from './state-words.ts';

// Fewer are seen at a glance.
const SEARCH_FROM = 8;

export function ClientList(): ReactElement {
  useTitle('Clients');
  const clients = useClients();
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">Clients</h1>
        <Freshness query={clients} how="This page looks every 15 seconds" />
      </div>
      <Loaded query={clients} what="Asking for the clients…">
        {(rows) => (rows.length === 0 ? <NoClients /> : <Rows rows={rows} />)}
      </Loaded>
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly ClientRow[] }): ReactElement {
  const [part, setPart] = useState('');
  const wanted = part.trim().toLowerCase();
  const shown = rows
    .filter(({ id, name }) => id.includes(wanted) || name.toLowerCase().includes(wanted))
    .toSorted((a, b) => severity(b.state) - severity(a.state) || a.name.localeCompare(b.name));
  const troubled = rows.filter(({ state }) => state !== 'up').length;
  return (
    <>
      <p className="mb-3 text-kumo-subtle" role="status">
        {troubled === 0 ? 'Every mail server works.' : `${counted(troubled, 'client')} of ${rows.length} in trouble.`}
      </p>
      {rows.length < SEARCH_FROM ? null : (
        <div className="mb-3 max-w-sm">
          <Input label="Find a client" type="search" value={part} onChange={(event) => setPart(event.target.value)} />
        </div>
      )}
      <ul className="overflow-hidden rounded-xl border border-kumo-line bg-kumo-base">
        {shown.map((row) => (
          <li key={row.id} className="border-b border-kumo-hairline last:border-b-0">
            <Link
              href={clientPath(row.id)}
              className="flex min-h-14 items-center gap-3 px-4 py-2.5 [--focus-offset:-2px] hover:bg-kumo-tint"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-semibold">{row.name}</span>
                <span className="block truncate text-sm">
                  {row.id}
                  {row.inEffect ? '' : ' · a change is not yet in effect'}
                </span>
              </span>
              <StateBadge state={row.state} />
              <CaretRightIcon size={16} aria-hidden className="shrink-0" />
            </Link>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p className="mt-3">No client is called so.</p> : null}
    </>
  );
}

function NoClients(): ReactElement {
  return (
    <p className="rounded-xl border border-kumo-line bg-kumo-base p-5">
      No client is enrolled yet. POST /api/v1/clients enrols one; docs/operations.md walks through it.
    </p>
  );
}
