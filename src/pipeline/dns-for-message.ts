/** The DNS as mailauth asks it (the shape of node:dns), for one message: so many questions, so long, and then nobody can say. */
import type { DnsResolve } from '../mime/message-checks.ts';
import type { LookUp, RecordType } from './look-up.ts';

export type AskedFor = {
  readonly resolve: DnsResolve;
  /** a question has found nobody who could say */
  readonly troubled: () => boolean;
};

// SPF may ask for ten names, each with its addresses (RFC 7208 §4.6.4); a signature and a policy are one or two. A sender's zone that
// leads on and on must not use up what one run of an object may ask (docs/platform.md).
const MAX_QUESTIONS = 48;
// Together with the last question's own time-out: a message is not kept back for longer by somebody's slow name server.
const LONGEST_MS = 4_000;

export function askFor(lookUp: LookUp, now: () => number): AskedFor {
  const startedAt = now();
  let asked = 0;
  let troubled = false;
  return {
    async resolve(name, type) {
      if (!isRecordType(type)) throw dnsError('ENODATA');
      asked += 1;
      const isOver = asked > MAX_QUESTIONS || now() - startedAt > LONGEST_MS;
      const said = isOver ? ({ kind: 'failed' } as const) : await lookUp(name, type);
      switch (said.kind) {
        case 'records':
          return said.records.map((record) => shaped(record, type));
        case 'none':
          throw dnsError('ENOTFOUND');
        case 'failed':
          troubled = true;
          throw dnsError('ETIMEOUT');
      }
    },
    troubled: () => troubled,
  };
}

const RECORD_TYPES: readonly string[] = ['A', 'AAAA', 'MX', 'PTR', 'TXT'] satisfies readonly RecordType[];

function isRecordType(type: string): type is RecordType {
  return RECORD_TYPES.includes(type);
}

function shaped(record: string, type: RecordType): unknown {
  switch (type) {
    case 'TXT':
      return [record];
    case 'MX': {
      const [priority, exchange = ''] = record.split(' ');
      return { priority: Number(priority), exchange };
    }
    case 'A':
    case 'AAAA':
    case 'PTR':
      return record;
  }
}

function dnsError(code: 'ENOTFOUND' | 'ENODATA' | 'ETIMEOUT'): Error {
  return Object.assign(new Error(`DNS: ${code}`), { code });
}
