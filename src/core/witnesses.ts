/** Who has seen the gateway fail: one sender, one mailbox or one message is no outage, however often it comes (P10). Pure. */

/** Fingerprints of the sender's and the recipient's address; a probe is a witness of its own. */
export type Witness = { readonly sender: string; readonly recipient: string };

/** At most as many of each as are asked for. */
export type Witnesses = { readonly senders: readonly string[]; readonly recipients: readonly string[] };

export const NOBODY: Witnesses = { senders: [], recipients: [] };

// Two can be a mailing list and its owner; with three it is the server.
const ASKED_FOR = 3;

export function witnessed({ senders, recipients }: Witnesses, { sender, recipient }: Witness): Witnesses {
  return { senders: joined(senders, sender), recipients: joined(recipients, recipient) };
}

export function agree({ senders, recipients }: Witnesses): boolean {
  return senders.length >= ASKED_FOR && recipients.length >= ASKED_FOR;
}

function joined(known: readonly string[], one: string): readonly string[] {
  return known.length >= ASKED_FOR || known.includes(one) ? known : [...known, one];
}
