/** Bytes of a stranger's charset → text that can be shown and stored. Never throws. */

// Labels that mail uses and the Encoding Standard does not know.
const ALIASES: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'iso-8859-8-e': 'iso-8859-8',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
};

// What mail without a readable label is in practice, and total: every byte is a character.
const FALLBACK = 'windows-1252';

/** `label` as the sender wrote it; an unknown one reads as windows-1252, a missing one as UTF-8 when the bytes are that. */
export function decodeBytes(bytes: Uint8Array, label: string | undefined): string {
  const name = label?.trim().toLowerCase() ?? '';
  if (name === '') return decodeUnlabelled(bytes);
  return decodeAs(ALIASES[name] ?? name, bytes) ?? new TextDecoder(FALLBACK).decode(bytes);
}

/** UTF-8 when it is valid (RFC 6532), else windows-1252. A character cut off by the end of the bytes is no fault. */
export function decodeUnlabelled(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder(FALLBACK).decode(bytes);
  }
}

function decodeAs(label: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}
