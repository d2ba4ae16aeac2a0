/**
 * The one door to mailauth (SPF, DKIM, DMARC, ARC), and what it needs to work in workerd. It is loaded when it is first asked: its
 * public suffix list and schemas are no burden to the accept path.
 */
import crypto from 'node:crypto';

export type Mailauth = Awaited<ReturnType<typeof load>>;

let loaded: Promise<Mailauth> | undefined;

export function mailauth(): Promise<Mailauth> {
  loaded ??= load();
  return loaded;
}

async function load() {
  acceptSignatureNames();
  // By file: the package's main entry brings BIMI with it, and that an XML parser.
  const [dkim, spf, dmarc, arc] = await Promise.all([
    import('mailauth/lib/dkim/verify.js'),
    import('mailauth/lib/spf/index.js'),
    import('mailauth/lib/dmarc/index.js'),
    import('mailauth/lib/arc/index.js'),
  ]);
  return { dkimVerify: dkim.dkimVerify, spf: spf.spf, dmarc: dmarc.dmarc, arc: arc.arc };
}

/** OpenSSL knows `rsa-sha256` as a digest, BoringSSL under workerd says "Unknown digest" to it. Other callers never give such a name. */
function acceptSignatureNames(): void {
  const { verify } = crypto;
  Object.assign(crypto, {
    verify(algorithm: unknown, ...rest: unknown[]): unknown {
      const digest = typeof algorithm === 'string' ? algorithm.replace(/^rsa-/i, '') : algorithm;
      return Reflect.apply(verify, crypto, [digest, ...rest]);
    },
  });
}
