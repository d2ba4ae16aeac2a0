/** Runs before each file; the first brings D1, which all files of a worker share, to the current schema. */
import { applyD1Migrations } from 'cloudflare:test';
import { testEnv } from './test-env.ts';

await applyD1Migrations(testEnv.DB, [...testEnv.MIGRATIONS]);
