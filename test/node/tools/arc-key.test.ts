import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-arc-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('makes a key for its owner alone, and the record that verifies it; never writes over one', () => {
  const file = join(folder, 'arc.pem');
  const made = arcKey('edge.example', '--selector', 'arc1', '--out', file);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const spki = createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'der' }).toString('base64');
  const record = `v=DKIM1; k=rsa; p=${spki}`;
  expect(made.stdout).toContain(
    `arc1._domainkey.edge.example. IN TXT "${record.slice(0, 255)}" "${record.slice(255)}"`,
  );
  expect(made.stdout).toContain(`\n${record}\n`);
  expect(made.stdout).toContain(`secret put ARC_KEY < ${file}`);
  expect(made.stdout).not.toContain('PRIVATE KEY');
  const again = arcKey('edge.example', '--out', file);
  expect(again).toMatchObject({ status: 2, stdout: '' });
  expect(again.stderr).toContain('EEXIST');
});

test('without a file the key is shown; a name that is none is refused', () => {
  expect(arcKey('edge.example').stdout).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  expect(arcKey('not a name')).toMatchObject({ status: 2, stdout: '' });
  expect(arcKey()).toMatchObject({ status: 2, stdout: '' });
});

function arcKey(...args: readonly string[]) {
  return spawnSync(process.execPath, ['tools/arc-key.ts', ...args], { encoding: 'utf8' });
}
