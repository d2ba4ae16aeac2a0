/** Runs once in Node before the tests in workerd: the peers' control server, whose address the tests get as PEER_CONTROL. */
import type { TestProject } from 'vitest/node';
import { startPeerControl } from './peer-control.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly peerControl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const control = await startPeerControl();
  project.provide('peerControl', control.url);
  return () => control.stop();
}
