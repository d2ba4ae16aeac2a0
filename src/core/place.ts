/** Points on the Earth, for choosing what is near. Pure. */

/** Degrees; north and east are positive. */
export type Place = { readonly latitude: number; readonly longitude: number };

// The mean radius (IUGG). The Earth is no ball, and half a percent of a distance decides nothing here.
const EARTH_RADIUS_KM = 6_371;

/** Along the great circle, by the haversine formula: unlike the cosine rule it does not break for points close together. */
export function distanceKm(from: Place, to: Place): number {
  const halfHeight = Math.sin(radians(to.latitude - from.latitude) / 2);
  const halfWidth = Math.sin(radians(to.longitude - from.longitude) / 2);
  const haversine =
    halfHeight ** 2 + Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * halfWidth ** 2;
  // Rounding may bring antipodes above 1, where there is no arc sine.
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, haversine)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
