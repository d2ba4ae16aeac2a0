import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, parseSettings, settingsSchema } from '../../src/pipeline/settings.ts';

describe('noticeRepeatMinutes', () => {
  const { noticeRepeatMinutes } = settingsSchema.shape;

  it.each([0, 5, 30, 1_440])('%d is taken', (minutes) => {
    expect(noticeRepeatMinutes.parse(minutes)).toBe(minutes);
  });

  it.each([0.001, 4, -1, 1_441, Number.NaN, '30'])('%s is refused, and it is said what to use', (minutes) => {
    const { error } = noticeRepeatMinutes.safeParse(minutes);
    expect(error?.issues.map(({ message }) => message)).toEqual(['use 5 to 1440 minutes, or 0 to be told once']);
  });

  it.each([
    [0.001, 5],
    [4, 5],
    [-1, 0],
    [0, 0],
    [30, 30],
    [9_999, 1_440],
  ])('stored as %d by an earlier version it is read as %d', (stored, read) => {
    const json = JSON.stringify({ ...DEFAULT_SETTINGS, noticeRepeatMinutes: stored });
    expect(parseSettings(json).noticeRepeatMinutes).toBe(read);
  });
});

describe('the filter', () => {
  it('of an earlier version, which did not ask what follows when a shared scanner is silent, lets mail pass marked', () => {
    const { whenScannerFailed: _, ...filter } = DEFAULT_SETTINGS.filter;
    expect(parseSettings(JSON.stringify({ ...DEFAULT_SETTINGS, filter }))).toEqual(DEFAULT_SETTINGS);
  });
});
