/** How long we wait for what. Two sets: inside email(), where the sender is waiting too, and in the client object, which has time. */
import type { Timeouts } from './session-types.ts';

/**
 * The platform ends an email() handler after some 30 s of wall time, undocumented (docs/platform.md 5). A healthy gateway needs a
 * second; a sick one costs 8 s at most once it has taken a session, 13 s when it was slow in giving one too, and there is time left
 * to spool. A gateway that is slower than this is not refused, only spooled for.
 */
export const EDGE_TIMEOUTS: Timeouts = {
  // One lost SYN (1 s) and a round trip around the world.
  connectMs: 2_000,
  // Reverse DNS of the peer (often 2 × 1 s) comes before the banner.
  bannerMs: 3_000,
  commandMs: 3_000,
  blockMs: 3_000,
  // Content scanners run before the answer to the dot; a time-out here makes a possible duplicate, so it gets all there is.
  dotMs: 8_000,
  openMs: 3_000,
  messageMs: 8_000,
  closeMs: 250,
};

/**
 * RFC 5321 §4.5.3.2 where the alarm's 15 minutes of wall time (docs/platform.md 20) allow it: a lane takes no new message after
 * 60 s, so opening and the last message together must end within 13 minutes.
 */
export const PATIENT_TIMEOUTS: Timeouts = {
  // Linux gives up a connection after 127 s; half a minute is five lost SYNs.
  connectMs: 30_000,
  // §4.5.3.2.1 says 5 minutes; a gateway that needs more than one is in trouble, and health should hear of it.
  bannerMs: 60_000,
  // §4.5.3.2.2-4 say 5 minutes for MAIL and RCPT, 2 for DATA: the shorter one for all.
  commandMs: 120_000,
  // §4.5.3.2.5
  blockMs: 180_000,
  // §4.5.3.2.6: shorter ones make duplicates.
  dotMs: 600_000,
  openMs: 150_000,
  messageMs: 630_000,
  closeMs: 2_000,
};

/**
 * For probes: the question is whether the gateway serves people, not whether it can be waited for. A probe that hangs for minutes
 * would also see the repair minutes late, because one probe runs at a time.
 */
export const PROBE_TIMEOUTS: Timeouts = {
  // Three lost SYNs (1 + 2 + 4 s).
  connectMs: 10_000,
  // Reverse DNS and block lists before the banner; a server that needs longer is no use to senders either.
  bannerMs: 15_000,
  // A look-up in a directory and one of the sender's domain, each of some 5 s, and a TLS handshake on a loaded machine.
  commandMs: 15_000,
  // The test message is smaller than one packet: a peer that does not take it in this time takes nothing.
  blockMs: 15_000,
  // Content scanners of a small text. RFC 5321 §4.5.3.2.6 guards against duplicates, and a test message may well come twice.
  dotMs: 15_000,
  // Opening, and then MAIL with up to four RCPT: a server that makes use of every single wait is not serving people.
  openMs: 30_000,
  messageMs: 30_000,
  // Nothing depends on the answer to QUIT, and the next errand waits for this one.
  closeMs: 1_000,
};

/** For the second opinion's plain connections: a port that is open, and was not a moment ago by its name, opens at once. Two lost SYNs. */
export const KNOCK_MS = 4_000;
