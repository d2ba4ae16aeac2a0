import { WarningIcon, XIcon } from '@phosphor-icons/react';
import type { ReactElement, RefObject } from 'react';
import type { Person } from './api.ts';
import { isAddress, nameOf } from './recipients.ts';

type AddressChipsProps = {
  readonly people: readonly Person[];
  readonly onRemove: (person: Person) => void;
  /** gets the focus when a chip, and with it the focused button, goes */
  readonly after: RefObject<HTMLInputElement | null>;
};

export function AddressChips({ people, onRemove, after }: AddressChipsProps): ReactElement {
  return (
    <ul className="contents">
      {people.map((person) => {
        const valid = isAddress(person.address);
        return (
          <li
            key={person.address}
            title={person.address}
            className={`inline-flex max-w-full items-center rounded-full border pl-2.5 ${
              valid ? 'border-kumo-line bg-kumo-elevated' : 'border-(--bw-trouble-line) bg-(--bw-trouble)'
            }`}
          >
            {valid ? null : (
              <WarningIcon
                size={15}
                weight="fill"
                className="mr-1 shrink-0 text-(--bw-trouble-mark)"
                aria-label="Not a complete address:"
              />
            )}
            <span className="truncate">{nameOf(person)}</span>
            <button
              type="button"
              aria-label={`Remove ${nameOf(person)}`}
              onClick={() => {
                onRemove(person);
                after.current?.focus();
              }}
              className="grid size-8 shrink-0 cursor-pointer place-items-center rounded-full hover:bg-kumo-tint"
            >
              <XIcon size={13} aria-hidden />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
