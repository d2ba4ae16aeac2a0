/** An SMTP server that is not of our making (npm smtp-server), for logins: what it says of a login is nobody's reading but its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerAuthentication } from 'smtp-server';
import type { LoginServerOptions } from '../behaviour.ts';

const CERTIFICATES = join(import.meta.dirname, '../certificates');

export type LoginServer = { readonly port: number; stop(): Promise<void> };

export async function startLoginServer(options: LoginServerOptions): Promise<LoginServer> {
  const server = new SMTPServer({
    secure: false,
    key: readFileSync(join(CERTIFICATES, 'test-only.key')),
    cert: readFileSync(join(CERTIFICATES, 'test-only-localhost.pem')),
    authMethods: [options.mechanism],
    disableReverseLookup: true,
    logger: false,
    onAuth(auth: SMTPServerAuthentication, _session, callback) {
      const isRight =
        auth.username === options.username &&
        (auth.method === 'XOAUTH2'
          ? auth.accessToken === options.accessToken
          : auth.method === 'CRAM-MD5'
            ? auth.validatePassword(options.password)
            : auth.password === options.password);
      callback(isRight ? null : new Error('Not you'), isRight ? { user: auth.username } : undefined);
    },
    onData(stream, _session, callback) {
      stream.resume();
      stream.on('end', () => callback());
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
