import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatRoute, parseRoute, type Route } from '../../src/web/mail/route.ts';

describe('every screen has an address', () => {
  test.each<[string, Route]>([
    ['/', { kind: 'folder', folder: 'inbox' }],
    ['/mail', { kind: 'folder', folder: 'inbox' }],
    ['/mail/', { kind: 'folder', folder: 'inbox' }],
    ['/mail/sent', { kind: 'folder', folder: 'sent' }],
    ['/mail/m/0192-ab', { kind: 'message', id: '0192-ab' }],
    ['/mail/m/a%2Fb', { kind: 'message', id: 'a/b' }],
    ['/mail/compose', { kind: 'compose', answer: undefined }],
    ['/mail/compose?reply=7', { kind: 'compose', answer: { kind: 'reply', id: '7' } }],
    ['/mail/compose?reply-all=7', { kind: 'compose', answer: { kind: 'reply-all', id: '7' } }],
    ['/mail/compose?reply=', { kind: 'compose', answer: undefined }],
    ['/mail/m', { kind: 'unknown' }],
    ['/mail/m/1/2', { kind: 'unknown' }],
    ['/mail/quarantine', { kind: 'quarantine' }],
    ['/mail/quarantine/0192-ab', { kind: 'quarantined', id: '0192-ab' }],
    ['/mail/quarantine/1/2', { kind: 'unknown' }],
    ['/mail/trash', { kind: 'unknown' }],
    ['/elsewhere', { kind: 'unknown' }],
    ['/mail/m/%E0%A4%A', { kind: 'message', id: '%E0%A4%A' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });

  it('which leads back to the same screen, whatever the id', () => {
    const id = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '.' && text !== '..');
    const route = fc.oneof(
      id.map((text) => ({ kind: 'message' as const, id: text })),
      id.map((text) => ({ kind: 'quarantined' as const, id: text })),
      fc
        .tuple(fc.constantFrom('reply' as const, 'reply-all' as const), id)
        .map(([kind, text]) => ({ kind: 'compose' as const, answer: { kind, id: text } })),
    );
    fc.assert(
      fc.property(route, (one) => {
        expect(parseRoute(formatRoute(one))).toEqual(one);
      }),
    );
  });
});
