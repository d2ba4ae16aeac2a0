/** How an export is asked for, and what is said when it does not fit into one answer. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { Part } from '../pipeline/export-port.ts';
import { type Stretch, stretchOf } from '../pipeline/export-source.ts';
import { problem } from './problem.ts';

export const exportQuery = z.object({
  format: z.enum(['mbox', 'zip']),
  folder: z.enum(['inbox', 'sent']).optional(),
  quarantined: z.enum(['yes', 'no']).default('no'),
  part: z.coerce.number().int().min(1).optional(),
});

type ExportQuery = z.infer<typeof exportQuery>;

/** As RFC 4155 §4 registers it, and as everybody calls it. */
export const CONTENT_TYPES = { mbox: 'application/mbox', zip: 'application/zip' } as const;

export function folderSuffix(folder: ExportQuery['folder']): string {
  return folder === undefined ? '' : `-${folder}`;
}

type Chosen<Place> = { readonly stretch: Stretch<Place>; readonly suffix: string };

/** The stretch that was asked for, with what sets its file apart from the others; nothing of it means an empty file. */
export function choosePart<Place>(
  context: Context,
  parts: readonly Part<Place>[],
  part: number | undefined,
  nothing: Place,
): Chosen<Place> | Response {
  if (part === undefined && parts.length > 1) return tooLarge(context, parts);
  if (parts.length === 0) return { stretch: { from: nothing, below: nothing }, suffix: '' };
  const stretch = stretchOf(parts, part ?? 1);
  if (stretch === undefined) return noSuchPart(context, parts.length);
  return { stretch, suffix: parts.length > 1 ? `-part${part ?? 1}of${parts.length}` : '' };
}

function tooLarge(context: Context, parts: readonly Part<unknown>[]): Response {
  const messages = parts.reduce((sum, part) => sum + part.messages, 0);
  return problem(context, {
    status: 422,
    title: 'Too much for one file',
    detail: `${messages} messages are ${parts.length} parts.`,
    parts: parts.length,
    fix: `Ask for each of them: add &part=1 to &part=${parts.length}. With curl: -OJ "…&part=[1-${parts.length}]".`,
  });
}

function noSuchPart(context: Context, count: number): Response {
  const what = count === 1 ? 'is one part' : `are ${count} parts`;
  return problem(context, {
    status: 422,
    title: 'No such part',
    detail: `There ${what}.`,
    fix: count === 1 ? 'Leave "part" out.' : `Ask for a part from 1 to ${count}.`,
  });
}
