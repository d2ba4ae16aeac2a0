/** The quarantine of a client, as an admin works on it. */
import * as z from 'zod/mini';
import type { Frozen } from '../shared/frozen.ts';
import type { PreviewPaths } from '../shared/quarantine-preview.tsx';
import {
  type QuarantinedContent,
  type QuarantinePage,
  quarantinedContentShape,
  quarantinePageShape,
} from '../shared/quarantine-shapes.ts';
import { request, requestJson } from '../shared/request.ts';
import { base } from './api.ts';
import type { QuarantineSearch } from './quarantine-words.ts';
import { searchQuery } from './quarantine-words.ts';

export async function fetchQuarantine(
  id: string,
  {
    search,
    before,
    nowMs,
  }: { readonly search: QuarantineSearch; readonly before: string | undefined; readonly nowMs: number },
  signal: AbortSignal,
): Promise<QuarantinePage> {
  const query = searchQuery(search, nowMs);
  if (before !== undefined) query.set('before', before);
  return requestJson({ method: 'GET', path: `${base(id)}/quarantine?${query}`, signal }, quarantinePageShape);
}

export async function fetchQuarantined(
  id: string,
  messageId: string,
  signal: AbortSignal,
): Promise<QuarantinedContent> {
  return requestJson({ method: 'GET', path: messagePath(id, messageId), signal }, quarantinedContentShape);
}

/** Answers how many were still there. */
export async function releaseQuarantined(id: string, messageIds: readonly string[]): Promise<number> {
  const call = { method: 'POST', path: `${base(id)}/quarantine/release`, body: { messageIds } } as const;
  return (await requestJson(call, z.object({ released: z.array(z.string()) }))).released.length;
}

export async function deleteQuarantined(id: string, messageId: string): Promise<void> {
  await request({ method: 'DELETE', path: messagePath(id, messageId), body: {} });
}

const learned = z.object({ hamMessages: z.number(), spamMessages: z.number() });
export type Learned = Frozen<z.infer<typeof learned>>;

export async function fetchLearned(id: string, signal: AbortSignal): Promise<Learned> {
  return requestJson({ method: 'GET', path: `${base(id)}/filter/model`, signal }, learned);
}

export async function resetLearned(id: string): Promise<void> {
  await request({ method: 'DELETE', path: `${base(id)}/filter/model`, body: {} });
}

export function previewPaths(id: string, messageId: string): PreviewPaths {
  const path = messagePath(id, messageId);
  return {
    html: `${path}/html`,
    files: { attachment: (index) => `${path}/attachments/${index}`, original: `${path}/content` },
  };
}

function messagePath(id: string, messageId: string): string {
  return `${base(id)}/quarantine/${encodeURIComponent(messageId)}`;
}
