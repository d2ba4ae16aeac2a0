/**
 * A mailbox as one file (RFC 4155, with the quoting called mboxrd). The lines that are ours, `From ` and the empty one between two
 * messages, end in LF, as readers of mbox want it; a message keeps its own line ends, for DKIM and P3 want every byte. Memory is
 * O(chunk): nothing is held of a message but the few bytes that may be the begin of `From `.
 */

const LF = 10;
const GREATER = 62;
const FROM = new TextEncoder().encode('From ');
const QUOTED_FROM = new TextEncoder().encode('>From ');
// An empty line. Behind content that has no line end of its own, that line end and an empty line by CRLF: so a reader can tell the
// two apart and give every byte back; to others it is a message with empty lines at its end.
const AFTER_LINE_END = new Uint8Array([LF]);
const AFTER_NO_LINE_END = new Uint8Array([LF, 13, LF]);

/** `sender`: the reverse path, `''` for bounces. `receivedAt`: epoch ms. */
export function fromLine({ sender, receivedAt }: { readonly sender: string; readonly receivedAt: number }): Uint8Array {
  // Readers split this line at spaces; whatever an address holds beside what can stand in one is a stranger's doing.
  const address = sender.replace(/[^\x21-\x7e\u00a1-\u{10ffff}]/gu, '');
  return new TextEncoder().encode(`From ${address === '' ? 'MAILER-DAEMON' : address} ${asctime(receivedAt)}\n`);
}

/** `Mon Nov  3 09:05:00 2026`, in UTC. */
function asctime(at: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(at).toUTCString().split(/,? /);
  return `${day} ${month} ${date.replace(/^0/, ' ')} ${time} ${year}`;
}

/** One message. A line that reads `From ` behind any number of `>` gets one more. */
export class MboxQuoter {
  /** the line so far is nothing but `>`, and `#held` bytes of `From ` that are not written yet */
  #atStart = true;
  #held = 0;
  #last: number | undefined;

  write(chunk: Uint8Array): readonly Uint8Array[] {
    const pieces: Uint8Array[] = [];
    // What of the chunk is not written yet begins here.
    let from = 0;
    for (let at = 0; at < chunk.byteLength; ) {
      if (!this.#atStart) {
        const end = chunk.indexOf(LF, at);
        this.#atStart = end >= 0;
        at = end < 0 ? chunk.byteLength : end + 1;
      } else if (chunk[at] === FROM[this.#held]) {
        if (this.#held === 0) pieces.push(chunk.subarray(from, at));
        this.#held += 1;
        at += 1;
        from = at;
        if (this.#held === FROM.byteLength) pieces.push(...this.#release(QUOTED_FROM));
      } else if (this.#held === 0 && chunk[at] === GREATER) at += 1;
      // The byte itself may be the line's end: it is looked at once more.
      else pieces.push(...this.#release(FROM.subarray(0, this.#held)));
    }
    pieces.push(chunk.subarray(from));
    this.#last = chunk.at(-1) ?? this.#last;
    return pieces.filter((piece) => piece.byteLength > 0);
  }

  /** What is left of the message, and what parts it from the next. */
  end(): readonly Uint8Array[] {
    return [...this.#release(FROM.subarray(0, this.#held)), this.#last === LF ? AFTER_LINE_END : AFTER_NO_LINE_END];
  }

  #release(bytes: Uint8Array): readonly Uint8Array[] {
    this.#atStart = false;
    this.#held = 0;
    return bytes.byteLength === 0 ? [] : [bytes];
  }
}
