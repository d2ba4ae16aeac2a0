import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Peer } from '../../src/core/client.ts';
import { distanceKm } from '../../src/core/place.ts';
import { hintFor, LOCATION_HINTS, REGION_PLACES } from '../../src/core/region.ts';

const gateway = (latitude?: number, longitude = 0, capacityPerMinute?: number): Peer => ({
  host: 'mx.harbour.example',
  port: 25,
  tls: 'starttls',
  ...(latitude === undefined ? {} : { place: { latitude, longitude } }),
  ...(capacityPerMinute === undefined ? {} : { capacityPerMinute }),
});
const HAMBURG = [53.6, 10] as const;
const CHICAGO = [41.9, -87.6] as const;

it.each([
  ['Hamburg', [gateway(...HAMBURG)], 'weur'],
  ['Bucharest', [gateway(44.4, 26.1)], 'eeur'],
  ['Chicago', [gateway(...CHICAGO)], 'enam'],
  ['Seattle', [gateway(47.6, -122.3)], 'wnam'],
  ['Auckland, across the date line', [gateway(-36.8, 174.8)], 'oc'],
  ['Samoa, across the date line the other way', [gateway(-13.8, -171.8)], 'oc'],
  ['Tokyo', [gateway(35.7, 139.7)], 'apac'],
  ['Nairobi', [gateway(-1.3, 36.8)], 'afr'],
  ['Riyadh', [gateway(24.7, 46.7)], 'me'],
  ['Buenos Aires', [gateway(-34.6, -58.4)], 'sam'],
  ['one that says where it is, and one that does not', [gateway(), gateway(...HAMBURG)], 'weur'],
  ['the larger of two', [gateway(...HAMBURG, 10), gateway(...CHICAGO, 500)], 'enam'],
  ['the other of two', [gateway(...HAMBURG, 500), gateway(...CHICAGO, 10)], 'weur'],
  ['none that says where it is', [gateway()], undefined],
  ['none', [], undefined],
])('the object of a client with gateways at %s lives near them', (_, gateways, expected) => {
  expect(hintFor(gateways)).toBe(expected);
});

it('each region is the nearest to its own place', () => {
  for (const hint of LOCATION_HINTS) {
    const { latitude, longitude } = REGION_PLACES[hint];
    expect(hintFor([gateway(latitude, longitude)])).toBe(hint);
  }
});

it('distances are those of an atlas', () => {
  expect(distanceKm(REGION_PLACES.weur, REGION_PLACES.enam)).toBeGreaterThan(6_400);
  expect(distanceKm(REGION_PLACES.weur, REGION_PLACES.enam)).toBeLessThan(6_700);
  expect(distanceKm({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 77 })).toBeCloseTo(20_015, 0);
});

it('a distance is the same both ways, never negative, and never more than half the way round', () => {
  const place = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  fc.assert(
    fc.property(place, place, (a, b) => {
      const km = distanceKm(a, b);
      expect(km).toBeCloseTo(distanceKm(b, a), 6);
      expect(km).toBeGreaterThanOrEqual(0);
      expect(km).toBeLessThan(20_016);
    }),
  );
});
