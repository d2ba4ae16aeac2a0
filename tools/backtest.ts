/**
 * `npm run backtest -- --client ID`: the real judgement over a client's own recorded history, with its settings and with others.
 * Changes nothing. Exit code 0 when it ran, 1 when the record cannot be had, 2 when the flags are wrong.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { backtest, describeBacktest } from './backtest/backtest.ts';
import { fetchMaterial } from './backtest/fetch-record.ts';
import { type BacktestFlags, parseBacktestFlags, USAGE } from './backtest/flags.ts';
import { type Material, readMaterial, writeMaterial } from './backtest/record-file.ts';
import { STANDARD, settingsAsked } from './backtest/settings.ts';
import { operatorApi } from './stack/operator-api.ts';

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseBacktestFlags(args, process.env);
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'wrong':
      process.stderr.write(`${parsed.problem}\n\n${USAGE}`);
      return 2;
    case 'backtest':
      return run(parsed.flags);
  }
}

async function run({ source, days, asked, output, saveTo }: BacktestFlags): Promise<number> {
  try {
    settingsAsked(STANDARD, asked);
  } catch (problem) {
    process.stderr.write(`${problemOf(problem)}\n`);
    return 2;
  }
  try {
    const material = await materialFrom(source, days);
    if (saveTo !== undefined) writeFileSync(saveTo, writeMaterial(material));
    const result = backtest(material, days, asked);
    process.stdout.write(output === 'json' ? `${JSON.stringify(result)}\n` : describeBacktest(result));
    return 0;
  } catch (problem) {
    process.stderr.write(`${problemOf(problem)}\n`);
    return 1;
  }
}

async function materialFrom(source: BacktestFlags['source'], days: number): Promise<Material> {
  return source.kind === 'file'
    ? readMaterial(readFileSync(source.path, 'utf8'))
    : fetchMaterial(operatorApi(source.url, source.token), source.client, days);
}

function problemOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

process.exitCode = await main(process.argv.slice(2));
