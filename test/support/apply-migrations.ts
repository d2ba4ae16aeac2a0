/** Every test file gets its own D1 (storage is isolated per file): bring it to the current schema before the tests. */
import { applyD1Migrations } from 'cloudflare:test';
import { testEnv } from './test-env.ts';

await applyD1Migrations(testEnv.DB, [...testEnv.MIGRATIONS]);
