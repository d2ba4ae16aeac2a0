import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/address.ts';
import { readSystemAddress, systemAddress } from '../../src/core/system-address.ts';

const TOKEN = 'abcdefghijklmnopqrstuvwx23';

describe('readSystemAddress', () => {
  it.each([
    [`breakwater-failure-${TOKEN}@harbour.example`, 'failure'],
    [`breakwater-repair-${TOKEN}@harbour.example`, 'repair'],
    [`Breakwater-Failure-${TOKEN.toUpperCase()}@Harbour.Example`, 'failure'],
  ])('%s says %s', (text, kind) => {
    const address = parseAddress(text);
    expect(address && readSystemAddress(address)).toEqual({ kind, token: TOKEN });
  });

  it.each([
    'anna@harbour.example',
    'breakwater-failure@harbour.example',
    `breakwater-failure-${TOKEN}x@harbour.example`,
    `breakwater-failure-${TOKEN.slice(1)}@harbour.example`,
    `breakwater-drill-${TOKEN}@harbour.example`,
    `x-breakwater-failure-${TOKEN}@harbour.example`,
    `breakwater-failure-${TOKEN}+now@harbour.example`,
    `breakwater-failure-${TOKEN.slice(1)}-@harbour.example`,
  ])('%s is an ordinary address', (text) => {
    const address = parseAddress(text);
    expect(address && readSystemAddress(address)).toBeUndefined();
  });

  it('reads what systemAddress writes', () => {
    const address = parseAddress(systemAddress({ kind: 'repair', token: TOKEN }, 'harbour.example'));
    expect(address && readSystemAddress(address)).toEqual({ kind: 'repair', token: TOKEN });
  });
});
