/** A scanner as its form holds it, every field as text; and what the API is given of those that stay. Pure. */
import type { GivenScanner, Scanner, WhenFailed } from './filter-api.ts';

export type ScannerDraft = {
  readonly kind: Scanner['kind'];
  readonly url: string;
  readonly secret: string;
  readonly host: string;
  readonly port: string;
  readonly tls: 'none' | 'implicit';
  readonly whenFailed: WhenFailed;
};
export type ScannerErrors = Readonly<Partial<Record<'url' | 'host' | 'port', string>>>;
type ReadScanner =
  | { readonly kind: 'read'; readonly scanner: GivenScanner }
  | { readonly kind: 'wrong'; readonly errors: ScannerErrors };

export const SCANNER_KINDS: readonly (readonly [value: Scanner['kind'], words: string])[] = [
  ['rspamd', 'rspamd'],
  ['clamd', 'clamd (ClamAV)'],
  ['http', 'Another, by HTTP'],
];

export function emptyScanner(): ScannerDraft {
  return { kind: 'rspamd', url: '', secret: '', host: '', port: '3310', tls: 'implicit', whenFailed: 'pass-marked' };
}

/** `tls` none is a choice made with open eyes: the form says what it means. */
export function readScanner(draft: ScannerDraft): ReadScanner {
  const { kind, whenFailed } = draft;
  if (kind === 'clamd') {
    const port = Number(draft.port);
    const errors = {
      ...(draft.host.trim() === '' ? { host: 'Enter a host name or an address.' } : {}),
      ...(Number.isInteger(port) && port > 0 && port < 65_536 ? {} : { port: 'Enter a port, as 3310.' }),
    };
    if (Object.keys(errors).length > 0) return { kind: 'wrong', errors };
    const plain = draft.tls === 'none' ? { plainText: 'accepted' as const } : {};
    return { kind: 'read', scanner: { kind, host: draft.host.trim(), port, tls: draft.tls, ...plain, whenFailed } };
  }
  if (!/^https?:\/\/\S+$/.test(draft.url.trim()))
    return { kind: 'wrong', errors: { url: 'Enter a URL with https://.' } };
  const secret = draft.secret === '' ? {} : { secret: draft.secret };
  return { kind: 'read', scanner: { kind, url: draft.url.trim(), ...secret, whenFailed } };
}

/** One that stays as it is, with the secret it has. */
export function keptScanner(scanner: Scanner): GivenScanner {
  switch (scanner.kind) {
    case 'clamd': {
      const { kind, host, port, tls, whenFailed } = scanner;
      return { kind, host, port, tls, ...(tls === 'none' ? { plainText: 'accepted' } : {}), whenFailed };
    }
    case 'rspamd':
    case 'http': {
      const { kind, url, whenFailed, hasSecret } = scanner;
      return { kind, url, whenFailed, ...(hasSecret ? { storedSecret: 'kept' } : {}) };
    }
  }
}
