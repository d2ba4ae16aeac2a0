/** Who is logged in, and what is going on with the mailbox. */
import type { HealthState } from '../../core/health-state.ts';
import type { Account } from '../../pipeline/stores.ts';
import type { HttpNeeds } from '../needs.ts';

/** `closed`: the company's own server works; `open`: it does not, read and write here; `read-only`: it is back, this is a record. */
export type MailboxState = 'closed' | 'open' | 'read-only';

export function mailboxState(health: HealthState, hasMailbox: boolean): MailboxState {
  if (!hasMailbox) return 'closed';
  switch (health) {
    case 'down':
    case 'recovering':
      return 'open';
    case 'up':
    case 'suspect':
    case 'tls-broken':
    case 'refused-us':
      return 'read-only';
  }
}

export async function describeMe(account: Account, needs: HttpNeeds) {
  const [mailbox, view] = await Promise.all([needs.accounts.mailboxOf(account), needs.view(account.clientId)]);
  const unread =
    mailbox === undefined ? 0 : await needs.accounts.unread({ clientId: account.clientId, mailboxId: mailbox.id });
  return {
    address: account.address,
    name: account.name,
    role: account.role,
    clientName: view.snapshot.name,
    unread,
    // Nothing of the way in may depend on it.
    quarantine: await needs
      .quarantines(account.clientId)
      .ownQuarantine(account.address)
      .catch(() => ({ users: 'nothing', count: 0 })),
    mailbox: { state: mailboxState(view.state, mailbox !== undefined), sinceMs: mailbox?.openedAt ?? null },
  };
}
