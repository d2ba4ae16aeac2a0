/** Whether an element is styled so that nobody sees it. What a style sheet says of its class is not known here. */

/**
 * `isGone`: with everything in it. `isTiny` and `isFaint` hold until an element within says otherwise: frameworks for newsletters set
 * `font-size:0` on every cell, against gaps, and the size of the words on an element in it. `background`: `''` where nothing but the page
 * lies behind it.
 */
export type Seen = {
  readonly isGone: boolean;
  readonly isTiny: boolean;
  readonly isFaint: boolean;
  readonly background: string;
};

export const PAGE: Seen = { isGone: false, isTiny: false, isFaint: false, background: '' };

export function isHidden({ isGone, isTiny, isFaint }: Seen): boolean {
  return isGone || isTiny || isFaint;
}

const HIDING =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0?\.?0*\s*(?:;|$|!)|text-indent\s*:\s*-\d{3,})/i;
const SIZE = /(?:^|;)\s*font-size\s*:\s*(\d{0,4}(?:\.\d{1,4})?)\s*(px|pt|r?em|%)?\s*(?:;|$|!)/i;
const COLLAPSED = /(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)/i;
const OVERFLOW = /overflow\s*:\s*hidden/i;
const COLOUR = /(?:^|;)\s*color\s*:\s*([^;!]{1,40})/i;
const BACKGROUND = /(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]{1,200})/i;
// Longer ones are read no further: the words that hide stand in the first few hundred characters of honest and other styles.
const MAX_STYLE = 2_000;

/** `outer`: how what is around it is seen; `page`: the colour of the page, `''` when it is not known */
export function seenAs(attributes: ReadonlyMap<string, string>, outer: Seen, page: string): Seen {
  const style = attributes.get('style')?.slice(0, MAX_STYLE) ?? '';
  const background = colourOf(BACKGROUND.exec(style)?.[1] ?? attributes.get('bgcolor')) ?? outer.background;
  const colour = colourOf(COLOUR.exec(style)?.[1] ?? attributes.get('color'));
  return {
    isGone:
      outer.isGone || attributes.has('hidden') || HIDING.test(style) || (COLLAPSED.test(style) && OVERFLOW.test(style)),
    isTiny: isTiny(style) ?? outer.isTiny,
    isFaint: colour === undefined ? outer.isFaint : colour === (background || page),
    background,
  };
}

/** Two points and less; `undefined` where the style does not say. */
function isTiny(style: string): boolean | undefined {
  const [, size = '', unit = 'px'] = SIZE.exec(style) ?? [];
  if (size === '') return undefined;
  const isRelative = unit.toLowerCase().endsWith('em');
  return Number(size) <= (isRelative ? 0.2 : 2);
}

const NAMED: Readonly<Record<string, string>> = { white: '#ffffff', black: '#000000' };

/** `#rrggbb` where it is one plain colour; otherwise its own words, which equal nothing but themselves. */
function colourOf(written: string | undefined): string | undefined {
  const colour = written?.trim().toLowerCase() ?? '';
  if (colour === '' || colour === 'transparent' || colour === 'inherit') return undefined;
  const short = /^#([\da-f])([\da-f])([\da-f])$/.exec(colour);
  if (short !== null)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  const channels = /^rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\b/.exec(colour);
  if (channels !== null)
    return `#${channels
      .slice(1)
      .map((value) => Number(value).toString(16).padStart(2, '0'))
      .join('')}`;
  return NAMED[colour] ?? colour;
}
