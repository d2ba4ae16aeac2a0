/** Mail to the world: what may be sent in an hour, what a DKIM record says, what an SPF record lets a relay do. */
import { describe, expect, it } from 'vitest';
import { type DkimFinding, dkimFinding, dkimRecordOf, isSelector } from '../../src/core/dkim-record.ts';
import { roomFor } from '../../src/core/outbound-limits.ts';
import { type SpfResult, type SpfVerdict, spfAdvice } from '../../src/core/spf-advice.ts';

describe('a limit for an hour', () => {
  it.each([
    ['nothing to the world is always allowed', { asked: 0, sent: 500, perHour: 200 }, { kind: 'room' }],
    ['the last place is given', { asked: 1, sent: 199, perHour: 200 }, { kind: 'room' }],
    [
      'one too many waits for the oldest one to leave',
      { asked: 1, sent: 200, perHour: 200 },
      { kind: 'full', leave: 1 },
    ],
    ['several wait for several', { asked: 30, sent: 190, perHour: 200 }, { kind: 'full', leave: 20 }],
    [
      'a limit that was lowered is counted from now',
      { asked: 1, sent: 200, perHour: 50 },
      { kind: 'full', leave: 151 },
    ],
    ['what is larger than the limit never fits', { asked: 51, sent: 0, perHour: 50 }, { kind: 'too-large' }],
  ] as const)('%s', (_, sending, room) => {
    expect(roomFor(sending)).toEqual(room);
  });
});

describe('a DKIM record', () => {
  const publicKey = `MIIB${'A'.repeat(388)}`;
  const key = { domain: 'harbour.example', selector: 'breakwater-20300101', publicKey };

  it('is cut into strings that DNS can hold, which make the value when joined', () => {
    const record = dkimRecordOf(key);
    expect(record.name).toBe('breakwater-20300101._domainkey.harbour.example');
    expect(record.strings.map((text) => text.length)).toEqual([255, 155]);
    expect(record.strings.join('')).toBe(record.value);
    expect(record.value).toBe(`v=DKIM1; k=rsa; p=${publicKey}`);
    expect(record.zoneLine).toMatch(
      /^breakwater-20300101\._domainkey\.harbour\.example\. IN TXT "v=DKIM1[^"]{248}" "A+"$/,
    );
  });

  it.each<[string, readonly string[] | undefined, DkimFinding['kind']]>([
    ['as it was shown', [`v=DKIM1; k=rsa; p=${publicKey}`], 'published'],
    ['folded by a DNS host', [`v=DKIM1;k=rsa;p=${publicKey.slice(0, 200)} ${publicKey.slice(200)}`], 'published'],
    ['with tags that may be left out left out', [`p=${publicKey}`], 'published'],
    ['with a note and a last semicolon', [`v=DKIM1; n=made in May; p=${publicKey};`], 'published'],
    ['beside a record that is no key', ['made by harbour', `p=${publicKey}`], 'published'],
    ['absent', [], 'not-found'],
    ['of another key', ['v=DKIM1; k=rsa; p=MIIBother'], 'differs'],
    ['cut off', [`v=DKIM1; k=rsa; p=${publicKey.slice(0, 237)}`], 'differs'],
    ['revoked', ['v=DKIM1; p='], 'differs'],
    ['beside another key: which one counts is undefined', [`p=${publicKey}`, 'p=MIIBother'], 'differs'],
    ['of another kind', [`v=DKIM1; k=ed25519; p=${publicKey}`], 'differs'],
    ['something else altogether', ['v=spf1 -all'], 'differs'],
    ['when no resolver could say', undefined, 'cannot-tell'],
  ])('%s: %#', (_, records, kind) => {
    expect(dkimFinding(publicKey, records).kind).toBe(kind);
  });

  it.each([
    ['breakwater-2026', true],
    ['s1', true],
    ['a.b', false],
    ['-a', false],
    ['Upper', false],
    ['a'.repeat(64), false],
    ['x"; p=', false],
  ])('the selector %s', (text, isOne) => {
    expect(isSelector(text)).toBe(isOne);
  });
});

describe('the SPF record', () => {
  const at = (result: SpfResult, address = '192.0.2.1') => ({ address, result, why: `why ${result}` });
  it.each<[string, readonly ReturnType<typeof at>[], SpfVerdict, RegExp | null]>([
    ['lists every address', [at('pass'), at('pass', '2001:db8::1')], 'pass', null],
    ['lists none', [at('fail')], 'not-listed', /before its "all": ip4:192\.0\.2\.1\. .*include:/],
    ['lists one of two', [at('pass'), at('softfail', '2001:db8::1')], 'not-listed', /ip6:2001:db8::1/],
    ['says nothing about it', [at('neutral')], 'not-listed', /ip4:192\.0\.2\.1/],
    ['is not there', [at('none')], 'no-record', /v=spf1 mx ip4:192\.0\.2\.1 ~all/],
    ['cannot be evaluated', [at('pass'), at('permerror')], 'broken-record', /Mend the record/],
    ['cannot be asked for', [at('temperror')], 'cannot-tell', /later/],
    ['of a relay without an address', [], 'cannot-tell', /later/],
  ])('%s', (_, results, verdict, fix) => {
    const advice = spfAdvice({ relayHost: 'smtp.relay.example', results });
    expect(advice.verdict).toBe(verdict);
    if (fix === null) expect(advice.fix).toBeNull();
    else expect(advice.fix).toMatch(fix);
  });
});
