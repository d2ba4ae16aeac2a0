/** Subject and people of an open message. The subject takes the focus, so that a screen reader begins there. */
import { type ReactElement, useEffect, useRef } from 'react';
import { fullTime } from '../shared/format.ts';
import type { Message, Person } from './api.ts';
import { subjectOf } from './message-row.tsx';
import { initials } from './recipients.ts';

// More names than this push the message itself out of sight.
const SHOWN_AT_ONCE = 3;

export function MessageHead({ message }: { readonly message: Message }): ReactElement {
  const subject = useRef<HTMLHeadingElement>(null);
  useEffect(() => subject.current?.focus({ preventScroll: true }), []);
  const at = message.dateMs ?? message.receivedAtMs;
  return (
    <header>
      <h2
        ref={subject}
        tabIndex={-1}
        className="text-xl font-semibold tracking-tight text-balance break-words outline-none"
      >
        {subjectOf(message.subject)}
      </h2>
      <div className="mt-3 flex items-start gap-3">
        <span
          aria-hidden="true"
          className="grid size-10 shrink-0 place-items-center rounded-full bg-kumo-tint text-sm font-semibold"
        >
          {initials(message.from)}
        </span>
        <div className="min-w-0 flex-1">
          <p className="break-words">
            <span className="sr-only">From </span>
            <FullName person={message.from} />
          </p>
          <People label="To" people={message.to} />
          <People label="Cc" people={message.cc} />
          <time dateTime={new Date(at).toISOString()} className="text-sm text-kumo-subtle">
            {fullTime(at)}
          </time>
        </div>
      </div>
    </header>
  );
}

function People({
  label,
  people,
}: {
  readonly label: string;
  readonly people: readonly Person[];
}): ReactElement | null {
  if (people.length === 0) return null;
  const [shown, rest] = [people.slice(0, SHOWN_AT_ONCE), people.slice(SHOWN_AT_ONCE)];
  return (
    <div className="text-sm break-words text-kumo-subtle">
      {label} {shown.map(written).join(', ')}
      {rest.length === 0 ? null : (
        <details className="inline">
          <summary className="ml-1 inline cursor-pointer font-medium text-kumo-link underline">
            and {rest.length} more
          </summary>{' '}
          {rest.map(written).join(', ')}
        </details>
      )}
    </div>
  );
}

/** The address is always shown beside the name: a name alone can be anybody's. */
function FullName({ person }: { readonly person: Person }): ReactElement {
  if (person.name.trim() === '') return <span className="font-semibold">{person.address}</span>;
  return (
    <>
      <span className="font-semibold">{person.name}</span>{' '}
      <span className="text-kumo-subtle">{`<${person.address}>`}</span>
    </>
  );
}

function written(person: Person): string {
  return person.name.trim() === '' ? person.address : `${person.name} <${person.address}>`;
}
