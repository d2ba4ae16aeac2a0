/** `npm run backtest`, run as people run it: flags, settings, words. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../src/core/profiles.ts';
import { backtest, describeBacktest } from '../../../tools/backtest/backtest.ts';
import { parseBacktestFlags } from '../../../tools/backtest/flags.ts';
import { readMaterial, writeMaterial } from '../../../tools/backtest/record-file.ts';
import { numbersOf, STANDARD, settingsAsked } from '../../../tools/backtest/settings.ts';
import { describeDuration } from '../../../tools/backtest/words.ts';
import { materialOf, REFUSED_FOR_AN_HOUR, RESTART } from './backtest-record.ts';

describe('settings', () => {
  it('begin with the client’s own, and the flags go before them', () => {
    const own = { ...STANDARD, amount: 17 };
    expect(settingsAsked(own, {})).toEqual(own);
    expect(settingsAsked(own, { durationSeconds: 30 })).toEqual({ ...own, durationSeconds: 30 });
    expect(settingsAsked(own, { profile: 'eager', share: 0.5 })).toEqual({
      ...numbersOf(PROFILES.eager),
      frequency: { ...numbersOf(PROFILES.eager).frequency, share: 0.5 },
    });
  });

  it('are within the bounds of what a client may set', () => {
    expect(() => settingsAsked(STANDARD, { amount: 0 })).toThrow('amount');
  });
});

describe('in words', () => {
  it('says what the asked settings and the present ones would have done', () => {
    const words = describeBacktest(backtest(materialOf(RESTART), 90, { profile: 'eager' }));
    expect(words).toMatch(/^harbour\n\nwith these settings the last 90 days would have had 1 failover, 1 false\n/);
    expect(words).toContain('FALSE: the gateway took mail within a minute.');
    expect(words).toContain('with the settings as they are the last 90 days would have had 0 failovers, 0 false');
  });

  it('says how soon', () => {
    const words = describeBacktest(backtest(materialOf(REFUSED_FOR_AN_HOUR), 90, {}));
    expect(words).toMatch(/would have had 1 failover, 0 false, found after 1 min( \d+ s)?\n/);
    expect(words).toContain('lasted 1 h');
  });

  it('does not speak of days from before the record', () => {
    const words = describeBacktest(backtest(materialOf(RESTART, 3), 90, {}));
    expect(words).toContain('the last 3 days (the record begins there)');
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [130, '2 min 10 s'],
    [3_600, '1 h'],
    [5_400, '1 h 30 min'],
    [200_000, '2 days'],
  ])('%i s are %s', (seconds, words) => {
    expect(describeDuration(seconds)).toBe(words);
  });
});

describe('flags', () => {
  it.each<[string, readonly string[], string]>([
    ['a client or a file', [], '--client ID or --file'],
    ['one of the two', ['--client', 'a', '--file', 'b'], '--client ID or --file'],
    ['a token', ['--client', 'a'], 'OPERATOR_TOKEN'],
    ['days within the record', ['--file', 'a', '--days', '401'], '1 to 400'],
    ['a profile there is', ['--file', 'a', '--profile', 'bold'], 'cautious, standard, eager'],
    ['a frequency', ['--file', 'a', '--frequency', '20'], '20/900'],
    ['numbers', ['--file', 'a', '--amount', 'ten'], 'give a number'],
    ['a URL', ['--client', 'a', '--token', 't', '--url', 'nowhere'], 'not a URL'],
    ['no others', ['--loud'], '--loud'],
  ])('ask for %s', (_, args, problem) => {
    expect(parseBacktestFlags(args, {})).toMatchObject({ kind: 'wrong', problem: expect.stringContaining(problem) });
  });

  it('are read, the token and the place from the environment', () => {
    const args = ['--client', 'harbour', '--frequency', '8/600', '--share', '0.2', '--confirm', '30', '--json'];
    const environment = { OPERATOR_TOKEN: 'secret', BREAKWATER_URL: 'https://mail.example/' };
    expect(parseBacktestFlags(args, environment)).toEqual({
      kind: 'backtest',
      flags: {
        source: { kind: 'service', client: 'harbour', url: 'https://mail.example', token: 'secret' },
        days: 90,
        asked: { frequency: { deferrals: 8, perSeconds: 600 }, share: 0.2, confirmSeconds: 30 },
        output: 'json',
        saveTo: undefined,
      },
    });
  });
});

describe('npm run backtest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backtest-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(...args: readonly string[]): { code: number | null; out: string; problem: string } {
    const program = fileURLToPath(new URL('../../../tools/backtest.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      encoding: 'utf8',
      env: { ...process.env, OPERATOR_TOKEN: '' },
    });
    return { code: status, out: stdout, problem: stderr };
  }

  it('judges a record that was saved, exactly as it was', () => {
    const material = materialOf(REFUSED_FOR_AN_HOUR);
    expect(readMaterial(writeMaterial(material))).toEqual(material);
    const file = join(folder, 'record.json');
    writeFileSync(file, writeMaterial(material));
    const { code, out } = run('--file', file, '--json', '--profile', 'cautious');
    expect(code).toBe(0);
    const { client, days, settings, failovers, falseFailovers, medianFoundAfterSeconds, now } = JSON.parse(out);
    expect({ client, days, settings, falseFailovers }).toEqual({
      client: 'harbour',
      days: 90,
      settings: numbersOf(PROFILES.cautious),
      falseFailovers: 0,
    });
    expect(failovers).toHaveLength(1);
    expect(failovers[0]).toMatchObject({ foundAfterSeconds: medianFoundAfterSeconds, isFalse: false });
    expect(now.medianFoundAfterSeconds).toBeLessThan(medianFoundAfterSeconds);
  });

  it('reads an answer of the API as it is', () => {
    const file = join(folder, 'page.json');
    const { observations } = JSON.parse(writeMaterial(materialOf(REFUSED_FOR_AN_HOUR)));
    writeFileSync(file, JSON.stringify({ observations, next: null }));
    expect(run('--file', file).out).toContain('would have had 1 failover, 0 false');
  });

  it('says what is wrong, with exit code 2 for the flags and 1 for the record', () => {
    expect(run('--file')).toMatchObject({ code: 2 });
    expect(run('--client', 'harbour')).toMatchObject({ code: 2, problem: expect.stringContaining('OPERATOR_TOKEN') });
    expect(run('--file', 'x.json', '--amount', '0')).toMatchObject({
      code: 2,
      problem: expect.stringContaining('amount'),
    });
    expect(run('--file', join(folder, 'none.json'))).toMatchObject({
      code: 1,
      problem: expect.stringContaining('no such file'),
    });
    const file = join(folder, 'strange.json');
    writeFileSync(file, '{"observations":[{"kind":"failed"}]}');
    expect(run('--file', file)).toMatchObject({ code: 1, problem: expect.stringContaining('GET …/observations') });
  });
});
