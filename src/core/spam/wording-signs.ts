/** Signs of what is said. Words alone weigh little, unless they belong together: who threatens *and* asks *and* wants a click. */
import { isFreeMail } from './known-hosts.ts';
import type { Reading } from './reading.ts';
import { type Sign, when } from './sign.ts';
import { phrasesOf, type Topic, topicsOf } from './wordings.ts';

const TOPICS: readonly (readonly [Topic, number, string])[] = [
  ['credentials', 4, 'asks to confirm an account'],
  ['threat', 6, 'threatens with the loss of something'],
  ['prize', 7, 'promises a prize'],
  ['fortune', 9, 'speaks of a fortune to share'],
  ['crypto', 12, 'speaks of crypto money to be had'],
  ['gambling', 10, 'invites to gamble'],
  ['dating', 10, 'offers acquaintances'],
  ['medicine', 10, 'offers medicine'],
  ['loans', 7, 'offers a loan or an insurance'],
  ['riches', 8, 'promises riches'],
  ['bulk', 9, 'offers to send or to be found'],
  ['goods', 4, 'presses to buy'],
  ['excuse', 4, 'excuses itself for being sent'],
  ['greeting', 4, 'greets nobody by name'],
  ['parcel', 6, 'speaks of a parcel that is held'],
  ['callback', 6, 'speaks of a charge that a call would undo'],
  ['hurry', 4, 'presses for time'],
  ['court', 4, 'speaks with the voice of an office'],
];

export const WORDING_SIGNS: readonly Sign[] = [
  ...TOPICS.map(
    ([topic, points, words]): Sign => ({
      name: `words-${topic}`,
      points,
      see: (reading) => when(topics(reading).has(topic), words),
    }),
  ),
  { name: 'topic-in-subject', points: 8, see: topicInSubject },
  { name: 'threat-and-click', points: 8, see: threatAndClick },
  { name: 'fortune-by-letter', points: 10, see: fortuneByLetter },
  {
    name: 'fortune-story',
    points: 12,
    see: (reading) =>
      when(
        !reading.facts.headers.isReply &&
          topics(reading).has('fortune') &&
          phrasesOf('fortune', reading.text.slice(0, MAX_THEME)) >= 3,
        'tells the story of a fortune',
      ),
  },
  { name: 'call-this-number', points: 12, see: callThisNumber },
  {
    name: 'many-topics',
    points: 8,
    see: (reading) =>
      when(
        TOPICS.filter(([topic]) => topics(reading).has(topic)).length >= 4,
        'says many of the things that spam says',
      ),
  },
];

// Honest mail has these in its subject only when it answers.
const TELLING: readonly Topic[] = [
  'threat',
  'prize',
  'fortune',
  'crypto',
  'gambling',
  'dating',
  'medicine',
  'loans',
  'riches',
  'bulk',
  'parcel',
];

// What a message is about is said early; a long one touches everything somewhere.
const MAX_THEME = 4_000;

const known = new WeakMap<Reading, ReadonlySet<Topic>>();

/** One look for all signs of one reading. */
function topics(reading: Reading): ReadonlySet<Topic> {
  const before = known.get(reading);
  if (before !== undefined) return before;
  const found = topicsOf(reading.text.slice(0, MAX_THEME));
  known.set(reading, found);
  return found;
}

/** What the subject and the name of the sender are about is what the message is about. */
function topicInSubject({ facts, subject, name }: Reading): string | undefined {
  if (facts.headers.isReply) return undefined;
  const found = topicsOf(`${name} ; ${subject}`);
  return when(
    TELLING.some((topic) => found.has(topic)),
    'its subject is one that spam has',
  );
}

function threatAndClick(reading: Reading): string | undefined {
  const found = topics(reading);
  const isAsking = found.has('credentials') || found.has('threat') || found.has('parcel') || found.has('court');
  const elsewhere = reading.linkDomains.size > 0 && !reading.linkDomains.has(reading.fromDomain);
  return when(
    isAsking && (found.has('threat') || found.has('press')) && elsewhere,
    'urges to click, and the link does not lead to the sender',
  );
}

/** The link is a telephone: nothing for a filter to look at, so the story is all there is. */
function callThisNumber(reading: Reading): string | undefined {
  const { text, facts } = reading;
  const hasNumber = /(?:\+?1[-. (]{0,2})?\(?\d{3}\)?[-. )]{1,2}\d{3}[-. ]\d{4}\b/.test(text);
  return when(
    topics(reading).has('callback') && hasNumber && !facts.headers.isReply && /[$€]|usd/.test(text),
    'a charge that was never made, and a number to call',
  );
}

function fortuneByLetter(reading: Reading): string | undefined {
  const {
    facts: { headers },
    fromDomain,
    text,
  } = reading;
  const reply = headers.replyTo.some(({ address }) => isFreeMail(address.split('@')[1] ?? ''));
  return when(
    topics(reading).has('fortune') &&
      (isFreeMail(fromDomain) || reply || /[\w.]+@(?:gmail|yahoo|outlook|hotmail|aol|yandex|proton)\w*\./.test(text)),
    'a fortune is offered from a free address',
  );
}
