/** Which hosts and ports we may open SMTP sessions to (platform.md 12). Checked when an operator sets them, with an error that helps. */
import { parseDomain } from './address.ts';
import type { TlsMode } from './client.ts';

export type PeerProblem = { readonly detail: string; readonly fix: string };

/** `allowPrivate`: the explicit switch for a developer's machine. */
export type PeerPolicy = { readonly allowPrivate: boolean };

export function peerProblem(given: string, port: number, policy: PeerPolicy): PeerProblem | undefined {
  if (port === 25 && !policy.allowPrivate) {
    return {
      detail: 'The platform does not open connections to port 25.',
      fix: 'Let the server listen for us on 587 (STARTTLS), 465 (implicit TLS) or a port of its own, with a login.',
    };
  }
  const host = plainForm(given);
  const address = ipv4(host);
  const isName = address === undefined && !host.includes(':');
  if (isName && (parseDomain(host) === undefined || isNumeric(host))) {
    return {
      detail: `"${given}" is not a host name.`,
      fix: 'Give a name such as mail.example.org, or an address such as 192.0.2.25.',
    };
  }
  if (policy.allowPrivate) return undefined;
  const isPrivate = isName ? isPrivateName(host) : address === undefined ? isPrivateIpv6(host) : isPrivateIpv4(address);
  return isPrivate
    ? {
        detail: `"${given}" is a loopback, private or reserved address, which cannot be reached from the edge.`,
        fix: "Give the server's public name or address.",
      }
    : undefined;
}

/** `consent`: somebody has said that the way may be read by others. */
export function plainTextProblem(
  tls: TlsMode,
  { allowPrivate, consent }: PeerPolicy & { readonly consent: 'given' | 'absent' },
): PeerProblem | undefined {
  if (tls !== 'none' || allowPrivate || consent === 'given') return undefined;
  return {
    detail: 'Without TLS, whoever sits on the way can read and change every message, and read the password.',
    fix: 'Give "tls": "starttls" (587) or "implicit" (465). If the way is protected by other means, say so with "plainText": "accepted".',
  };
}

/** What a resolver makes of wide digits and dots (UTS 46 §4): they must not carry an address past the table. */
function plainForm(host: string): string {
  return host.normalize('NFKC').replace(/[\u3002\uff61]/g, '.');
}

/** A last label of digits, or of 0x, is an address in one of its older forms (WHATWG URL, "ends in a number"): 127.1, 0x7f.1, 2130706433 */
function isNumeric(host: string): boolean {
  return /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(host);
}

/** Four decimal numbers without leading zeros, which some read as octal. */
function ipv4(host: string): readonly [number, number, number, number] | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (match === null || /(?:^|\.)0\d/.test(host)) return undefined;
  const [a = 256, b = 256, c = 256, d = 256] = match.slice(1).map(Number);
  return [a, b, c, d].every((octet) => octet <= 255) ? [a, b, c, d] : undefined;
}

// The IANA special-purpose registry, as far as SMTP could be aimed at it: server-side request forgery.
function isPrivateIpv4([a, b, c]: readonly [number, number, number, number]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100 && b >= 64 && b <= 127) return true;
  if (a === 169 && b === 254) return true;
  if (a === 172 && b >= 16 && b <= 31) return true;
  if (a === 192 && b === 0 && c === 0) return true;
  return (a === 192 && b === 168) || (a === 198 && (b === 18 || b === 19));
}

/**
 * Only global unicast is public (2000::/3, RFC 4291 §2.4). Addresses that carry an IPv4 address inside are refused whole: those with dots,
 * 6to4 (2002::/16, RFC 3056) and Teredo (2001::/32, RFC 4380).
 */
function isPrivateIpv6(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (!/^[23][\da-f]{3}:[\da-f:]+$/.test(bare)) return true;
  return bare.startsWith('2002:') || /^2001:(?:0{0,4}:)/.test(bare);
}

// Names that resolve to the machine itself or to an address written in the name, and those that no public resolver knows.
function isPrivateName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return PRIVATE_NAMES.test(name) || !name.includes('.');
}

const PRIVATE_NAMES =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|invalid|onion|nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me)$/;
