/** What is said of a message by which a person has taught the filter. Pure. */
import type { Judged } from './api.ts';

export function judgedWords(judged: NonNullable<Judged>): string {
  return judged === 'spam'
    ? 'You have marked this as junk. It stays here; the filter will know such mail better.'
    : 'You have marked this as not junk. The filter will trust such mail more.';
}
