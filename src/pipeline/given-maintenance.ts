/** A plan of work as it is given. What is stored was given once, perhaps under other rules: settings.ts goes on reading it. */
import { type ClientSettings, maintenancePlanSchema } from './settings.ts';

type Plan = ClientSettings['maintenance'];

// Nothing opens mailboxes while a window is open that says "keep": a slip in the year must not switch detection off for decades.
const LONGEST_DAYS = 14;
const DAY_MS = 86_400_000;
const TOO_LONG = `must be within ${LONGEST_DAYS} days of "from": check the year and the month, or plan longer work in parts`;

export const givenMaintenanceSchema = maintenancePlanSchema
  .superRefine((windows, context) => {
    for (const [index, { when }] of windows.entries())
      if (when.kind === 'once' && lengthMs(when) > LONGEST_DAYS * DAY_MS)
        context.addIssue({ code: 'custom', path: [index, 'when', 'to'], message: TOO_LONG });
  })
  .transform((windows): Plan => windows.map((window) => ({ ...window, timeZone: canonical(window.timeZone) })));

/** By the clock on the wall: an hour more or less of summer time does not matter here. */
function lengthMs({ from, to }: { readonly from: string; readonly to: string }): number {
  return Date.parse(`${to}Z`) - Date.parse(`${from}Z`);
}

/** Intl takes a zone in any case (ECMA-402 §6.5), and each spelling would be a zone of its own to whoever remembers them. */
function canonical(timeZone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
}
