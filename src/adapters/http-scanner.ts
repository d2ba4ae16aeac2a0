/** Any scanner behind HTTP that keeps the contract of docs/filtering.md: the message in, `{"verdict": …, "names": […]}` out. */
import { z } from 'zod';
import { httpAnswer } from '../core/scanner-answers.ts';
import type { Scanner } from '../pipeline/scanner.ts';
import { boundedScanner, SEAL_BROKEN } from './bounded-scan.ts';
import type { HttpPlace, HttpTerms } from './rspamd.ts';
import { askByPost, headerText } from './scan-request.ts';

export function createHttpScanner({ url, secret }: HttpPlace, terms: HttpTerms): Scanner {
  return boundedScanner(terms, async (subject, late) => {
    const opened = await secret().catch(() => SEAL_BROKEN);
    if (opened === SEAL_BROKEN) return opened;
    return askByPost(subject, {
      url,
      headers: {
        accept: 'application/json',
        'breakwater-message': headerText(subject.id),
        'breakwater-direction': subject.direction,
        ...(typeof opened === 'string' ? { authorization: `Bearer ${headerText(opened)}` } : {}),
      },
      policy: terms.policy,
      late,
      read: (json) => {
        const said = saidSchema.safeParse(json);
        return said.success ? httpAnswer(said.data) : undefined;
      },
    });
  });
}

const saidSchema = z.object({
  verdict: z.enum(['clean', 'found']),
  names: z.array(z.string()).default([]),
});
