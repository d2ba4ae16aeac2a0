/** Host names as people read them: what begins with `xn--` is decoded (RFC 3492). Nothing is validated: look-alikes are exactly what is not valid. */

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;
// A label has 63 octets (RFC 1035 §2.3.4); decoding is quadratic, so what is no label is left as it is.
const MAX_LABEL_LENGTH = 63;

/** Lower case, without a final dot; labels that do not decode stay as they are. */
export function unicodeHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '').split('.').map(unicodeLabel).join('.');
}

function unicodeLabel(label: string): string {
  if (!label.startsWith('xn--') || label.length === 4 || label.length > MAX_LABEL_LENGTH) return label;
  return decode(label.slice(4)) ?? label;
}

/** RFC 3492 §6.2 */
function decode(encoded: string): string | undefined {
  const hyphen = encoded.lastIndexOf('-');
  const output = hyphen > 0 ? Array.from(encoded.slice(0, hyphen), (one) => one.codePointAt(0) ?? 0) : [];
  const digits = encoded.slice(hyphen > 0 ? hyphen + 1 : 0);
  let [at, n, index, bias] = [0, INITIAL_N, 0, INITIAL_BIAS];
  while (at < digits.length) {
    const before = index;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(digits.charCodeAt(at));
      at += 1;
      if (digit === undefined) return undefined;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapted(index - before, length, before === 0);
    n += Math.floor(index / length);
    if (n > 0x10_ff_ff) return undefined;
    index %= length;
    output.splice(index, 0, n);
    index += 1;
  }
  return String.fromCodePoint(...output);
}

/** Undefined past the end (NaN) and for what is no digit. */
function digitOf(code: number): number | undefined {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 26 : undefined;
}

/** RFC 3492 §6.1 */
function adapted(given: number, length: number, isFirst: boolean): number {
  let delta = Math.floor(given / (isFirst ? DAMP : 2));
  delta += Math.floor(delta / length);
  let k = 0;
  for (; delta > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) delta = Math.floor(delta / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * delta) / (delta + SKEW));
}
