/** The connections of one lane: opened one after another when a row wants one, used again while they serve, closed in the end. */
import type { Cause } from '../core/outcome.ts';
import type { OpenedPeer } from './deliver.ts';

export type ConnectionNeeds = {
  open(): Promise<OpenedPeer>;
  connections(): number;
  isCurrent(peer: string): boolean;
};

export type Connection = Extract<OpenedPeer, { kind: 'open' }>;

export type Taken =
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** none more, while `open` others are */
  | { readonly kind: 'crowded'; readonly open: number; readonly cause: Cause }
  | { readonly kind: 'unreachable'; readonly cause: Cause }
  /** the lane's run is over */
  | { readonly kind: 'closed' };

export class Connections {
  readonly #needs: ConnectionNeeds;
  #idle: readonly Connection[] = [];
  #open = 0;
  #isClosed = false;
  #opening: Promise<unknown> = Promise.resolve();

  constructor(needs: ConnectionNeeds) {
    this.#needs = needs;
  }

  /** One at a time opens: a server that is away is heard of once, and one that counts connections is not rushed. */
  take(): Promise<Taken> {
    const taken = this.#opening.then(() => this.#take());
    this.#opening = taken.catch(() => undefined);
    return taken;
  }

  async #take(): Promise<Taken> {
    for (let [first, ...rest] = this.#idle; first !== undefined; [first, ...rest] = this.#idle) {
      this.#idle = rest;
      if (this.#serves(first)) return { kind: 'connection', connection: first };
      await this.#end(first);
    }
    if (this.#isClosed) return { kind: 'closed' };
    const opened = await this.#needs.open();
    if (this.#isClosed) {
      if (opened.kind === 'open') await opened.session.close();
      return { kind: 'closed' };
    }
    if (opened.kind === 'failed') {
      const { cause } = opened;
      return this.#open > 0 ? { kind: 'crowded', open: this.#open, cause } : { kind: 'unreachable', cause };
    }
    this.#open += 1;
    return { kind: 'connection', connection: opened };
  }

  /** For the next row, unless it has become unusable, or there are more than there may be. */
  async giveBack(connection: Connection): Promise<void> {
    const mayStay = !this.#isClosed && this.#open <= this.#needs.connections() && this.#serves(connection);
    if (mayStay) this.#idle = [...this.#idle, connection];
    else await this.#end(connection);
  }

  /** What is in use closes when it is given back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all(idle.map((connection) => this.#end(connection)));
  }

  #serves({ session, peer }: Connection): boolean {
    return session.usable && this.#needs.isCurrent(peer);
  }

  async #end({ session }: Connection): Promise<void> {
    this.#open -= 1;
    await session.close();
  }
}
