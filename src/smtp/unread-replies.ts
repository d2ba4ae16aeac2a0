/**
 * Replies that have come and that nodemailer has not read yet. It reads pipelined replies one turn of the loop at a time, and reads
 * no more once the connection has ended: but "550" and the end of the connection is how many servers send unwanted peers away.
 */
export type UnreadReplies = {
  /** must be told of a chunk before nodemailer is */
  came(chunk: Uint8Array): void;
  /** nodemailer has read the next one */
  read(): void;
  /** what is left */
  rest(): readonly string[];
};

// A peer that never ends a line; nodemailer ends the session at about the same size.
const MAX_CHARACTERS = 65_536;

export function createUnreadReplies(): UnreadReplies {
  const decoder = new TextDecoder();
  let whole: string[] = [];
  let lines: string[] = [];
  let partial = '';
  return {
    came(chunk) {
      const parts = (partial + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
      partial = (parts.pop() ?? '').slice(0, MAX_CHARACTERS);
      for (const line of parts.filter((part) => part.trim() !== '')) {
        lines.push(line);
        if (/^\d+-/.test(line)) continue;
        whole.push(lines.join('\n'));
        lines = [];
      }
    },
    read() {
      whole = whole.slice(1);
    },
    rest: () => whole,
  };
}
