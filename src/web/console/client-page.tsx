/** One client: its name and state on top, then one of the sections. */
import { LinkButton } from '@cloudflare/kumo/components/button';
import { ArrowLeftIcon } from '@phosphor-icons/react';
import { type ReactElement, useEffect, useRef } from 'react';
import { Freshness } from '../shared/freshness.tsx';
import { Link } from '../shared/link.tsx';
import { Opening } from '../shared/opening.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { useTitle } from '../shared/use-title.ts';
import type { Client, Me } from './api.ts';
import { AuditSection } from './audit-section.tsx';
import { FilterSection } from './filter-section.tsx';
import { GatewaysSection } from './gateways-section.tsx';
import { MaintenanceSection } from './maintenance-section.tsx';
import { ModesSection } from './modes-section.tsx';
import { NoticesSection } from './notices-section.tsx';
import { NowSection } from './now-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { PreflightSection } from './preflight-section.tsx';
import { QuarantineSection } from './quarantine-section.tsx';
import { useClient, useStatus } from './queries.ts';
import { ReplaySection } from './replay-section.tsx';
import { ReturnsSection } from './returns-section.tsx';
import { clientPath, SECTIONS, type Section } from './route.ts';
import { StateBadge } from './state-badge.tsx';
import { ThresholdsSection } from './thresholds-section.tsx';
import { TimelineSection } from './timeline-section.tsx';
import { WorldSection } from './world-section.tsx';

const NAMES: Record<Section, string> = {
  now: 'Now',
  replay: 'Replay',
  filter: 'Filter',
  quarantine: 'Quarantine',
  timeline: 'Timeline',
  gateways: 'Mail servers',
  thresholds: 'Thresholds',
  modes: 'What happens',
  maintenance: 'Maintenance',
  preflight: 'Preflight',
  world: 'Mail to the world',
  returns: 'Back to senders',
  notices: 'Notices',
  people: 'People',
  audit: 'Audit',
};

type ClientPageProps = { readonly me: Me; readonly id: string; readonly section: Section };

export function ClientPage({ me, id, section }: ClientPageProps): ReactElement {
  const client = useClient(id);
  const status = useStatus(id);
  useTitle(`${NAMES[section]}: ${client.data?.name ?? id}`);
  if (client.data === undefined) {
    if (!client.isError) return <Opening what="Opening the client…" />;
    return (
      <>
        <h1 className="mb-4 text-2xl font-semibold tracking-tight break-words">{id}</h1>
        <ProblemNotice
          error={client.error}
          onRetry={() => void client.refetch()}
          way={
            <LinkButton key="way" href="/console" variant="secondary">
              {me.role === 'operator' ? 'All clients' : 'To your own client'}
            </LinkButton>
          }
        />
      </>
    );
  }
  return (
    <>
      {me.role === 'operator' ? (
        <Link href="/console" className="mb-1 inline-flex min-h-8 items-center gap-1 text-kumo-link hover:underline">
          <ArrowLeftIcon size={16} aria-hidden />
          All clients
        </Link>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight break-words">{client.data.name}</h1>
        {status.data === undefined ? null : <StateBadge state={status.data.health.state} />}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <p className="text-kumo-subtle">{client.data.domains.join(', ')}</p>
        <Freshness query={status} how="This page looks every 3 seconds" />
      </div>
      <SectionNav id={id} section={section} />
      <SectionOf me={me} client={client.data} section={section} />
    </>
  );
}

function SectionNav({ id, section }: { readonly id: string; readonly section: Section }): ReactElement {
  const here = useRef<HTMLLIElement>(null);
  // On a phone the row is wider than the screen: what one has chosen is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the section moves the row
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which React would take for the way to clean up.
    here.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [section]);
  return (
    <nav
      aria-label="Sections"
      className="-mx-4 mt-3 mb-5 overflow-x-auto border-b border-kumo-line px-4 sm:mx-0 sm:px-0"
    >
      <ul className="flex gap-x-1 sm:flex-wrap">
        {SECTIONS.map((one) => (
          <li key={one} ref={one === section ? here : null}>
            <Link
              href={clientPath(id, one)}
              aria-current={one === section ? 'page' : undefined}
              className={`flex min-h-11 items-center border-b-2 px-3 whitespace-nowrap [--focus-offset:-2px] ${
                one === section ? 'border-(--bw-mark) font-semibold' : 'border-transparent hover:bg-kumo-tint'
              }`}
            >
              {NAMES[one]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

type SectionProps = { readonly me: Me; readonly client: Client; readonly section: Section };

function SectionOf({ me, client, section }: SectionProps): ReactElement {
  switch (section) {
    case 'now':
      return <NowSection client={client} />;
    case 'replay':
      return <ReplaySection client={client} />;
    case 'filter':
      return <FilterSection me={me} client={client} />;
    case 'quarantine':
      return <QuarantineSection id={client.id} />;
    case 'timeline':
      return <TimelineSection id={client.id} />;
    case 'gateways':
      return <GatewaysSection me={me} client={client} />;
    case 'thresholds':
      return <ThresholdsSection client={client} />;
    case 'modes':
      return <ModesSection me={me} client={client} />;
    case 'maintenance':
      return <MaintenanceSection id={client.id} />;
    case 'world':
      return <WorldSection me={me} client={client} />;
    case 'returns':
      return <ReturnsSection id={client.id} />;
    case 'preflight':
      return <PreflightSection client={client} />;
    case 'notices':
      return <NoticesSection id={client.id} />;
    case 'people':
      return <PeopleSection me={me} id={client.id} />;
    case 'audit':
      return <AuditSection id={client.id} />;
  }
}
