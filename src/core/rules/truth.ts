/**
 * What a condition comes to. `unknown` is neither: the rule could not be judged (it then counts as not matching), or what it asks about was
 * not kept, or nobody can know it. Kleene's logic: `not` of unknown is unknown, so a part that fails never makes its opposite true.
 */

export type Truth =
  /** `words`: what made it true, for a person; '' where it goes without saying */
  | { readonly kind: 'yes'; readonly words: string }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly because: 'failed' | 'not-kept' | 'not-known'; readonly why: string };

export const NO: Truth = { kind: 'no' };

export function yes(words: string): Truth {
  return { kind: 'yes', words };
}

export function failed(why: string): Truth {
  return { kind: 'unknown', because: 'failed', why };
}

export function notKept(what: string): Truth {
  return { kind: 'unknown', because: 'not-kept', why: `${what} was not kept` };
}

/** No fault of the rule's: a resolver gave no answer, the front says no country. Whoever is refused for what is *not* so must not be for that. */
export function notKnown(what: string): Truth {
  return { kind: 'unknown', because: 'not-known', why: `${what} is not known` };
}

export function truthIf(isTrue: boolean, words: string): Truth {
  return isTrue ? yes(words) : NO;
}

/** The first that is false decides; the rest is not asked. */
export function allOf<T>(parts: readonly T[], judge: (part: T) => Truth): Truth {
  const words: string[] = [];
  let unknown: Truth | undefined;
  for (const part of parts) {
    const truth = judge(part);
    if (truth.kind === 'no') return NO;
    if (truth.kind === 'yes') words.push(...(truth.words === '' ? [] : [truth.words]));
    else unknown = stronger(unknown, truth);
  }
  return unknown ?? yes(words.join('; '));
}

/** The first that is true decides; the rest is not asked. */
export function anyOf<T>(parts: readonly T[], judge: (part: T) => Truth): Truth {
  let unknown: Truth | undefined;
  for (const part of parts) {
    const truth = judge(part);
    if (truth.kind === 'yes') return truth;
    if (truth.kind === 'unknown') unknown = stronger(unknown, truth);
  }
  return unknown ?? NO;
}

export function opposite(truth: Truth, words: string): Truth {
  switch (truth.kind) {
    case 'yes':
      return NO;
    case 'no':
      return yes(words);
    case 'unknown':
      return truth;
  }
}

/** What was not kept may have been anything; what fails now would have failed then, and is worth a word. */
function stronger(one: Truth | undefined, other: Truth): Truth {
  return rankOf(one) > rankOf(other) ? (one ?? other) : other;
}

function rankOf(truth: Truth | undefined): number {
  return truth?.kind === 'unknown' ? ['not-known', 'failed', 'not-kept'].indexOf(truth.because) : -1;
}
