/** What the header block of one part says about it: its type, its name, how its body is written. */
import { decodeWords } from 'postal-mime';
import { oneLine } from './display-text.ts';
import { firstValue, type HeaderField } from './header-block.ts';
import { parseParametrised } from './parameters.ts';

export type PartHeader = {
  readonly contentType: string;
  readonly boundary: string | undefined;
  readonly charset: string | undefined;
  /** lower case, `''` when absent */
  readonly encoding: string;
  /** fit to be shown */
  readonly fileName: string | undefined;
  /** decoded and otherwise untouched */
  readonly nameAsSent: string | undefined;
  readonly disposition: string;
  readonly hasContentId: boolean;
};

// RFC 6838 §4.2: 127 characters for each half.
const CONTENT_TYPE = /^([!-'*+.0-9A-Z^-~-]{1,127}\/[!-'*+.0-9A-Z^-~-]{1,127})(?:\s|$)/i;
// What common file systems take; a longer one is there to push the extension off the screen.
const MAX_FILE_NAME = 255;

export function readPartHeader(fields: readonly HeaderField[], fallbackType: string): PartHeader {
  const type = parseParametrised(firstValue(fields, 'content-type') ?? '');
  const disposition = parseParametrised(firstValue(fields, 'content-disposition') ?? '');
  const encoding = parseParametrised(firstValue(fields, 'content-transfer-encoding') ?? '').value;
  const boundary = type.rawParameters.get('boundary') ?? type.parameters.get('boundary') ?? '';
  const nameAsSent = decodedName(disposition.parameters.get('filename') || type.parameters.get('name'));
  return {
    contentType: CONTENT_TYPE.exec(type.value)?.[1] ?? fallbackType,
    // A blank one would make a delimiter of every signature line ("-- ").
    boundary: boundary.trim() === '' ? undefined : boundary,
    charset: type.parameters.get('charset'),
    encoding: /[a-z0-9-]+/.exec(encoding)?.[0] ?? '',
    fileName: fileName(nameAsSent),
    nameAsSent,
    disposition: disposition.value,
    hasContentId: firstValue(fields, 'content-id') !== undefined,
  };
}

function decodedName(parameter: string | undefined): string | undefined {
  return parameter === undefined ? undefined : decodeWords(parameter);
}

/** Path separators go: a name is a name, never a way out of the folder somebody saves it to. */
function fileName(nameAsSent: string | undefined): string | undefined {
  const name = oneLine(nameAsSent ?? '', MAX_FILE_NAME).replace(/[/\\]/g, '_');
  return name === '' ? undefined : name;
}
