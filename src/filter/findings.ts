/** What is found in one part and in whatever lies in it, at any depth. */
import type { NameTrick, Unscanned } from '../core/message-facts.ts';
import type { InflateBudget } from './archive/inflater.ts';
import type { Listing } from './archive/listing.ts';

export class Findings {
  readonly budget: InflateBudget;
  readonly threats = new Set<string>();
  readonly tricks = new Set<NameTrick>();
  readonly unscanned = new Set<Unscanned>();
  listing: Listing | undefined;
  hasMacros = false;
  isEncrypted = false;

  constructor(budget: InflateBudget) {
    this.budget = budget;
  }
}
