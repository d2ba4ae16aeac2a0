/** Two sets of thresholds over one record: the client's settings now, and those that were asked for. */
import { lastDays, type Material } from './record-file.ts';
import { replay } from './replay.ts';
import { type Asked, type Numbers, planOf, settingsAsked } from './settings.ts';
import { judgeFailovers, type Verdict } from './verdict.ts';
import { describeDuration, describeVerdict } from './words.ts';

type Tried = Verdict & { readonly settings: Numbers };

/** The asked settings first; `now`: the same of the client's settings as they are. */
export type Backtest = Tried & {
  readonly client: string;
  readonly days: number;
  readonly recordedSeconds: number;
  readonly now: Tried;
};

export function backtest(material: Material, days: number, asked: Asked): Backtest {
  const { client, span, settings, manner, record } = lastDays(material, days);
  const tried = (numbers: Numbers): Tried => ({
    settings: numbers,
    ...judgeFailovers(replay(record, planOf(numbers, manner), span), record, span),
  });
  return {
    client,
    days,
    recordedSeconds: Math.round((span.to - span.from) / 1000),
    ...tried(settingsAsked(settings, asked)),
    now: tried(settings),
  };
}

export function describeBacktest({ client, days, recordedSeconds, now, ...asked }: Backtest): string {
  // The first answer may be minutes after the beginning.
  const isWhole = recordedSeconds >= (days - 1) * 86_400;
  const when = isWhole
    ? `the last ${days} days`
    : `the last ${describeDuration(recordedSeconds)} (the record begins there)`;
  const isSame = JSON.stringify(asked.settings) === JSON.stringify(now.settings);
  return [
    `${client}\n`,
    describeVerdict(isSame ? 'the settings as they are' : 'these settings', when, asked.settings, asked),
    ...(isSame ? [] : [describeVerdict('the settings as they are', when, now.settings, now)]),
  ].join('\n');
}
