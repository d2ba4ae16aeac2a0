/** What `npm run evaluate:filter` can be told. */
import { parseArgs } from 'node:util';

export const PEERS = ['spamassassin', 'rspamd', 'bogofilter'] as const;
export type PeerName = (typeof PEERS)[number];

export type EvaluateFlags = {
  readonly trainHam: readonly string[];
  readonly trainSpam: readonly string[];
  readonly ham: readonly string[];
  readonly spam: readonly string[];
  readonly compare: readonly PeerName[];
  readonly output: 'people' | 'json';
  readonly mistakes: 'named' | 'counted';
};

export type ParsedEvaluateFlags =
  | { readonly kind: 'evaluate'; readonly flags: EvaluateFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

export const USAGE = `npm run evaluate:filter -- --ham DIR --spam DIR [flags]    how well the filter tells honest mail from spam

  --ham DIR         honest mail to judge: every .eml below it; may be given several times, as all of these
  --spam DIR        spam to judge
  --train-ham DIR   honest mail to learn first, and
  --train-spam DIR  spam to learn first; without both: the model that is shipped
  --compare NAMES   also these, where they are installed, on the same files: ${PEERS.join(',')}
  --mistakes        name the files that were judged wrongly
  --json            one JSON object instead of words

An envelope.csv beside a directory (in its parent) gives what the platform would have recorded of each message: columns path (from where
the file is), client_ip, helo, mail_from, spf, dkim, dmarc. A file mail_labels.csv with a column "file" serves as well.

  ham, spam         messages of either kind that were judged
  falsePositives    honest ones that were called spam
  falseNegatives    spam that was called honest
  unsure            of both kinds, called neither: marked, delivered, not quarantined
  precision         of what was called spam, the share that is
  recall            of the spam, the share that was called so
  msPerMessage      CPU of reading a message, its facts and its score; of a peer: wall clock, its start and its learning left out
`;

const directories = { type: 'string', multiple: true } as const;
const OPTIONS = {
  'train-ham': directories,
  'train-spam': directories,
  ham: directories,
  spam: directories,
  compare: { type: 'string' },
  mistakes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseEvaluateFlags(args: readonly string[]): ParsedEvaluateFlags {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false });
    if (values.help) return { kind: 'help' };
    const { ham = [], spam = [], 'train-ham': trainHam = [], 'train-spam': trainSpam = [] } = values;
    if (ham.length === 0 && spam.length === 0) return wrong('give mail to judge: --ham DIR, --spam DIR, or both');
    if ((trainHam.length === 0) !== (trainSpam.length === 0))
      return wrong('learning wants both kinds: --train-ham and --train-spam');
    const names = (values.compare ?? '').split(',').filter((name) => name !== '');
    const strange = names.find((name) => !PEERS.some((peer) => peer === name));
    if (strange !== undefined) return wrong(`--compare: ${strange} is none of ${PEERS.join(', ')}`);
    const compare = PEERS.filter((peer) => names.includes(peer));
    return {
      kind: 'evaluate',
      flags: {
        ham,
        spam,
        trainHam,
        trainSpam,
        compare,
        output: values.json ? 'json' : 'people',
        mistakes: values.mistakes ? 'named' : 'counted',
      },
    };
  } catch (problem) {
    return wrong(problem instanceof Error ? problem.message : String(problem));
  }
}

function wrong(problem: string): ParsedEvaluateFlags {
  return { kind: 'wrong', problem };
}
