/** Recipients the gateway has accepted (R13): told to D1 in bulk as learned accounts. */
export class Recipients {
  readonly #sql: SqlStorage;
  readonly #known = new Set<string>();
  #lastAsked = '';

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Writes only what is new, so that a day of mail to the same people writes nothing. */
  accepted(addresses: readonly string[], now: number): void {
    for (const address of addresses) {
      if (this.#known.has(address)) continue;
      this.#sql.exec(
        'INSERT INTO recipients (address, accepted_at) VALUES (?, ?) ON CONFLICT (address) DO NOTHING',
        address,
        now,
      );
      if (this.#known.size < MAX_KNOWN) this.#known.add(address);
    }
  }

  /** The gateway has taken mail for this person. */
  knows(address: string): boolean {
    return this.#sql.exec('SELECT 1 FROM recipients WHERE address = ?', address).toArray().length > 0;
  }

  /** Others each time, round and round: a server that serves some of its people must not be judged by the same three. */
  nextFew(limit: number): readonly string[] {
    const after = (address: string, count: number) =>
      this.#sql
        .exec<{ address: string }>(
          'SELECT address FROM recipients WHERE address > ? ORDER BY address LIMIT ?',
          address,
          count,
        )
        .toArray()
        .map((row) => row.address);
    const few = after(this.#lastAsked, limit);
    const all = few.length < limit ? [...new Set([...few, ...after('', limit - few.length)])] : few;
    // One of them is asked, seldom more: the next probe begins with the second.
    this.#lastAsked = all[0] ?? '';
    return all;
  }

  forget(addresses: readonly string[]): void {
    for (const address of addresses) {
      this.#sql.exec('DELETE FROM recipients WHERE address = ?', address);
      this.#known.delete(address);
    }
  }

  untold(limit: number): readonly string[] {
    return this.#sql
      .exec<{ address: string }>('SELECT address FROM recipients WHERE told = 0 LIMIT ?', limit)
      .toArray()
      .map((row) => row.address);
  }

  told(addresses: readonly string[]): void {
    for (const address of addresses) this.#sql.exec('UPDATE recipients SET told = 1 WHERE address = ?', address);
  }
}

// A gateway that accepts every address invites a dictionary attack to fill our memory; past this the table alone decides.
const MAX_KNOWN = 20_000;
