/** The bindings that only tests have (vitest.config.ts), beside those of wrangler.toml. */
import type { D1Migration } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Bindings } from '../../src/env.ts';

export type TestBindings = Bindings & {
  readonly SERVICE_HOST: string;
  readonly OPERATOR_TOKEN: string;
  readonly INGEST_TOKEN: string;
  readonly SEAL_KEY: string;
  /** the address of the scripted peers' control server */
  readonly PEER_CONTROL: string;
  /** the platform's sending, which takes mail to it@elsewhere.example only */
  readonly SENDING: SendEmail;
  /** empty: a story brings it to the schema it wants */
  readonly EARLIER_DB: D1Database;
  readonly MIGRATIONS: readonly D1Migration[];
};

export const testEnv = env as unknown as TestBindings;
