/**
 * Five projects: `workers` runs inside workerd with the bindings of wrangler.toml, `core` (decisions) and `node` (tools, the drill, the
 * browser) in plain Node, `real` with servers of this machine where they are installed,
 * `real-edge` the same from inside workerd.
 * All in one `npm test`, on a fresh clone, without a build and without the Internet.
 */
import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { TEST_CA_PATH } from './test/support/node/scripted-peer.ts';
import { whyNoScanner } from './tools/stack/real/installed.ts';

// workerd checks certificates against its own list plus this file, which its launcher reads when it is imported: hence the order.
process.env['NODE_EXTRA_CA_CERTS'] = TEST_CA_PATH;
const { cloudflareTest, readD1Migrations } = await import('@cloudflare/vitest-plugin');

// workerd writes everything through to the disk, and half of a story is waiting for that. Nothing of one outlives it, so memory serves,
// where there is enough: a container may have 64 MB of it, which large messages fill. The other projects keep the temporary directory.
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 1024 ** 3;
const env = { TMPDIR: tmpdir() };
if (existsSync(MEMORY) && freeBytes(MEMORY) >= ENOUGH_BYTES) process.env['TMPDIR'] = MEMORY;

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

// The real dist/web need not be built for a test of the Worker: any directory serves.
const ASSETS = join(import.meta.dirname, 'test/support/assets');

export default defineConfig({
  test: {
    // Vitest leaves one core free; of two that would be half, and a story waits for its peers and objects more than it computes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // The log of a story is of interest when it fails.
    silent: 'passed-only',
    // A failed STARTTLS handshake also rejects a promise inside the runtime's own node:tls, which nobody can reach. Its errors are
    // masked like this one; none of ours are.
    onUnhandledError: (error) => !error.message.startsWith('internal error; reference = '),
    projects: [
      {
        plugins: [
          cloudflareTest(async ({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              assets: { directory: ASSETS },
              // Under a name of its own: only the tests of the platform's sending want it.
              email: { send_email: [{ name: 'SENDING', allowed_destination_addresses: ['it@elsewhere.example'] }] },
              // As it was before a migration: for stories of a deploy that meets it.
              d1Databases: { EARLIER_DB: 'earlier' },
              bindings: {
                SERVICE_HOST: 'edge.breakwater.test',
                ALLOW_PRIVATE_PEERS: 'yes',
                // No test asks the Internet: those that want a resolver script one.
                DNS_RESOLVERS: '',
                OPERATOR_TOKEN: 'test-only-operator-token-0123456789abcdef',
                INGEST_TOKEN: 'test-only-ingest-token-0123456789abcdef',
                SEAL_KEY: 'test-only-seal-key-0123456789abcdef',
                PEER_CONTROL: inject('peerControl'),
                MIGRATIONS: await readD1Migrations(join(import.meta.dirname, 'migrations')),
              },
            },
          })),
        ],
        test: {
          name: 'workers',
          // One workerd for all files: to start one for each was half of the time. So they share D1, R2 and the objects: a story makes its
          // own client (`enrol`), its own watch, its own peers, and restores what it spies on.
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: ['test/node/**', 'test/web/**', 'test/core/**', 'test/real/**'],
          globalSetup: ['./test/support/node/global-setup.ts'],
          setupFiles: ['./test/support/apply-migrations.ts'],
          // A story of an outage is many real SMTP sessions; on a busy machine with two cores it takes its time.
          testTimeout: 30_000,
        },
      },
      // Pure decisions need no workerd, and nothing of one file can be seen in another: one worker for all of them saves a minute.
      { test: { name: 'core', include: ['test/core/**/*.test.ts'], environment: 'node', isolate: false, env } },
      {
        test: { name: 'node', include: ['test/node/**/*.test.ts', 'test/web/**/*.test.ts'], environment: 'node', env },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          exclude: ['test/real/edge/**'],
          environment: 'node',
          env,
          // After the others and one by one: what is killed in the middle must have a middle, on two cores as well.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
        },
      },
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              assets: { directory: ASSETS },
              bindings: {
                REAL_SCANNERS: inject('realScanners'),
                NO_CLAMD: whyNoScanner('clamd') ?? '',
                NO_RSPAMD: whyNoScanner('rspamd') ?? '',
              },
            },
          })),
        ],
        test: {
          name: 'real-edge',
          include: ['test/real/edge/**/*.test.ts'],
          globalSetup: ['./test/support/node/real-scanners.ts'],
          sequence: { groupOrder: 2 },
          // rspamd compiles its rules before it answers.
          testTimeout: 120_000,
        },
      },
    ],
  },
});
