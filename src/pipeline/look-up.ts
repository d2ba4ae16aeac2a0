/** Questions to the DNS, asked of resolvers that are not our own; adapters/dns-records.ts answers. */

export type RecordType = 'A' | 'PTR' | 'MX' | 'TXT' | 'AAAA';

/** TXT: the strings of each record joined; MX: `10 mail.example`; names without the dot at their end. `failed`: nobody could say. */
export type Records =
  | { readonly kind: 'records'; readonly records: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed' };

/** Never throws. */
export type LookUp = (name: string, type: RecordType) => Promise<Records>;

/** undefined when nobody could say */
export async function recordsOf(
  lookUp: LookUp,
  name: string,
  type: RecordType,
): Promise<readonly string[] | undefined> {
  const said = await lookUp(name, type);
  switch (said.kind) {
    case 'records':
      return said.records;
    case 'none':
      return [];
    case 'failed':
      return undefined;
  }
}
