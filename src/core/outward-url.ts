/**
 * Which URLs we may be made to call: whoever sets one must not lead us to what only we can reach (server-side request forgery). Pure.
 */
import { type PeerProblem, peerProblem } from './peer-host.ts';

export type OutwardUrlPolicy = {
  /** the explicit switch for a developer's machine */
  readonly allowPrivate: boolean;
  /** under which this deployment is reached itself, in lower case */
  readonly ownHosts: readonly string[];
};

export function outwardUrlProblem(text: string, policy: OutwardUrlPolicy): PeerProblem | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { detail: 'This is no URL that can be called.', fix: 'Give one such as https://name.example.org/path.' };
  // A log or an error message that names the host must not carry a password along.
  if (url.username !== '' || url.password !== '')
    return { detail: 'The URL holds a user name or a password.', fix: 'Leave it out.' };
  if (policy.allowPrivate) return undefined;
  if (url.protocol === 'http:')
    return { detail: 'What is sent there must not be read on the way.', fix: 'Give a URL with https.' };
  if (!HTTPS_PORTS.has(url.port))
    return { detail: `Port ${url.port} is not called.`, fix: 'Give a URL whose server listens on 443 or 8443.' };
  if (policy.ownHosts.includes(url.hostname.replace(/\.$/, '')))
    return { detail: 'That is this service itself.', fix: 'Give the URL of another server.' };
  return peerProblem(url.hostname, HTTPS_PORT, policy);
}

const HTTPS_PORT = 443;
// '' is 443. Whether another port is open, and what answers there, is nobody's to find out through us.
const HTTPS_PORTS: ReadonlySet<string> = new Set(['', '8443']);
