/** Which parts are read as text: what a reader shows, and pages that come as files, the form of much phishing. */
import type { TextFacts } from '../core/message-facts.ts';
import type { PartStart } from '../mime/observer.ts';

const HTML_TYPE = /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)$/;
const HTML_NAME = /\.(?:s?html?|xhtml?|svg)$/i;

export function textKindOf({ contentType, fileName }: PartStart): TextFacts['kind'] | undefined {
  if (HTML_TYPE.test(contentType) || HTML_NAME.test(fileName ?? '')) return 'html';
  // A multipart without a boundary is a leaf, and its source is what some readers show.
  return contentType.startsWith('text/') || contentType.startsWith('multipart/') ? 'plain' : undefined;
}
