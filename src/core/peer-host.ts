/** Which hosts and ports we may open SMTP sessions to (platform.md 12). Checked when an operator sets them, with an error that helps. */
import { parseDomain } from './address.ts';

export type PeerProblem = { readonly detail: string; readonly fix: string };

/** `allowPrivate`: the explicit switch for a developer's machine. */
export function peerProblem(
  host: string,
  port: number,
  policy: { readonly allowPrivate: boolean },
): PeerProblem | undefined {
  if (port === 25 && !policy.allowPrivate) {
    return {
      detail: 'The platform does not open connections to port 25.',
      fix: 'Let the server listen for us on 587 (STARTTLS), 465 (implicit TLS) or a port of its own, with a login.',
    };
  }
  const address = ipv4(host);
  const isName = address === undefined && !host.includes(':');
  if (isName && (parseDomain(host) === undefined || /^[\d.]+$|^0x/i.test(host))) {
    return {
      detail: `"${host}" is not a host name.`,
      fix: 'Give a name such as mail.example.org, or an address such as 192.0.2.25.',
    };
  }
  if (policy.allowPrivate) return undefined;
  const isPrivate = isName ? isPrivateName(host) : address === undefined ? isPrivateIpv6(host) : isPrivateIpv4(address);
  return isPrivate
    ? {
        detail: `"${host}" is a loopback, private or reserved address, which cannot be reached from the edge.`,
        fix: "Give the server's public name or address.",
      }
    : undefined;
}

function ipv4(host: string): readonly [number, number, number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (match === null) return undefined;
  const [a = 256, b = 256, c = 256, d = 256] = match.slice(1).map(Number);
  return [a, b, c, d].every((octet) => octet <= 255) ? [a, b, c, d] : undefined;
}

// The IANA special-purpose registry, as far as SMTP could be aimed at it: server-side request forgery.
function isPrivateIpv4([a, b]: readonly [number, number, number, number]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100 && b >= 64 && b <= 127) return true;
  if (a === 169 && b === 254) return true;
  if (a === 172 && b >= 16 && b <= 31) return true;
  return (a === 192 && b === 168) || (a === 198 && (b === 18 || b === 19));
}

/** Only global unicast is public (2000::/3, RFC 4291 §2.4); addresses that carry IPv4 inside are refused whole. */
function isPrivateIpv6(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return !/^[23][0-9a-f]{3}:/.test(bare) || bare.includes('.') || bare.startsWith('2002:');
}

// Names that resolve to the machine itself or to an address written in the name.
function isPrivateName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return /(^|\.)(localhost|local|internal|home\.arpa|nip\.io|sslip\.io)$/.test(name) || !name.includes('.');
}
