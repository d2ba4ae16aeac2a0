/**
 * `npm run train:base -- DIR`: makes src/filter/base-model.ts from DIR/ham and DIR/spam. Only mail whose licence allows that a count of
 * its words is shipped may be in there; the counts are all that is kept.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probabilityOf } from '../src/core/spam/bayes.ts';
import { EMPTY_MODEL, kept, learn, type SpamModel } from '../src/core/spam/model.ts';
import { bytesOfModel } from '../src/core/spam/model-bytes.ts';
import { tokensOf } from '../src/core/spam/tokens.ts';
import { factsOf, labelledFiles, WrongInput } from './evaluate-filter/mail.ts';

const TARGET = join(import.meta.dirname, '../src/filter/base-model.ts');
// Seen in one message only, a word is an accident; near to the middle it is left out of every score (core/spam/bayes.ts).
const MIN_SEEN = 2;
const MIN_DISTANCE = 0.05;

function main([place, ...more]: readonly string[]): number {
  if (place === undefined || more.length > 0) return complain('npm run train:base -- DIR    DIR holds ham/ and spam/');
  try {
    const files = [...labelledFiles(join(place, 'ham'), 'ham'), ...labelledFiles(join(place, 'spam'), 'spam')];
    const lessons = files.map((file) => ({ label: file.label, tokens: tokensOf(factsOf(file)) }));
    const model = telling(learn(EMPTY_MODEL, lessons));
    const text = Buffer.from(bytesOfModel(model)).toString('base64');
    writeFileSync(TARGET, moduleOf(text));
    process.stdout.write(`${files.length} messages, ${model.buckets.length} buckets, ${text.length} characters\n`);
    return 0;
  } catch (problem) {
    if (problem instanceof WrongInput) return complain(problem.message);
    throw problem;
  }
}

function telling(model: SpamModel): SpamModel {
  return kept(model, (index) => {
    const seen = (model.ham[index] ?? 0) + (model.spam[index] ?? 0);
    return seen >= MIN_SEEN && Math.abs(probabilityOf(model, index) - 0.5) >= MIN_DISTANCE;
  });
}

function moduleOf(base64: string): string {
  return `/**
 * The model that is shipped: in how many honest and spam messages the words of mail were that may be used so. Made by
 * \`npm run train:base\`; docs/spam.md says from what. Old mail, mostly of lists: a beginning, until a client has taught its own.
 */
import { EMPTY_MODEL, type SpamModel } from '../core/spam/model.ts';
import { modelOfBytes } from '../core/spam/model-bytes.ts';

let decoded: SpamModel | undefined;

/** Decoded when it is first wanted: a few milliseconds that the start of an isolate shall not wait for. */
export function baseModel(): SpamModel {
  decoded ??= modelOfBytes(Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0))) ?? EMPTY_MODEL;
  return decoded;
}

const BASE64 =
  '${base64}';
`;
}

function complain(problem: string): number {
  process.stderr.write(`${problem}\n`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
