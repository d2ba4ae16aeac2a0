/**
 * The words of an HTML part, for a preview of one line. No sanitiser: its result is shown as text. One pass that never looks back,
 * because a pattern over `<style` a hundred thousand times without an end is quadratic.
 */

// Elements whose content is not prose.
const HIDDEN = ['style', 'script', 'title', 'head'];
// Elements that do not separate words.
const INLINE = /^\/?(?:a|b|i|u|em|strong|span|font|small|sup|sub|abbr|code|wbr)[\s>/]/i;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  zwnj: '',
  shy: '',
};

export function htmlText(html: string): string {
  const lower = html.toLowerCase();
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    text += html.slice(at, open === -1 ? html.length : open);
    if (open === -1) break;
    text += INLINE.test(html.slice(open + 1, open + 12)) ? '' : ' ';
    at = tagEnd(lower, open);
  }
  return text.replace(ENTITY, decodeEntity);
}

/** Where prose goes on after the tag, comment or hidden element that begins at `open`. */
function tagEnd(lower: string, open: number): number {
  if (lower.startsWith('<!--', open)) return after(lower, '-->', open + 4);
  const hidden = HIDDEN.find(
    (name) => lower.startsWith(name, open + 1) && /[\s>/]/.test(lower.charAt(open + 1 + name.length)),
  );
  const start = hidden === undefined ? open : after(lower, `</${hidden}`, open);
  return after(lower, '>', start);
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

function decodeEntity(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}
