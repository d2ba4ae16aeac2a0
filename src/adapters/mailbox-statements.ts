/** What D1 does for people who come while mailboxes are open, however we heard of them: entered by hand, imported, learned. */

/**
 * ?1 client, ?2 JSON array of objects with `address`, ?3 epoch ms. The unclaimed box is opened with all others: when it is not
 * there, mailboxes have never been open, and nobody gets one.
 */
export const OPEN_THEIR_MAILBOXES = `
  INSERT INTO mailboxes (id, client_id, kind, address, opened_at, opened_outage_id)
  SELECT a.id, ?1, 'account', a.address, ?3, u.opened_outage_id FROM accounts a
    JOIN mailboxes u ON u.client_id = ?1 AND u.kind = 'unclaimed'
  WHERE a.client_id = ?1 AND a.address IN (SELECT value ->> 'address' FROM json_each(?2))
  ON CONFLICT (client_id, address) DO NOTHING`;

// `mailboxCandidates` of core/address.ts in SQL. rtrim takes off what is no @, and so leaves everything up to the last one: a
// quoted local part may hold another.
const AT = "length(rtrim(recipient, replace(recipient, '@', '')))";
const PLUS = "instr(recipient, '+')";
const WITHOUT_SUB_ADDRESS = `iif(${PLUS} > 1 AND ${PLUS} < ${AT}, substr(recipient, 1, ${PLUS} - 1) || substr(recipient, ${AT}), recipient)`;

const THEIR_MAILBOX = `
  SELECT b.id FROM mailboxes b
  WHERE b.client_id = ?1 AND b.kind = 'account' AND b.address IN (messages.recipient, ${WITHOUT_SUB_ADDRESS})
  ORDER BY b.address = messages.recipient DESC LIMIT 1`;

/** ?1 client. What waits among the unclaimed goes to those who have a mailbox by now, best match first. */
export const HAND_OVER_UNCLAIMED = `
  UPDATE messages SET mailbox_id = (${THEIR_MAILBOX})
  WHERE client_id = ?1 AND mailbox_id = (SELECT u.id FROM mailboxes u WHERE u.client_id = ?1 AND u.kind = 'unclaimed')
    AND EXISTS (${THEIR_MAILBOX})`;
