/** What a lane gives next is fetched while its connections are busy; and nothing is decided by that. */
import { describe, expect, it } from 'vitest';
import { NULL_REVERSE_PATH, parseAddress } from '../../src/core/address.ts';
import type { LedgerEntry } from '../../src/core/ledger.ts';
import { Ahead } from '../../src/pipeline/lane-ahead.ts';

type Row = Pick<LedgerEntry, 'seq' | 'recipient' | 'attempts' | 'sizeBytes'>;

function row(seq: number, local: string, changes: Partial<Row> = {}): LedgerEntry {
  const recipient = parseAddress(`${local}@harbour.example`);
  if (recipient === undefined) throw new Error(`${local} is no local part`);
  return { seq, recipient, attempts: 0, sizeBytes: 1_000, ...changes } as LedgerEntry;
}

/** A store that counts, and rows of which those of `passedOver` do not come. */
function laneOf(rows: readonly LedgerEntry[], fetch: () => Promise<undefined> = async () => undefined) {
  const fetched: number[] = [];
  const ahead = new Ahead({
    next: (passedOver) => rows.find(({ recipient }) => !passedOver.has(recipient.key)),
    parcel: (entry) => ({
      envelope: { reversePath: NULL_REVERSE_PATH, recipient: entry.recipient },
      content: () => {
        fetched.push(entry.seq);
        return fetch();
      },
    }),
  });
  return { ahead, fetched };
}

describe('looking ahead', () => {
  it('fetches one row for each connection, each of another recipient', () => {
    const { ahead, fetched } = laneOf([row(1, 'anna'), row(2, 'anna'), row(3, 'bo'), row(4, 'carl')]);
    ahead.look(2);
    ahead.look(2);
    expect(fetched).toEqual([1, 3]);
  });

  it('hands over what was fetched, once', async () => {
    const [anna] = [row(1, 'anna')];
    const { ahead, fetched } = laneOf([anna]);
    ahead.look(1);
    await ahead.parcel(anna).content();
    expect(fetched).toEqual([1]);
    await ahead.parcel(anna).content();
    expect(fetched).toEqual([1, 1]);
  });

  it.each([
    ['was tried since', row(1, 'anna', { attempts: 1 })],
    ['was given to somebody else since', row(1, 'bo')],
  ])('fetches anew what %s', async (_, now) => {
    const { ahead, fetched } = laneOf([row(1, 'anna')]);
    ahead.look(1);
    const parcel = ahead.parcel(now);
    await parcel.content();
    expect(fetched).toEqual([1, 1]);
    expect(parcel.envelope.recipient).toEqual(now.recipient);
  });

  it('leaves a large one to be read when it is sent', () => {
    const { ahead, fetched } = laneOf([row(1, 'anna', { sizeBytes: 262_145 }), row(2, 'bo')]);
    ahead.look(2);
    expect(fetched).toEqual([]);
  });

  it('tells of a store that fails only whoever wants the row', async () => {
    const away = () => Promise.reject(new Error('R2 is away'));
    const anna = row(1, 'anna');
    const { ahead } = laneOf([anna], away);
    ahead.look(1);
    await Promise.resolve();
    await expect(ahead.parcel(anna).content()).rejects.toThrow('R2 is away');
  });
});
