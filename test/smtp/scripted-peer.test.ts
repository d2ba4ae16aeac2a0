import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startPeer } from '../support/peer.ts';

test('a scripted peer greets', async () => {
  const peer = await startPeer();
  const socket = connect({ host: peer.host, port: peer.port });
  const line = await new Promise<string>((resolve, reject) => {
    socket.once('data', (data: Uint8Array) => resolve(new TextDecoder().decode(data)));
    socket.once('error', reject);
  });
  socket.destroy();
  expect(line).toMatch(/^220 /);
});
