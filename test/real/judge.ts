/** What a real server has against what was sent. Pure. */
import type { DrillMessage } from '../../tools/drill/corpus.ts';
import type { Delivered } from '../../tools/stack/real/maildir.ts';
import { mailboxOf } from '../../tools/stack/real/postfix-config.ts';

export type Judgement = {
  /** numbers of the messages that are nowhere */
  readonly lost: readonly number[];
  /** deliveries whose bytes nobody sent to that mailbox */
  readonly altered: number;
  /** trace ids of rows that Postfix took more than once, once for each time more */
  readonly duplicated: readonly string[];
  /** the same receipt delivered twice: Postfix's own doing, when it is killed between a delivery and its note of it */
  readonly repeatedByServer: number;
  /** pairs of messages of one recipient of which the younger was received first */
  readonly outOfOrder: readonly string[];
};

/** `sent` in the order of acceptance, for each recipient. */
export function judge(sent: readonly DrillMessage[], delivered: readonly Delivered[]): Judgement {
  const numbers = new Map(sent.map(({ recipient, sha256 }, index) => [`${mailboxOf(recipient)} ${sha256}`, index]));
  const numberOf = ({ mailbox, sha256 }: Delivered) => numbers.get(`${mailbox} ${sha256}`);
  const receipts = [...new Map(delivered.map((one) => [one.queueId, one])).values()];
  const first = firstOf(receipts);
  const arrived = new Set(delivered.map(numberOf));
  return {
    lost: sent.flatMap((_, index) => (arrived.has(index) ? [] : [index])),
    altered: delivered.filter((one) => numberOf(one) === undefined).length,
    duplicated: receipts.filter((one) => !first.includes(one)).map(({ traceId }) => traceId),
    repeatedByServer: delivered.length - receipts.length,
    outOfOrder: [...Map.groupBy(first, ({ mailbox }) => mailbox)].flatMap(([mailbox, ones]) =>
      descents(ones.flatMap((one) => numberOf(one) ?? [])).map((pair) => `${mailbox}: ${pair}`),
    ),
  };
}

/** `receipts` in the order of receipt: of each row, the first. */
function firstOf(receipts: readonly Delivered[]): readonly Delivered[] {
  const seen = new Set<string>();
  return receipts.filter(({ traceId }) => !seen.has(traceId) && seen.add(traceId));
}

function descents(values: readonly number[]): readonly string[] {
  return values.flatMap((value, index) => {
    const before = values[index - 1];
    return before !== undefined && before > value ? [`${before} before ${value}`] : [];
  });
}
