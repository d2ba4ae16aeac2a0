/**
 * A stranger's HTML as a page of its own, for an iframe without scripts and without our origin. The boundary is the sandbox and the
 * policy below, which the browser keeps; nothing here tries to recognise bad HTML. What is removed is removed for comfort.
 */

export type HtmlPage = { readonly body: string; readonly headers: Record<string, string> };

export type InlineImage = { readonly contentId?: string; readonly contentType: string; readonly content: Uint8Array };

export type HtmlPageSource = {
  readonly html: string;
  /** every attachment may be given: only raster pictures with a content id are used */
  readonly inlineImages: readonly InlineImage[];
  readonly remoteImages: 'blocked' | 'allowed';
};

// Never image/svg+xml: it is a document, with links and styles of its own.
const RASTER: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
// One picture of 5 MB named a thousand times would make a page of 7 GB; a message is read up to 8 MB, twice that is generous.
const MAX_INLINED_CHARACTERS = 16_000_000;

const STYLE = `:root{color-scheme:light;background:#fff;color:#1a1a1a}
body{margin:1rem;font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
img{max-width:100%;height:auto}
pre{white-space:pre-wrap}
blockquote{margin:0 0 0 .5rem;padding-left:.75rem;border-left:2px solid #c8c8c8}`;

export function htmlPage({ html, inlineImages, remoteImages }: HtmlPageSource): HtmlPage {
  const content = withInlineImages(withoutRefresh(html), inlineImages);
  // target=_blank gives the new page no opener (HTML standard, "noopener" is implied); the policy gives it no referrer.
  const head = `<meta charset="utf-8"><meta name="color-scheme" content="light"><base target="_blank"><style>${STYLE}</style>`;
  return {
    body: `<!doctype html><html><head>${head}</head><body>${content}</body></html>`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(remoteImages),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-store',
    },
  };
}

/** Scripts, frames, forms, fonts and every connection stay out by default-src; a picture from outside tells its sender who reads. */
function policy(remoteImages: HtmlPageSource['remoteImages']): string {
  return [
    'sandbox allow-popups allow-popups-to-escape-sandbox',
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    remoteImages === 'allowed' ? 'img-src data: https: http:' : 'img-src data:',
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/** The sandbox stops it too. `[^<>]` keeps the search linear however many tags are left open. */
function withoutRefresh(html: string): string {
  return html.replace(/<meta\b[^<>]*>/gi, (tag) => (/http-equiv\s*=\s*["']?\s*refresh/i.test(tag) ? '' : tag));
}

/** `cid:` addresses (RFC 2392) in attributes and style sheets, as data: addresses. One that names no picture of ours stays broken. */
function withInlineImages(html: string, images: readonly InlineImage[]): string {
  const urls = dataUrls(images);
  if (urls.size === 0) return html;
  let left = MAX_INLINED_CHARACTERS;
  return html.replace(/(["'(=]\s{0,8})cid:([^"'\s<>()]{1,998})/gi, (whole, before: string, id: string) => {
    const url = urls.get(id) ?? urls.get(percentDecoded(id));
    if (url === undefined || url.length > left) return whole;
    left -= url.length;
    return before + url;
  });
}

function dataUrls(images: readonly InlineImage[]): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const { contentId, contentType, content } of images) {
    if (contentId === undefined || !RASTER.has(contentType)) continue;
    const base64 = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
    urls.set(contentId, `data:${contentType};base64,${base64}`);
  }
  return urls;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
