import { describe, expect, it } from 'vitest';
import { htmlPage, type InlineImage } from '../../src/mime/html-page.ts';

const PNG: InlineImage = { contentId: 'logo@harbour', contentType: 'image/png', content: Uint8Array.of(1, 2, 3) };
const page = (html: string, inlineImages: readonly InlineImage[] = []) =>
  htmlPage({ html, inlineImages, remoteImages: 'blocked' });

describe('the page of a strange HTML', () => {
  it('is kept in by its policy: no script, no form, no connection, no other frame', () => {
    expect(page('<p>x').headers).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-store',
    });
  });

  it('loads pictures from outside only when they are allowed', () => {
    const { headers } = htmlPage({ html: '', inlineImages: [], remoteImages: 'allowed' });
    expect(headers['content-security-policy']).toContain('img-src data: https: http:;');
  });

  it('opens links in a page of their own', () => {
    expect(page('<a href="https://x.example">x</a>').body).toMatch(
      /<head>.*<base target="_blank">.*<\/head><body><a /s,
    );
  });

  const images: readonly {
    readonly what: string;
    readonly html: string;
    readonly image: InlineImage;
    readonly body: string;
  }[] = [
    {
      what: 'an attribute',
      html: '<img src="cid:logo@harbour">',
      image: PNG,
      body: '<img src="data:image/png;base64,AQID">',
    },
    {
      what: 'percent-encoded',
      html: "<img src='cid:logo%40harbour'>",
      image: PNG,
      body: "<img src='data:image/png;base64,AQID'>",
    },
    {
      what: 'a style',
      html: '<p style="background:url(cid:logo@harbour)">',
      image: PNG,
      body: 'url(data:image/png;base64,AQID)',
    },
    { what: 'an unknown id stays', html: '<img src="cid:other">', image: PNG, body: '<img src="cid:other">' },
    {
      what: 'SVG stays out',
      html: '<img src="cid:v">',
      image: { contentId: 'v', contentType: 'image/svg+xml', content: PNG.content },
      body: '<img src="cid:v">',
    },
    {
      what: 'a type that is no type stays out',
      html: '<img src="cid:v">',
      image: { contentId: 'v', contentType: 'image/png"><script>', content: PNG.content },
      body: '<img src="cid:v">',
    },
    { what: 'prose is left alone', html: '<p>cid:logo@harbour</p>', image: PNG, body: '<p>cid:logo@harbour</p>' },
  ];
  it.each(images)('pictures by cid: $what', ({ html, image, body }) => {
    expect(page(html, [image]).body).toContain(body);
  });

  it('does not grow without end when one picture is named many times', () => {
    const large: InlineImage = { ...PNG, content: new Uint8Array(3_000_000) };
    expect(page('<img src="cid:logo@harbour">'.repeat(1_000), [large]).body.length).toBeLessThan(17_000_000);
  });

  it('drops a refresh, also one that is never closed, in time proportional to its size', () => {
    expect(page('<META HTTP-EQUIV = "Refresh" content="0;url=https://x.example"><p>x').body).not.toMatch(/refresh/i);
    const started = performance.now();
    page('<meta http-equiv=refresh '.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
