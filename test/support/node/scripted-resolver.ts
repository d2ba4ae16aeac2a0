/** DNS over HTTPS in its JSON form, answering what a zone says: the other side of adapters/resolver.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DnsAnswer, Zone } from '../behaviour.ts';

const FLOOD_BYTES = 4_000_000;

export function answerDns(request: IncomingMessage, response: ServerResponse, zone: Zone): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://resolver.test');
  const name = searchParams.get('name') ?? '';
  const type = searchParams.get('type') === 'AAAA' ? 'AAAA' : 'A';
  const isJsonForm = request.headers.accept === 'application/dns-json';
  const said = isJsonForm ? sayOf(zone[name] ?? { kind: 'rcode', status: 3 }, type) : { status: 415, body: '' };
  if (said === undefined) return;
  response.writeHead(said.status, { 'content-type': 'application/dns-json', location: 'http://127.0.0.1:9/' });
  response.end(said.body);
}

function sayOf(answer: DnsAnswer, type: 'A' | 'AAAA'): { readonly status: number; readonly body: string } | undefined {
  const ok = (value: object) => ({ status: 200, body: JSON.stringify(value) });
  switch (answer.kind) {
    case 'addresses': {
      const addresses = (type === 'A' ? answer.a : answer.aaaa) ?? [];
      const records = addresses.map((data) => ({ type: type === 'A' ? 1 : 28, TTL: 60, data }));
      return ok({ Status: 0, ...(records.length > 0 ? { Answer: records } : {}) });
    }
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
