/** Numbers that should not leave by accident, counted once each. What they are is known here only, and given to nobody but the caller. */
import { cardNumbers } from './card-numbers.ts';
import { ibans } from './iban.ts';
import { nationalIds } from './national-ids.ts';

export type SensitiveKind = 'card' | 'iban' | 'national-id';

/** Text and HTML of a message say the same, so the same number counts once. */
export function sensitiveNumbers(kind: SensitiveKind, texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => find(kind, text)));
}

function find(kind: SensitiveKind, text: string): readonly string[] {
  switch (kind) {
    case 'card':
      return cardNumbers(text);
    case 'iban':
      return ibans(text);
    case 'national-id':
      return nationalIds(text);
  }
}
