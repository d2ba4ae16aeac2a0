/** Every scenario of test/simulations comes out as its file says; a new case is a new file. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../tools/simulate/engine.ts';
import { readScenario, type Scenario } from '../../../tools/simulate/scenario.ts';
import { judgeRun } from '../../../tools/simulate/verdict.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'test/simulations');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function scenarioIn(file: string): Scenario {
  const read = readScenario(readFileSync(join(FOLDER, file), 'utf8'));
  if (read.kind === 'invalid') throw new Error(`${file}: ${read.problem}`);
  return read.scenario;
}

describe('the judgement, on recorded kinds of trouble', () => {
  it.each(FILES)('%s', (file) => {
    const scenario = scenarioIn(file);
    const run = simulate(scenario);
    const verdict = judgeRun(scenario, run);
    expect(verdict.unmet).toEqual([]);
    expect(verdict.falseFailover).toBe(false);
    // R25: whatever happened, every message is somewhere.
    const { arrived, delivered, kept, bounced } = verdict.mail;
    expect(delivered + kept + bounced).toBe(arrived);
  });

  it.each([
    [1, 0.2],
    [2, 1],
    [3, 5],
  ])(
    'chance %i and %f times the traffic change nothing about what is no outage',
    (seed, factor) => {
      const harmless = FILES.map(scenarioIn).filter(
        ({ expect: expected, traffic }) =>
          expected.failover === false && traffic.every((one) => one.messagesPerMinute <= 60),
      );
      expect(harmless.length).toBeGreaterThan(8);
      for (const scenario of harmless) {
        const traffic = scenario.traffic.map((one) => ({ ...one, messagesPerMinute: one.messagesPerMinute * factor }));
        const { failovers } = judgeRun(scenario, simulate({ ...scenario, traffic, seed }));
        expect(`${scenario.name}: ${failovers}`).toBe(`${scenario.name}: 0`);
      }
    },
    30_000,
  );
});

describe('npm run simulate', () => {
  const run = promisify(execFile);
  const simulateFile = (file: string, ...flags: string[]) =>
    run(process.execPath, [join(ROOT, 'tools/simulate.ts'), file, ...flags]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (problem: { code: number; stdout: string; stderr: string }) => problem,
    );

  it('prints the verdict as JSON, and exits with 0 when the expectation is met', async () => {
    const { code, stdout } = await simulateFile(join(FOLDER, 'host-refuses.json'), '--json');
    expect(code).toBe(0);
    const verdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({ failovers: 1, falseFailover: false, met: true });
    expect(verdict.firstDownAtSeconds).toBeGreaterThan(600);
    expect(verdict.firstDownAtSeconds).toBeLessThanOrEqual(720);
    expect(verdict.transitions[0]).toMatchObject({ from: 'up', to: 'suspect' });
  });

  it('a file that cannot be used is refused with the place and what to change', async () => {
    const { code, stderr } = await simulateFile(join(ROOT, 'package.json'));
    expect(code).toBe(2);
    expect(stderr).toContain('Unrecognized');
  });
});
