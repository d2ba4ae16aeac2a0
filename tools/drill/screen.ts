/** How the drill is shown while it happens: a calm timeline, with a bar where something takes a while. */

export type Screen = {
  /** something happened; `meaning` is what a person at the client would want to know about it */
  step(words: string, meaning?: string): void;
  progress(words: string, done: number, total: number): void;
};

const BAR_WIDTH = 30;

export function timeline(output: NodeJS.WriteStream): Screen {
  const startedAt = Date.now();
  const clear = () => {
    if (output.isTTY) output.write('\r\u001b[K');
  };
  return {
    step(words, meaning) {
      clear();
      output.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${words}\n`);
      if (meaning !== undefined) output.write(`          ${meaning}\n`);
    },
    progress(words, done, total) {
      // Into a file or a pipe a bar would be a hundred lines.
      if (!output.isTTY) return;
      clear();
      const filled = Math.round((done / Math.max(1, total)) * BAR_WIDTH);
      output.write(`          ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done} of ${total} ${words}`);
      if (done >= total) clear();
    },
  };
}

export const SILENT: Screen = { step: () => {}, progress: () => {} };
