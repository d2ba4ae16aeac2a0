/** A stored message as a person opens it: its text, its HTML in a page that can do nothing, its attachments as downloads. */
import type { Context } from 'hono';
import { htmlPage } from '../mime/html-page.ts';
import { type ReadMessage, readMessage } from '../mime/read.ts';
import type { HttpNeeds } from './needs.ts';
import { notFound, problem } from './problem.ts';

/** `partCount`: as the walker counted them when it came in */
export type StoredContent = { readonly contentKey: string; readonly sizeBytes: number; readonly partCount: number };

type ContentNeeds = Pick<HttpNeeds, 'contents'>;

export async function readStored(stored: StoredContent, { contents }: ContentNeeds): Promise<ReadMessage> {
  const { sizeBytes, partCount, contentKey } = stored;
  return readMessage({ sizeBytes, partCount }, async () => {
    const content = await contents.get(contentKey);
    if (content === undefined) throw new Error('the bytes of a stored message are not in R2');
    return new Uint8Array(await new Response(content).arrayBuffer());
  });
}

/** What a page shows of it; `to` only where the whole message was read: the list knows but the first of them. */
export function contentOf(read: ReadMessage) {
  if (read.kind !== 'read') return { ...NOTHING_READ, notShown: read.kind };
  return {
    to: read.to,
    cc: read.cc,
    text: read.text ?? null,
    hasHtml: read.html !== undefined,
    replyTo: read.replyTo,
    attachments: read.attachments
      .filter(({ isInline }) => !isInline)
      .map(({ index, fileName, contentType, sizeBytes }) => ({ index, fileName, contentType, sizeBytes })),
    notShown: null,
  };
}

const NOTHING_READ = { text: null, hasHtml: false, replyTo: [], attachments: [] };

export async function answerHtml(
  context: Context,
  stored: StoredContent,
  needs: ContentNeeds,
  remoteImages: 'blocked' | 'allowed',
): Promise<Response> {
  const read = await readStored(stored, needs);
  if (read.kind !== 'read' || read.html === undefined)
    return notFound(context, 'HTML in this message', 'Its text is shown instead.');
  const page = htmlPage({ html: read.html, inlineImages: read.attachments, remoteImages });
  return context.body(page.body, 200, page.headers);
}

export async function answerAttachment(
  context: Context,
  stored: StoredContent,
  needs: ContentNeeds,
  index: number,
): Promise<Response> {
  const read = await readStored(stored, needs);
  const attachment = read.kind === 'read' ? read.attachments.find((candidate) => candidate.index === index) : undefined;
  if (attachment === undefined) return notFound(context, 'such attachment', 'Download the whole message instead.');
  return context.body(attachment.content.slice().buffer, 200, downloadHeaders(attachment.fileName));
}

export async function answerOriginal(
  context: Context,
  { contentKey }: StoredContent,
  { contents }: ContentNeeds,
): Promise<Response> {
  const content = await contents.get(contentKey);
  return content === undefined ? bytesMissing(context) : context.body(content, 200, downloadHeaders('message.eml'));
}

/** Never the sender's content type on our origin: what a stranger sends is a download and nothing else. */
function downloadHeaders(fileName: string): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, '_')}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, no-store',
  };
}

function bytesMissing(context: Context): Response {
  return problem(context, {
    status: 503,
    title: 'Not readable just now',
    detail: 'The stored message could not be fetched.',
    fix: 'Try again in a moment.',
  });
}
