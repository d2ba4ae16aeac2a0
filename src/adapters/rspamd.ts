/** rspamd by its HTTP protocol: the message to /checkv2 with the envelope in headers; its score becomes one of 100. */
import { z } from 'zod';
import type { OutwardUrlPolicy } from '../core/outward-url.ts';
import { type RspamdSaid, rspamdAnswer } from '../core/scanner-answers.ts';
import type { Scanner, ScanSubject } from '../pipeline/scanner.ts';
import { boundedScanner, type ScannerTerms, SEAL_BROKEN } from './bounded-scan.ts';
import { askByPost, headerText } from './scan-request.ts';

/** Opens what is sealed at the moment it is needed; rejects when it cannot be opened. */
export type Secret = () => Promise<string | undefined>;

export type HttpPlace = { readonly url: string; readonly secret: Secret };

export type HttpTerms = ScannerTerms & { readonly policy: OutwardUrlPolicy };

export function createRspamd({ url, secret }: HttpPlace, terms: HttpTerms): Scanner {
  return boundedScanner(terms, async (subject, late) => {
    const opened = await secret().catch(() => SEAL_BROKEN);
    if (opened === SEAL_BROKEN) return opened;
    return askByPost(subject, {
      url: `${url.replace(/\/+$/, '')}/checkv2`,
      headers: { ...envelopeHeaders(subject), ...(typeof opened === 'string' ? { Password: opened } : {}) },
      policy: terms.policy,
      late,
      read: (json) => {
        const said = saidSchema.safeParse(json);
        return said.success ? rspamdAnswer(said.data) : undefined;
      },
    });
  });
}

/** What is not known is left out: an empty address would be judged as one. */
function envelopeHeaders({ id, direction, envelope }: ScanSubject): Record<string, string> {
  const { reversePath, recipient, helo, remoteIp } = envelope;
  return {
    From: reversePath === '' ? '<>' : headerText(reversePath),
    Rcpt: headerText(recipient),
    'Queue-Id': headerText(id),
    ...(remoteIp === '' ? {} : { IP: headerText(remoteIp) }),
    ...(helo === '' ? {} : { Helo: headerText(helo) }),
    // Logged in with us: judged as a client's own person, not by the address of whoever brings it.
    ...(direction === 'outbound' ? { User: headerText(reversePath) } : {}),
  };
}

const saidSchema = z
  .object({
    score: z.number(),
    required_score: z.number(),
    action: z.string(),
    symbols: z.record(z.string(), z.object({ score: z.number().default(0) })).default({}),
  })
  .transform(
    ({ score, required_score: required, action, symbols }): RspamdSaid => ({
      score,
      required,
      action,
      symbols: Object.entries(symbols).map(([name, symbol]) => ({ name, score: symbol.score })),
    }),
  );
