/** What a zip is by its entries. */
import type { ContainerKind } from './archive/within.ts';
import type { Detected } from './true-type.ts';

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OFFICE_TYPES: Readonly<Record<string, { readonly plain: string; readonly macros: string }>> = {
  word: { plain: `${OFFICE}.wordprocessingml.document`, macros: 'application/vnd.ms-word.document.macroenabled.12' },
  xl: { plain: `${OFFICE}.spreadsheetml.sheet`, macros: 'application/vnd.ms-excel.sheet.macroenabled.12' },
  ppt: {
    plain: `${OFFICE}.presentationml.presentation`,
    macros: 'application/vnd.ms-powerpoint.presentation.macroenabled.12',
  },
};

export function documentType(kind: Exclude<ContainerKind, 'archive'>, flavour: string, hasMacros: boolean): Detected {
  switch (kind) {
    case 'program':
      return { type: 'executable', mime: 'application/java-archive' };
    case 'odf':
      return { type: 'odf', mime: 'application/vnd.oasis.opendocument' };
    case 'ooxml': {
      const mime = OFFICE_TYPES[flavour]?.[hasMacros ? 'macros' : 'plain'];
      return { type: 'ooxml', ...(mime === undefined ? {} : { mime }) };
    }
  }
}
