/** What is wrong with a plan of probes that its own shape does not show: whom it would write to. */
import type { z } from '@hono/zod-openapi';
import { parseAddress } from '../../core/address.ts';
import type { probeSchema } from '../../pipeline/settings.ts';

type Plan = Pick<z.infer<typeof probeSchema>, 'address' | 'testMessage'>;

/** Only addresses of the client's own: a probe to somebody else's would be mail that nobody asked for. */
export function probeIssues({ address, testMessage }: Plan, domains: readonly string[]) {
  if (address === null) {
    const message = 'a test message needs somebody who takes it: set probe.address as well';
    return testMessage ? [{ path: ['probe', 'testMessage'], message }] : [];
  }
  const parsed = parseAddress(address);
  if (parsed !== undefined && domains.includes(parsed.domain)) return [];
  const own =
    domains.length === 0
      ? 'this client has no domain yet, so add one first and PATCH the address then'
      : `use an address at ${domains.join(' or ')}`;
  const domain = parsed?.domain ?? address;
  return [{ path: ['probe', 'address'], message: `${domain} is not a domain of this client: ${own}` }];
}
