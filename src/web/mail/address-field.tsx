/**
 * Recipients as chips, with colleagues suggested while typing: an ARIA 1.2 combobox with a listbox.
 * Comma, semicolon, Enter, Tab and leaving the field make chips of what is typed; pasted lists are taken apart.
 */
import { type ReactElement, useRef } from 'react';
import { AddressChips } from './address-chips.tsx';
import type { Person } from './api.ts';
import { nameOf } from './recipients.ts';
import { useEntry } from './use-entry.ts';

type AddressFieldProps = {
  readonly id: string;
  readonly label: string;
  readonly people: readonly Person[];
  readonly fault: string | undefined;
  readonly autoFocus: boolean;
  readonly onChange: (people: readonly Person[]) => void;
};

export function AddressField({ id, label, people, fault, autoFocus, onChange }: AddressFieldProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const entry = useEntry(people, onChange);
  const { typed, suggestions, active } = entry;
  const listId = `${id}-suggestions`;
  const faultId = `${id}-fault`;
  return (
    <div className="min-w-0 flex-1">
      <div className="flex items-start gap-2 pl-3">
        <label htmlFor={id} className="flex min-h-11 w-14 shrink-0 items-center text-kumo-subtle">
          {label}
        </label>
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5 py-1.5">
          <AddressChips
            people={people}
            onRemove={(person) => onChange(people.filter((other) => other !== person))}
            after={input}
          />
          <input
            ref={input}
            id={id}
            type="text"
            inputMode="email"
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={suggestions.length > 0}
            aria-controls={suggestions.length > 0 ? listId : undefined}
            aria-activedescendant={active === undefined ? undefined : `${listId}-${active}`}
            aria-invalid={fault !== undefined}
            aria-describedby={fault === undefined ? undefined : faultId}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            // biome-ignore lint/a11y/noAutofocus: whoever opens an empty message is about to say to whom
            autoFocus={autoFocus}
            value={typed}
            onChange={(event) => entry.type(event.target.value)}
            onKeyDown={entry.onKeyDown}
            onPaste={entry.onPaste}
            onBlur={entry.commit}
            className="focus-shown-around min-h-8 min-w-16 flex-1 bg-transparent"
          />
        </div>
      </div>
      {fault === undefined ? null : (
        <p id={faultId} className="px-3 pb-2 text-(--bw-trouble-mark)">
          {fault}
        </p>
      )}
      {suggestions.length > 0 ? (
        <Suggestions id={listId} label={label} people={suggestions} active={active} onPick={entry.pick} />
      ) : null}
    </div>
  );
}

type SuggestionsProps = {
  readonly id: string;
  readonly label: string;
  readonly people: readonly Person[];
  readonly active: number | undefined;
  readonly onPick: (person: Person) => void;
};

function Suggestions({ id, label, people, active, onPick }: SuggestionsProps): ReactElement {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={`Colleagues for ${label}`}
      className="absolute top-full right-2 left-2 z-10 mt-1 max-h-72 overflow-y-auto rounded-lg border border-kumo-line bg-kumo-base p-1 shadow-lg sm:left-16 sm:max-w-md"
    >
      {people.map((person, index) => (
        // The keyboard reaches options through the field (aria-activedescendant); the pointer must not take its focus away.
        <div
          key={person.address}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(person);
          }}
          className={`flex min-h-11 cursor-pointer flex-col justify-center rounded-md px-3 py-1 ${index === active ? 'bg-kumo-tint' : 'hover:bg-kumo-tint'}`}
        >
          <span className="truncate font-medium">{nameOf(person)}</span>
          {person.name === '' ? null : <span className="truncate text-sm">{person.address}</span>}
        </div>
      ))}
    </div>
  );
}
