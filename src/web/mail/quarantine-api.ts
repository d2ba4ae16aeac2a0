/** A person's own quarantine. */
import type { PreviewPaths } from '../shared/quarantine-preview.tsx';
import {
  type QuarantinedContent,
  type QuarantinePage,
  quarantinedContentShape,
  quarantinePageShape,
} from '../shared/quarantine-shapes.ts';
import { request, requestJson } from '../shared/request.ts';

export async function fetchOwnQuarantine(before: string | undefined, signal: AbortSignal): Promise<QuarantinePage> {
  const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
  return requestJson({ method: 'GET', path: `/api/mail/quarantine${query}`, signal }, quarantinePageShape);
}

export async function fetchOwnQuarantined(id: string, signal: AbortSignal): Promise<QuarantinedContent> {
  return requestJson({ method: 'GET', path: pathOf(id), signal }, quarantinedContentShape);
}

export async function releaseOwn(id: string): Promise<void> {
  await request({ method: 'POST', path: `${pathOf(id)}/release`, body: {} });
}

/** To take a file out is to let it out. */
export function ownPreviewPaths({ id, mayRelease }: QuarantinedContent): PreviewPaths {
  const path = pathOf(id);
  return {
    html: `${path}/html`,
    files: mayRelease
      ? { attachment: (index) => `${path}/attachments/${index}`, original: `${path}/original` }
      : undefined,
  };
}

function pathOf(id: string): string {
  return `/api/mail/quarantine/${encodeURIComponent(id)}`;
}
