/** Which URLs a webhook may have: whoever sets one must not make us call what only we can reach (server-side request forgery). Pure. */
import { type PeerProblem, peerProblem } from './peer-host.ts';

/** `allowPrivate`: the explicit switch for a developer's machine. */
export function webhookUrlProblem(text: string, policy: { readonly allowPrivate: boolean }): PeerProblem | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { detail: 'A webhook is called by HTTP.', fix: 'Give a URL such as https://hooks.example.org/breakwater.' };
  // A log or an error message that names the host must not carry a password along.
  if (url.username !== '' || url.password !== '')
    return { detail: 'The URL holds a user name or a password.', fix: 'Leave it out: every call is signed.' };
  if (policy.allowPrivate) return undefined;
  if (url.protocol === 'http:')
    return { detail: 'What happens to a client is not sent in the clear.', fix: 'Give a URL with https.' };
  return peerProblem(url.hostname, HTTPS_PORT, policy);
}

/** What of a webhook's URL may stand in a log or the timeline: services put secrets into the path. */
export function webhookName(text: string): string {
  return URL.parse(text)?.host ?? 'a webhook';
}

const HTTPS_PORT = 443;
