/** Character references of HTML (HTML standard §13.5) → characters: the numeric ones, and the names that mail uses. */

// ISO 8859-1 from 160 on, in its order.
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
  'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
  'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
  'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const NAMED: ReadonlyMap<string, string> = new Map([
  ...LATIN_1.split(' ').map((name, index): [string, string] => [name, String.fromCharCode(160 + index)]),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    colon: ':',
    sol: '/',
    period: '.',
    commat: '@',
    num: '#',
    excl: '!',
    dollar: '$',
    percnt: '%',
    lpar: '(',
    rpar: ')',
    Tab: '\t',
    NewLine: '\n',
    ndash: '\u2013',
    mdash: '\u2014',
    lsquo: '\u2018',
    rsquo: '\u2019',
    sbquo: '\u201a',
    ldquo: '\u201c',
    rdquo: '\u201d',
    bdquo: '\u201e',
    bull: '\u2022',
    hellip: '\u2026',
    euro: '\u20ac',
    trade: '\u2122',
    larr: '\u2190',
    rarr: '\u2192',
    zwnj: '\u200c',
    zwj: '\u200d',
    ensp: '\u2002',
    emsp: '\u2003',
    thinsp: '\u2009',
    OElig: '\u0152',
    oelig: '\u0153',
    Scaron: '\u0160',
    scaron: '\u0161',
  }),
]);

// The semicolon may be missing after a number, and after the oldest names.
const REFERENCE =
  /&(?:(#0*\d{1,7}|#[xX]0*[\da-fA-F]{1,6});?|([a-zA-Z][a-zA-Z\d]{1,9};|(?:amp|lt|gt|quot|nbsp|copy|reg|shy)(?![a-zA-Z\d=;])))/g;

/** Once: what comes out is not read again. */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, decode) : text;
}

function decode(reference: string, number?: string, name = ''): string {
  if (number !== undefined) return characterOf(number.slice(1).replace(/^x/i, '0x'));
  const plain = name.replace(';', '');
  return NAMED.get(plain) ?? NAMED.get(plain.toLowerCase()) ?? reference;
}

/** 128 to 159 are read as windows-1252, as all browsers do; what is no character is replaced. */
function characterOf(number: string): string {
  const code = Number(number);
  if (code >= 0x80 && code <= 0x9f) return new TextDecoder('windows-1252').decode(Uint8Array.of(code));
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : '\ufffd';
}
