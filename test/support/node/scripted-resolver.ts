/** DNS over HTTPS in its JSON form, answering what a zone says: the other side of adapters/resolver.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DnsAnswer, Zone } from '../behaviour.ts';

const FLOOD_BYTES = 4_000_000;

export function answerDns(request: IncomingMessage, response: ServerResponse, zone: Zone): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://resolver.test');
  const name = searchParams.get('name') ?? '';
  const type = typeOf(searchParams.get('type'));
  const isJsonForm = request.headers.accept === 'application/dns-json';
  const said = isJsonForm ? sayOf(zone[name] ?? { kind: 'rcode', status: 3 }, type) : { status: 415, body: '' };
  if (said === undefined) return;
  response.writeHead(said.status, { 'content-type': 'application/dns-json', location: 'http://127.0.0.1:9/' });
  response.end(said.body);
}

// RFC 1035 §3.2.2, RFC 3596 §2.1
const TYPES = { A: 1, MX: 15, TXT: 16, AAAA: 28 } as const;
type RecordType = keyof typeof TYPES;

function typeOf(asked: string | null): RecordType {
  return asked === 'AAAA' || asked === 'TXT' || asked === 'MX' ? asked : 'A';
}

function sayOf(answer: DnsAnswer, type: RecordType): { readonly status: number; readonly body: string } | undefined {
  const ok = (value: object) => ({ status: 200, body: JSON.stringify(value) });
  switch (answer.kind) {
    case 'addresses':
      return ok(recordsOf(type, { A: answer.a, AAAA: answer.aaaa }));
    case 'records':
      return ok(recordsOf(type, { TXT: answer.txt, MX: answer.mx }));
    case 'alias':
      return ok({ Status: 0, Answer: [{ type: 5, data: 'elsewhere.example.' }] });
    case 'rcode':
      return ok({ Status: answer.status });
    case 'stall':
      return undefined;
    case 'http':
      return { status: answer.status, body: '{"Status":3}' };
    case 'body':
      return { status: 200, body: answer.text };
    case 'flood':
      return ok({ Status: 3, Comment: 'x'.repeat(FLOOD_BYTES) });
  }
}

function recordsOf(
  type: RecordType,
  said: { readonly [Type in RecordType]?: readonly string[] | undefined },
): { readonly Status: number; readonly Answer?: readonly object[] } {
  const records = (said[type] ?? []).map((data) => ({ type: TYPES[type], TTL: 60, data }));
  return { Status: 0, ...(records.length > 0 ? { Answer: records } : {}) };
}
