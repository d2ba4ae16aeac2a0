import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Listing, Summary } from '../../src/web/mail/api.ts';
import { appendListing, mergeListing, newcomers } from '../../src/web/mail/merge-listing.ts';

const PAGE = 5;

function row(number: number): Summary {
  const person = { name: '', address: 'a@b.example' };
  const fixed = {
    folder: 'inbox',
    from: person,
    to: [],
    subject: '',
    preview: '',
    sizeBytes: 0,
    attachmentCount: 0,
    seen: false,
  } as const;
  return { ...fixed, id: `m${number}`, receivedAtMs: number };
}

/** The mailbox as the server pages it: message `count - 1` is the newest, `before` names the last row already given. */
function page(count: number, before = count): Listing {
  const messages = Array.from({ length: Math.min(PAGE, before) }, (_, index) => row(before - 1 - index));
  const last = before - messages.length;
  return { messages, next: last > 0 ? String(last) : null };
}

const ids = (listing: Listing): readonly string[] => listing.messages.map((message) => message.id);
const unbroken = (newest: number, length: number): readonly string[] =>
  Array.from({ length }, (_, index) => `m${newest - index}`);

describe('a fresh look joins the list without a gap, a double or a jump', () => {
  it('for any scrolling and any arrivals', () => {
    const step = fc.oneof(fc.record({ arrive: fc.nat(12) }), fc.constant({ arrive: undefined }));
    fc.assert(
      fc.property(fc.nat(40), fc.array(step, { maxLength: 30 }), (start, steps) => {
        let count = start;
        let known = mergeListing(undefined, page(count));
        for (const { arrive } of steps) {
          if (arrive === undefined) {
            if (known.next !== null) known = appendListing(known, page(count, Number(known.next)));
          } else {
            count += arrive;
            known = mergeListing(known, page(count));
          }
          expect(ids(known)).toEqual(unbroken(count - 1, known.messages.length));
          expect(known.next).toBe(known.messages.length === count ? null : String(count - known.messages.length));
        }
      }),
    );
  });

  it('keeps the pages already loaded when a few messages arrive', () => {
    const known = appendListing(page(20), page(20, 15));
    expect(ids(mergeListing(known, page(22)))).toEqual(unbroken(21, 12));
  });

  it('starts anew when a whole page arrived at once, rather than hide what lies between', () => {
    const known = appendListing(page(20), page(20, 15));
    expect(mergeListing(known, page(40))).toEqual(page(40));
  });

  it('believes the fresh page about what it covers', () => {
    const fresh = page(20);
    const read = { ...fresh, messages: fresh.messages.map((message) => ({ ...message, seen: true })) };
    expect(mergeListing(page(20), read).messages.every((message) => message.seen)).toBe(true);
  });

  it('takes in a message that was filed late, below newer ones', () => {
    const known: Listing = { messages: [row(9), row(7), row(6), row(5), row(4), row(3)], next: '3' };
    const fresh: Listing = { messages: [row(9), row(8), row(7), row(6), row(5)], next: '5' };
    expect(ids(mergeListing(known, fresh))).toEqual(unbroken(9, 7));
  });
});

describe('what is announced as new', () => {
  it('is nothing on the first look', () => {
    expect(newcomers(undefined, page(5))).toEqual([]);
  });

  it('is what arrived since, and not what was only scrolled into sight', () => {
    expect(newcomers(page(20), page(22)).map((message) => message.id)).toEqual(['m21', 'm20']);
    expect(newcomers(page(20), appendListing(page(20), page(20, 15)))).toEqual([]);
  });
});
