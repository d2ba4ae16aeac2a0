/** The Date header (RFC 5322 §3.3, §4.3). Not `Date.parse`: that one guesses, and by the machine's own time zone. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const RFC5322 =
  /(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{2,4}) +(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)? *([+-]\d{4}|[a-z]{1,5})?/i;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

// RFC 5322 §4.3; every other name, the military letters included, says nothing and counts as UTC.
const ZONE_HOURS: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

/** Epoch milliseconds; undefined when it cannot be read. */
export function parseDateField(value: string): number | undefined {
  const text = value
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .trim();
  if (ISO.test(text)) return finite(Date.parse(text));
  const [, day, monthName = '', year = '', hour, minute, second = '0', zone = ''] = RFC5322.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month === -1 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const local = Date.UTC(fullYear(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return finite(local - zoneMinutes(zone) * 60_000);
}

/** Two digits: 00-49 are of this century; three: since 1900 (RFC 5322 §4.3). */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length >= 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function zoneMinutes(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return (ZONE_HOURS[zone.toUpperCase()] ?? 0) * 60;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined;
}

/** `Mon, 23 Nov 2026 21:06:00 +0000`: a Date header, or the end of a Received (RFC 5322 §3.3). Always UTC: one log, one clock. */
export function formatDateField(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}
