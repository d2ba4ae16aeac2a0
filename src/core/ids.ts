/** Ids are branded so that one client's id can never be passed where another kind is meant. Made by adapters/ids.ts. */
export type ClientId = string & { readonly brand: 'ClientId' };
export type MessageId = string & { readonly brand: 'MessageId' };
export type OutageId = string & { readonly brand: 'OutageId' };
export type AccountId = string & { readonly brand: 'AccountId' };
export type MailboxId = string & { readonly brand: 'MailboxId' };

const CLIENT_ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** A client id is a short slug an operator can type: it stands in URLs and in storage keys. */
export function parseClientId(text: string): ClientId | undefined {
  return CLIENT_ID.test(text) ? (text as ClientId) : undefined;
}
