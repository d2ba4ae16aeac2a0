/** A person at the webmail's API: what a browser does, without one. */
import { apiError } from './operator-api.ts';

export type Listed = { readonly id: string; readonly subject: string; readonly folder: string };

export type Webmail = {
  list(folder: 'inbox' | 'sent'): Promise<readonly Listed[]>;
  read(id: string): Promise<{ readonly text: string | null; readonly messageId: string | null }>;
  /** the message as it is stored, byte for byte */
  original(id: string): Promise<Uint8Array>;
  write(draft: {
    readonly to: readonly string[];
    readonly subject: string;
    readonly text: string;
    readonly inReplyTo: string | null;
  }): Promise<void>;
};

/** Rejects with the API's own words when the login is refused. */
export async function logIn(url: string, address: string, password: string): Promise<Webmail> {
  const login = await fetch(`${url}/api/mail/login`, json('POST', { address, password }));
  if (!login.ok) throw apiError('POST /api/mail/login', login.status, await login.text());
  await login.body?.cancel();
  // A browser keeps the cookie; its attributes (Secure, __Host-) are the browser's to obey.
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${url}/api/mail${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', cookie },
    });
    const text = await response.text();
    if (!response.ok) throw apiError(path, response.status, text);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    async list(folder) {
      const all: Listed[] = [];
      let next: string | null = '';
      while (next !== null) {
        const cursor: string = next === '' ? '' : `&before=${encodeURIComponent(next)}`;
        const page = (await call(`/messages?folder=${folder}&limit=100${cursor}`)) as {
          messages: Listed[];
          next: string | null;
        };
        all.push(...page.messages);
        next = page.next;
      }
      return all;
    },
    read: async (id) => (await call(`/messages/${id}`)) as { text: string | null; messageId: string | null },
    async original(id) {
      const response = await fetch(`${url}/api/mail/messages/${id}/original`, { headers: { cookie } });
      if (!response.ok) throw apiError('original', response.status, await response.text());
      return response.bytes();
    },
    async write(draft) {
      await call('/send', json('POST', draft));
    },
  };
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
