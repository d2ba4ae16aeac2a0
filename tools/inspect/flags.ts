/** What `npm run inspect` can be told. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Direction, EnvelopeFacts } from '../../src/core/message-facts.ts';

export type PlanPlace =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'client';
      readonly id: string;
      readonly url: string;
      readonly dataFolder: string;
      readonly token: string | undefined;
    };

export type InspectFlags = {
  readonly file: string;
  readonly plan: PlanPlace;
  /** what is given of it; the rest is recorded beside the file, or read from the message */
  readonly envelope: Partial<EnvelopeFacts>;
  readonly direction: Direction;
  readonly resolvers: readonly string[];
  readonly output: 'people' | 'json';
};

export type ParsedInspectFlags =
  | { readonly kind: 'inspect'; readonly flags: InspectFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const USAGE = `npm run inspect -- FILE.eml [flags]    everything the filter sees in a message, and what it decides

  --client ID     by this client's rules, sets, lists and people, asked of a running local stack (npm start): ID as GET /clients has it
  --client FILE   or by a plan in a file of that name: JSON with any of rules, sets, lists, spam, scanners, whenScannerFailed,
                  whenNotFullyScanned, quarantine, nameKeys (src/core/filter-plan.ts), and ownDomains, a list of the client's domains
                  (without --client: no rules, all sets that are built in, and the recipient's domain is the client's own)
  --url URL       where the stack listens                              (http://127.0.0.1:8787)
  --data DIR      where its operator's token is kept                   (.breakwater)
  --token TOKEN   the operator's token itself

  --from ADDRESS  the reverse path; <> for a bounce                    (as recorded, or Return-Path, or From)
  --to ADDRESS    the recipient                                        (as recorded, or the first To)
  --ip ADDRESS    of the peer that sent it, and
  --helo NAME     what it called itself                                (as recorded, or unknown)
  --outbound      as if one of the client's people had written it in the webmail
  --resolver URL  verify the sender with this resolver (DNS over HTTPS), as the service does; may be given twice
                  (without: only what the platform has written into the message, or what is recorded)
  --json          {facts, decision} instead of words

An envelope.csv in the file's directory or the one above (columns path, client_ip, helo, mail_from, spf, dkim, dmarc) is what the platform
has recorded. Scanners of others (rspamd, clamd, HTTP) are not asked, and the words are judged by the model that is shipped: what a client's
people have taught stays in the service. Exit code 0 whatever is decided; 2 when the flags or what they name are wrong.
`;

const text = { type: 'string' } as const;
const OPTIONS = {
  client: text,
  url: { type: 'string', default: 'http://127.0.0.1:8787' },
  data: { type: 'string', default: '.breakwater' },
  token: text,
  from: text,
  to: text,
  ip: text,
  helo: text,
  outbound: { type: 'boolean', default: false },
  resolver: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseInspectFlags(args: readonly string[]): ParsedInspectFlags {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return { kind: 'help' };
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return wrong('give one file');
    const { client, url, data: dataFolder, token, from, to, ip, helo } = values;
    return {
      kind: 'inspect',
      flags: {
        file,
        plan: client === undefined ? { kind: 'default' } : placeOf(client, { url, dataFolder, token }),
        envelope: {
          ...(from === undefined ? {} : { reversePath: from === '<>' ? '' : from }),
          ...(to === undefined ? {} : { recipient: to }),
          ...(ip === undefined ? {} : { remoteIp: ip }),
          ...(helo === undefined ? {} : { helo }),
        },
        direction: values.outbound ? 'outbound' : 'inbound',
        resolvers: values.resolver ?? [],
        output: values.json ? 'json' : 'people',
      },
    };
  } catch (problem) {
    return wrong(problem instanceof Error ? problem.message : String(problem));
  }
}

type Stack = { readonly url: string; readonly dataFolder: string; readonly token: string | undefined };

/** A client's id is no file name that ends like one. */
function placeOf(client: string, stack: Stack): PlanPlace {
  if (client.endsWith('.json') || existsSync(client)) return { kind: 'file', path: client };
  return { kind: 'client', id: client, ...stack };
}

function wrong(problem: string): ParsedInspectFlags {
  return { kind: 'wrong', problem };
}
