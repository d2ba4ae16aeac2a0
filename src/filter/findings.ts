/** What is found in one part and in whatever lies in it, at any depth. */
import type { NameTrick, Unscanned } from '../core/message-facts.ts';
import type { InflateBudget } from './archive/inflater.ts';
import type { Listing, ListingBudget } from './archive/listing.ts';
import type { LooksBudget } from './archive/within.ts';

/** Of the whole message. */
export type Budget = InflateBudget & ListingBudget & LooksBudget;

export class Findings {
  readonly budget: Budget;
  readonly threats = new Set<string>();
  readonly tricks = new Set<NameTrick>();
  readonly unscanned = new Set<Unscanned>();
  listing: Listing | undefined;
  hasMacros = false;
  isEncrypted = false;

  constructor(budget: Budget) {
    this.budget = budget;
  }
}
