/** What is wrong with addresses for notices that their own shape does not show. */
import { parseAddress } from '../../core/address.ts';

/**
 * None at the client's own domains (P9): a notice there waits with everything else until the server is repaired, and in the emergency
 * its link is in a mailbox of the webmail, where it is not meant to be.
 */
export function noticeIssues(addresses: readonly string[], domains: readonly string[], field: string) {
  return addresses.flatMap((address, index) => {
    const domain = parseAddress(address)?.domain;
    if (domain === undefined || !domains.includes(domain)) return [];
    const message = `${address} is at ${domain}, which is down when you are to be told: use an address that does not depend on this client's server`;
    return [{ path: [field, index], message }];
  });
}
