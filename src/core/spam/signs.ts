/** All that is looked for beside the words. */
import { BRAND_SIGNS } from './brand-signs.ts';
import { CONTENT_SIGNS } from './content-signs.ts';
import { LINK_SIGNS } from './link-signs.ts';
import { PROGRAM_SIGNS } from './program-signs.ts';
import { ROUTE_SIGNS } from './route-signs.ts';
import { SENDER_SIGNS } from './sender-signs.ts';
import { SHOWN_SIGNS } from './shown-signs.ts';
import type { Sign } from './sign.ts';
import { SUBJECT_SIGNS } from './subject-signs.ts';
import { WORDING_SIGNS } from './wording-signs.ts';

export const SIGNS: readonly Sign[] = [
  ...SENDER_SIGNS,
  ...BRAND_SIGNS,
  ...ROUTE_SIGNS,
  ...PROGRAM_SIGNS,
  ...SUBJECT_SIGNS,
  ...LINK_SIGNS,
  ...SHOWN_SIGNS,
  ...CONTENT_SIGNS,
  ...WORDING_SIGNS,
];
