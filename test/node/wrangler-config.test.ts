/** What of wrangler.toml keeps keys out of logs and calls on the public way: a line that is lost there breaks no story. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';

const config = readConfig({ config: join(import.meta.dirname, '../../wrangler.toml') });

it('our own log lines are kept, and no invocation: its recipient and its address may be keys', () => {
  expect(config.observability).toMatchObject({ enabled: true, logs: { enabled: true, invocation_logs: false } });
});

it('a webhook is called by the front door, also one at a host of the same account', () => {
  expect(config.compatibility_flags).toContain('global_fetch_strictly_public');
});
