/** What about a file's name is meant to deceive whoever reads it. Says nothing of what the file is. */
import type { NameTrick } from '../core/message-facts.ts';
import { runsByName } from '../core/rules/dangerous.ts';
import { lookAlikesIn } from './obfuscation.ts';

// Marks that turn what follows around: "exe.fdp" is read as "pdf.exe" backwards. Plain direction marks belong to Hebrew and Arabic names.
const OVERRIDE = /[\u202a-\u202e\u2066-\u2069]/;
// Enough blanks in a row to push an ending out of a narrow list; some characters are blank and no space.
const PADDING = /[\s\u00a0\u115f\u1160\u2000-\u200b\u2800\u3000\u3164\uffa0]{5}|\0/;
// They look like the dot before an ending.
const FALSE_DOT = /[\u2024\ua4f8\ufe52\uff0e]\w{2,4}$/;
// An ending of what is read, before another one.
const READABLE =
  /\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|txt|csv|html?|jpe?g|png|gif|bmp|tiff?|mp[34]|wav|avi|mov|zip|rar|7z|eml)[\s._-]*\.\w{1,12}[\s.]*$/i;
const MAX_NAME = 2_000;

/** `name`: decoded and otherwise as sent */
export function tricksOf(name: string): readonly NameTrick[] {
  const read = name.slice(-MAX_NAME);
  const tricks: NameTrick[] = [];
  if (READABLE.test(read) && runsByName(read)) tricks.push('double-extension');
  if (OVERRIDE.test(read)) tricks.push('direction-override');
  if (PADDING.test(read.trim())) tricks.push('padded');
  if (FALSE_DOT.test(read) || lookAlikesIn(read) > 0) tricks.push('look-alike-letters');
  if (/[^\s.][\s.]$|[\s.]{2}$/.test(read) && read.includes('.')) tricks.push('trailing-dot-or-space');
  return tricks;
}
