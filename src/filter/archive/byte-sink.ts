/** Who hears bytes in order, in pieces of any size, valid during the call only. */
export type ByteSink = { write(bytes: Uint8Array): void };
