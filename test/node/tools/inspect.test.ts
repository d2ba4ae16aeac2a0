/** `npm run inspect`, run as people run it, on the messages whose facts are known (test/fixtures/facts). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { attached, text, zip } from '../../filter/archives.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FACTS = join(ROOT, 'test/fixtures/facts');
const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `name`: of a message in test/fixtures/facts, or where it is */
function inspect(name: string, ...flags: readonly string[]): { code: number | null; out: string; problem: string } {
  const args = [join(ROOT, 'tools/inspect.ts'), isAbsolute(name) ? name : join(FACTS, `${name}.eml`), ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status, out: stdout, problem: stderr };
}

function planFile(plan: unknown): string {
  const path = join(folder, 'plan.json');
  writeFileSync(path, JSON.stringify(plan));
  return path;
}

describe('npm run inspect', () => {
  it('shows what the filter saw, which rules matched, and the verdict', () => {
    const { code, out } = inspect('program-in-zip');
    expect(code).toBe(0);
    expect(out).toContain('"invoice.zip" application/zip, truly archive');
    expect(out).toContain('docs/invoice.pdf.exe, 268 bytes, executable');
    expect(out).toMatch(/^ {2}\d+ of 100: (?:ham|unsure|spam)$/m);
    expect(out).toMatch(/^ {2}yes When it comes from outside and \(an attachment/m);
    expect(out).toMatch(/^ {2}quarantine: Dangerous attachment/m);
  });

  it('gives facts and decision as JSON', () => {
    const { facts, decision } = JSON.parse(inspect('test-virus', '--json').out);
    expect(facts.threats).toEqual([{ name: 'EICAR-Test-File', path: '2' }]);
    expect(facts.spam.score).toBeTypeOf('number');
    expect(decision.verdict.kind).toBe('quarantine');
  });

  it('judges by the plan in a file, and the envelope that is given', () => {
    const rule = {
      name: 'Partner',
      isOn: true,
      when: { kind: 'address', of: 'sender', matches: ['@partner.example'] },
      then: { kind: 'reject', text: 'Not today.' },
    };
    const plan = planFile({ rules: [rule], ownDomains: ['client.example'] });
    expect(inspect('letter', '--client', plan, '--from', 'x@partner.example').out).toMatch(/^ {2}reject: /m);
    expect(inspect('letter', '--client', plan).out).toMatch(/^ {2}accept$/m);
  });

  it('says what is wrong with a plan', () => {
    const { code, problem } = inspect('letter', '--client', planFile({ sets: ['everything'] }));
    expect(code).toBe(2);
    expect(problem).toContain('sets[0]');
  });

  it('says when there is no stack to ask for a client', () => {
    const { code, problem } = inspect('letter', '--client', 'harbour', '--url', 'http://127.0.0.1:9', '--token', 'x');
    expect(code).toBe(2);
    expect(problem).toContain('npm start makes one, --url says where it is');
  });

  it('takes the recipient for one of the client when nobody says which client it is', () => {
    const path = join(folder, 'look-alike.eml');
    writeFileSync(path, 'From: anna@harb0ur.example\r\nTo: ben@harbour.example\r\nSubject: x\r\n\r\nx\r\n');
    expect(inspect(path).out).toMatch(/^ {2}quarantine: .*rule set:own-domain-look-alike/m);
    expect(inspect(path, '--to', 'ben@elsewhere.example').out).toMatch(/^ {2}accept$/m);
    expect(inspect(path, '--client', planFile({ ownDomains: [] })).out).toMatch(/^ {2}accept$/m);
  });

  it('says what to give instead of a directory', () => {
    expect(inspect(folder)).toMatchObject({
      code: 2,
      problem: expect.stringContaining('give the file of one message'),
    });
  });

  it('says when there is no such file', () => {
    expect(inspect('no-such-letter')).toMatchObject({ code: 2, problem: expect.stringContaining('no such file') });
  });

  it('lets no message move the cursor of who reads about it', () => {
    const path = join(folder, 'turned.eml');
    writeFileSync(path, attached('a.zip', zip({ 'x\u001b[2J\u202efdp.exe': text('x') })));
    expect(inspect(path).out).toContain('x<U+001B>[2J<U+202E>fdp.exe, 1 bytes');
  });
});
