/** What happens in an address field: typing, choosing among suggestions, and when typed text becomes a recipient. */
import { type ClipboardEvent, type KeyboardEvent, useDeferredValue, useState } from 'react';
import type { Person } from './api.ts';
import { useColleagues } from './queries.ts';
import { addRecipients, parseRecipients, sameKey } from './recipients.ts';

type EntryInHand = {
  readonly typed: string;
  readonly suggestions: readonly Person[];
  /** index of the suggestion the keyboard is on */
  readonly active: number | undefined;
  readonly type: (text: string) => void;
  readonly commit: () => void;
  readonly pick: (person: Person) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
  readonly onPaste: (event: ClipboardEvent) => void;
};

export function useEntry(people: readonly Person[], onChange: (people: readonly Person[]) => void): EntryInHand {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState<number | undefined>(undefined);
  const [dismissed, setDismissed] = useState(false);
  const suggestions = useSuggestions(dismissed ? '' : typed, people);
  const type = (text: string): void => {
    setTyped(text);
    setActive(undefined);
    setDismissed(false);
  };
  const add = (added: readonly Person[]): void => {
    onChange(addRecipients(people, added));
    type('');
  };
  const commit = (): void => {
    if (typed.trim() !== '') add(parseRecipients(typed));
  };
  const move = (step: 1 | -1): void => {
    const count = suggestions.length;
    setActive(active === undefined ? (step === 1 ? 0 : count - 1) : (active + step + count) % count);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = active === undefined ? undefined : suggestions[active];
    const act = keyAction(event, { typed, chosen, suggested: suggestions.length > 0, last: people.at(-1) });
    if (act === undefined) return;
    if (act.keep !== 'default') event.preventDefault();
    switch (act.kind) {
      case 'pick':
        add([act.person]);
        break;
      case 'commit':
        commit();
        break;
      case 'move':
        move(act.step);
        break;
      case 'dismiss':
        setDismissed(true);
        break;
      case 'remove':
        onChange(people.filter((person) => person !== act.person));
        break;
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData.getData('text');
    if (!/[,;\n<]/.test(pasted)) return;
    event.preventDefault();
    add(parseRecipients(typed + pasted));
  };
  return { typed, suggestions, active, type, commit, pick: (person: Person) => add([person]), onKeyDown, onPaste };
}

type KeyAction = { readonly keep?: 'default' } & (
  | { readonly kind: 'pick' | 'remove'; readonly person: Person }
  | { readonly kind: 'commit' | 'dismiss' }
  | { readonly kind: 'move'; readonly step: 1 | -1 }
);

type Entry = {
  readonly typed: string;
  readonly chosen: Person | undefined;
  readonly suggested: boolean;
  readonly last: Person | undefined;
};

function keyAction(event: KeyboardEvent, { typed, chosen, suggested, last }: Entry): KeyAction | undefined {
  if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return undefined;
  const something = typed.trim() !== '';
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      return suggested ? { kind: 'move', step: event.key === 'ArrowDown' ? 1 : -1 } : undefined;
    case 'Escape':
      return suggested ? { kind: 'dismiss' } : undefined;
    case 'Backspace':
      return typed === '' && last !== undefined ? { kind: 'remove', person: last } : undefined;
    case 'Tab':
      return chosen === undefined ? undefined : { kind: 'pick', person: chosen, keep: 'default' };
    case 'Enter':
      // Enter in a field would send the form: here it only ever ends an address.
      return chosen === undefined ? { kind: 'commit' } : { kind: 'pick', person: chosen };
    case ',':
    case ';':
      return something && !typed.trimStart().startsWith('"') ? { kind: 'commit' } : undefined;
  }
  return undefined;
}

function useSuggestions(typed: string, chosen: readonly Person[]): readonly Person[] {
  const query = useDeferredValue(typed.trim());
  const { data } = useColleagues(query);
  if (typed.trim() === '' || data === undefined) return [];
  const present = new Set(chosen.map(sameKey));
  return data.filter((person) => !present.has(sameKey(person)));
}
