/** `npm run inspect`, run as people run it, on the messages whose facts are known (test/fixtures/facts). */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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

const run = promisify(execFile);

/** As the operator's API answers about the client harbour, by what follows its id. */
async function listening(answers: Readonly<Record<string, object>>, authorizations: Set<string>) {
  const server = createServer(({ url = '', headers }, response) => {
    authorizations.add(headers.authorization ?? '');
    const answer = answers[url.replace('/api/v1/clients/harbour', '').replace(/\?.*/, '')];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { title: 'unknown', detail: url }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
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

  it('judges by the rules, sets, lists and people of a client of a running stack', async () => {
    const when = { kind: 'listed', list: 'partners', of: 'sender-domain' };
    const asked = new Set<string>();
    const stack = await listening(
      {
        '': { id: 'harbour', domains: ['harbour.example'] },
        '/filter': {
          sets: [{ set: 'own-name-impersonation', name: 'Name of one of your people', isOn: true, words: [] }],
          spam: { quarantineAt: 90, tagAt: 60 },
          scanners: [],
          whenScannerFailed: 'pass-marked',
          whenNotFullyScanned: 'pass-marked',
          quarantine: { retentionDays: 30, users: 'see', digestHours: 24 },
        },
        '/rules': { number: 3, rules: [{ id: 'r1', name: 'Partner', isOn: true, when, then: { kind: 'quarantine' } }] },
        '/lists': { lists: [{ name: 'partners', count: 1 }] },
        '/lists/partners': { name: 'partners', entries: ['partner.example'] },
        '/accounts': { accounts: [{ address: 'anna@harbour.example', name: 'Anna Berg' }] },
      },
      asked,
    );
    const mail = join(folder, 'berg.eml');
    writeFileSync(mail, 'From: "Anna Berg" <a@partner.example>\r\nTo: ben@harbour.example\r\n\r\nAt nine.\r\n');
    const flags = ['--client', 'harbour', '--url', stack.url, '--token', 'the token', '--json'];
    const { stdout } = await run(process.execPath, [join(ROOT, 'tools/inspect.ts'), mail, ...flags]);
    await stack.close();
    const { decision } = JSON.parse(stdout);
    expect(decision.verdict).toMatchObject({ kind: 'quarantine', ruleId: 'r1' });
    expect(asked).toEqual(new Set(['Bearer the token']));
    const elsewhere = JSON.parse(inspect(mail, '--json').out).decision;
    expect(elsewhere.matched).toEqual([]);
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
