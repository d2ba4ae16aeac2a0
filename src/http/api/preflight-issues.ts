/** What is wrong with a plan of preflights that its own shape does not show: whom it would write to. */
import { parseAddress } from '../../core/address.ts';
import type { ClientSettings } from '../../pipeline/settings.ts';

/** Only addresses of the client's own: a preflight to somebody else's would be mail that nobody asked for. */
export function preflightIssues(
  { address }: ClientSettings['preflight'],
  domains: readonly string[],
  path: readonly string[],
) {
  const domain = parseAddress(address ?? '')?.domain;
  if (address === null || (domain !== undefined && domains.includes(domain))) return [];
  const fix =
    domains.length === 0
      ? 'this client has no domain yet, so add one first and set the address then'
      : `use an address at ${domains.join(' or ')}`;
  return [{ path, message: `${domain ?? address} is not a domain of this client: ${fix}` }];
}
