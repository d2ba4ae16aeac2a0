/** Every screen of the console has an address. Pure. */

export const SECTIONS = [
  'now',
  'replay',
  'filter',
  'quarantine',
  'timeline',
  'gateways',
  'thresholds',
  'modes',
  'maintenance',
  'preflight',
  'world',
  'returns',
  'notices',
  'people',
  'audit',
] as const;
export type Section = (typeof SECTIONS)[number];

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'client'; readonly id: string; readonly section: Section }
  | { readonly kind: 'unknown' };

export function parseRoute(path: string): Route {
  const { pathname } = new URL(path, 'https://breakwater.invalid');
  const [app, scope, id, section = 'now', ...rest] = pathname.split('/').filter((part) => part !== '');
  if (app !== 'console' || rest.length > 0) return { kind: 'unknown' };
  if (scope === undefined) return { kind: 'home' };
  const known = SECTIONS.find((one) => one === section);
  if (scope !== 'c' || id === undefined || known === undefined) return { kind: 'unknown' };
  return { kind: 'client', id: decoded(id), section: known };
}

export function clientPath(id: string, section: Section = 'now'): string {
  return section === 'now' ? `/console/c/${encodeURIComponent(id)}` : `/console/c/${encodeURIComponent(id)}/${section}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
