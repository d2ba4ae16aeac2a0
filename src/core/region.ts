/** Where a client's object should live: near the gateways it serves. Decided once, for the platform listens only at the first start. Pure. */
import { distanceKm, type Place } from './place.ts';

/** The platform's own names (docs/platform.md 22). */
export const LOCATION_HINTS = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const;
export type LocationHint = (typeof LOCATION_HINTS)[number];

export function parseLocationHint(text: string | null): LocationHint | undefined {
  return LOCATION_HINTS.find((hint) => hint === text);
}

// The platform does not say where in a region an object lives. These points are ours: a city with large data centres in each.
export const REGION_PLACES: Readonly<Record<LocationHint, Place>> = {
  // San Jose
  wnam: { latitude: 37.3, longitude: -121.9 },
  // Ashburn
  enam: { latitude: 39, longitude: -77.5 },
  // São Paulo
  sam: { latitude: -23.5, longitude: -46.6 },
  // Frankfurt
  weur: { latitude: 50.1, longitude: 8.7 },
  // Warsaw
  eeur: { latitude: 52.2, longitude: 21 },
  // Singapore
  apac: { latitude: 1.3, longitude: 103.8 },
  // Sydney
  oc: { latitude: -33.9, longitude: 151.2 },
  // Johannesburg
  afr: { latitude: -26.2, longitude: 28 },
  // Dubai
  me: { latitude: 25.2, longitude: 55.3 },
};

/** A gateway, as far as it says where it is and how much it takes. */
export type Sited = { readonly place?: Place; readonly capacityPerMinute?: number };

/** The region with the shortest way to the gateways, the larger ones counting for more; undefined when none says where it is. */
export function hintFor(gateways: readonly Sited[]): LocationHint | undefined {
  const placed = gateways.flatMap(({ place, capacityPerMinute }) =>
    place === undefined ? [] : [{ place, capacity: capacityPerMinute ?? meanCapacity(gateways) }],
  );
  if (placed.length === 0) return undefined;
  const way = (hint: LocationHint): number =>
    placed.reduce((total, { place, capacity }) => total + capacity * distanceKm(REGION_PLACES[hint], place), 0);
  return LOCATION_HINTS.reduce((best, hint) => (way(hint) < way(best) ? hint : best));
}

/** One that does not say how much it takes counts like the mean of those that do. */
function meanCapacity(gateways: readonly Sited[]): number {
  const known = gateways.flatMap(({ capacityPerMinute }) => capacityPerMinute ?? []);
  return known.length === 0 ? 1 : known.reduce((total, one) => total + one, 0) / known.length;
}
