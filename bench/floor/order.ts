/** What the bench asks of the floor Worker. */

/** As JSON in the body of the request. */
export type FloorOrder = {
  readonly port: number;
  readonly connections: number;
  readonly messages: number;
  readonly content: string;
  readonly head: string;
  /** whether the bytes lie in memory, or are fetched from R2 for each message as the replay has to */
  readonly bytes: 'in-memory' | 'in-r2';
};
