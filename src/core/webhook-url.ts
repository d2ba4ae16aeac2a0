/** Which URLs a webhook may have: whoever sets one must not make us call what only we can reach (server-side request forgery). Pure. */
import { type PeerProblem, peerProblem } from './peer-host.ts';

export type WebhookUrlPolicy = {
  /** the explicit switch for a developer's machine */
  readonly allowPrivate: boolean;
  /** under which this deployment is reached itself, in lower case */
  readonly ownHosts: readonly string[];
};

export function webhookUrlProblem(text: string, policy: WebhookUrlPolicy): PeerProblem | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { detail: 'A webhook is called by HTTP.', fix: 'Give a URL such as https://hooks.example.org/breakwater.' };
  // A log or an error message that names the host must not carry a password along.
  if (url.username !== '' || url.password !== '')
    return { detail: 'The URL holds a user name or a password.', fix: 'Leave it out: every call is signed.' };
  if (policy.allowPrivate) return undefined;
  if (url.protocol === 'http:')
    return { detail: 'What happens to a client is not sent in the clear.', fix: 'Give a URL with https.' };
  if (!HTTPS_PORTS.has(url.port))
    return { detail: `Webhooks are not called on port ${url.port}.`, fix: 'Let the receiver listen on 443 or 8443.' };
  if (policy.ownHosts.includes(url.hostname.replace(/\.$/, '')))
    return { detail: 'That is this service itself.', fix: 'Give the URL of a receiver of your own.' };
  return peerProblem(url.hostname, HTTPS_PORT, policy);
}

/** What of a webhook's URL may stand in a log or the timeline: services put secrets into the path. */
export function webhookName(text: string): string {
  return URL.parse(text)?.host ?? 'a webhook';
}

const HTTPS_PORT = 443;
// '' is 443. Whether another port is open, and what answers there, is nobody's to find out through us.
const HTTPS_PORTS: ReadonlySet<string> = new Set(['', '8443']);
