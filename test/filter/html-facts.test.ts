import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHtml } from '../../src/filter/html-facts.ts';
import { htmlMessage, inspect } from './inspected.ts';

describe('the words a reader sees', () => {
  const cases: readonly { readonly what: string; readonly html: string; readonly text: string }[] = [
    {
      what: 'inline elements and comments do not part a word',
      html: 'v<b>i</b>a<!-- x -->gr<span>a</span>',
      text: 'viagra',
    },
    { what: 'blocks do', html: '<td>one</td><td>two</td><br>three', text: 'one\ntwo\nthree' },
    {
      what: 'characters by name and number',
      html: '&Auml;&#8364;&#x41;&#0065&#146;&nbsp;&amp;lt; &#38;lt; &nope;',
      text: 'Ä€AA’ &lt; &lt; &nope;',
    },
    {
      what: 'no scripts, styles, titles',
      html: '<title>t</title><style>p{}</style><script>x</script>seen',
      text: 'seen',
    },
    { what: 'nothing of the head', html: '<head><meta name=a>head</head>body', text: 'body' },
    { what: 'a head that is never closed ends with the body', html: '<head>head<body>body', text: 'body' },
    { what: 'no hidden element', html: 'a<div style="color:red; DISPLAY : none">b<div>c</div></div>d', text: 'a\nd' },
    {
      what: 'what follows a hidden paragraph without an end',
      html: '<p style="display:none">a<div>b</div>',
      text: 'b',
    },
    {
      what: 'what follows the end of the hidden element around',
      html: '<div><i style="font-size:0">a</div>b',
      text: 'b',
    },
    {
      what: 'what has a size of its own in a cell without one',
      html: '<td style="font-size:0px">a<div style="font-size:14px">b</div></td>',
      text: 'b',
    },
    { what: 'a size of one em', html: '<p style="font-size:1em">a</p>', text: 'a' },
    { what: 'no size of two points', html: '<p style="font-size:2px">a</p>b', text: 'b' },
    {
      what: 'what has a colour of its own within',
      html: '<p style="color:#fff">a<b style="color:red">b</b></p>',
      text: 'b',
    },
    { what: 'no text in the colour of the page', html: '<font color="#FFF">a</font>b', text: 'b' },
    { what: 'white on blue', html: '<td bgcolor=blue><font color=white>a</font></td>', text: 'a' },
    { what: 'blue on blue', html: '<td style="background:#00f"><p style="color:rgb(0,0,255)">a</p></td>b', text: 'b' },
    {
      what: 'white where a style sheet may say what is behind it',
      html: '<style></style><font color=white>a</font>',
      text: 'a',
    },
    { what: 'a comment that ends at once', html: '<!-->a<!--->b<!--x--!>c', text: 'abc' },
    { what: 'a comment that never ends', html: 'a<!-- b', text: 'a' },
    { what: 'a smaller-than sign is one', html: '1 < 2 <3', text: '1 < 2 <3' },
    { what: 'a tag in a value is none', html: '<a title="<b>">x</a>', text: 'x' },
    { what: 'what has no width is left out', html: 'pay\u200bpal &shy;', text: 'paypal' },
    { what: 'joiners stay where they belong', html: 'نامه\u200cای', text: 'نامه\u200cای' },
  ];
  it.each(cases)('$what', ({ html, text }) => {
    expect(readHtml(html, 10).text).toBe(text);
  });
});

describe('links', () => {
  const cases: readonly { readonly what: string; readonly html: string; readonly links: readonly string[] }[] = [
    {
      what: 'with what stands on the screen for them',
      html: '<a href="https://evil.example/x?a=1&amp;b">https://<b>bank</b>.example</a>',
      links: ['href evil.example https://bank.example'],
    },
    {
      what: 'with the words of a picture',
      html: '<a href=//b.example><img alt="Log in" src=cid:1></a>',
      links: ['href b.example Log in'],
    },
    { what: 'in Unicode', html: '<a href=http://xn--pypal-4ve.example>x</a>', links: ['href p\u0430ypal.example x'] },
    { what: 'as a browser reads them', html: '<a href=" HTTP:\\\\0x7f.1\\a">x</a>', links: ['href 127.0.0.1 x'] },
    { what: 'relative to a base', html: '<base href=https://b.example/><a href=x>y</a>', links: ['href b.example y'] },
    { what: 'that lead to no host', html: '<a href=mailto:a@b.example>x</a>', links: ['href  x'] },
    {
      what: 'forms and their buttons',
      html: '<form action=https://f.example><button formaction=https://g.example>',
      links: ['form f.example ', 'form g.example '],
    },
    {
      what: 'pictures from afar',
      html: '<img src=https://i.example/1.png alt=a><td background=https://j.example/2>',
      links: ['image i.example a', 'image j.example '],
    },
    {
      what: 'that stand in the text',
      html: 'see www.a.example. or (https://b.example/x)',
      links: ['text www.a.example www.a.example', 'text b.example https://b.example/x'],
    },
    {
      what: 'a page that moves on by itself',
      html: '<meta http-equiv=refresh content="0; URL=https://m.example/">',
      links: ['href m.example '],
    },
    {
      what: 'one within another that has no end',
      html: '<a href=https://a.example>x<a href=https://b.example>y',
      links: ['href a.example x', 'href b.example y'],
    },
    { what: 'a map', html: '<map><area href=https://a.example alt=x></map>', links: ['href a.example x'] },
  ];
  it.each(cases)('$what', ({ html, links }) => {
    expect(inspect(htmlMessage(html)).links.map(({ from, host, text }) => `${from} ${host} ${text}`)).toEqual(links);
  });

  it('are 300 at most, and more of them are noted', () => {
    const facts = inspect(htmlMessage('<a href=https://a.example>x</a>'.repeat(301)));
    expect(facts.links.length).toBe(300);
    expect(facts.unscanned).toEqual(['links']);
  });
});

describe('markup', () => {
  const cases: readonly { readonly html: string; readonly markup: Readonly<Record<string, number>> }[] = [
    { html: '<form><input type=Password></form>', markup: { forms: 1, passwordFields: 1 } },
    { html: '<script></script><iframe></iframe><object></object>', markup: { scripts: 1, iframes: 2 } },
    { html: '<img src=//a.example/x><img src=data:image/png,x>', markup: { remoteImages: 1, inlineImages: 1 } },
    { html: '<!--a--><!--b-->', markup: { comments: 2 } },
    { html: 'a b<p hidden>cde f</p>', markup: { visibleCharacters: 2, hiddenCharacters: 4 } },
    // A Cyrillic a, a zero-width space, a bold letter of mathematics; honest Russian, a Greek letter for a unit, a soft hyphen.
    { html: 'P\u0430y pay\u200bpal \u{1d400}', markup: { obfuscatedCharacters: 3 } },
    { html: 'Привет 5 μm k\u03a9 Silben&shy;trennung', markup: { obfuscatedCharacters: 0 } },
  ];
  it.each(cases)('of $html: $markup', ({ html, markup }) => {
    expect(inspect(htmlMessage(html)).markup).toMatchObject(markup);
  });
});

describe('an attack on the reader of HTML', () => {
  const pieces = ['<', '<style ', '<!--', '<a href="', '<p>', '</a', '<b ', '&#', "='", '</style', 'www.'];

  it('whatever is in it, there are words', () => {
    const soup = fc.array(fc.constantFrom(...pieces, '>', '"', 'x', ' ', '-->', '</p>', '\u{1f600}', '&amp;'), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(soup, (parts) => {
        expect(typeof readHtml(parts.join(''), 10).text).toBe('string');
      }),
    );
  });
});
