/** What the state of the mailbox means for the person in front of it, in words. Pure. */
import { sinceTime } from '../shared/format.ts';
import type { Me } from './api.ts';

export type StateWords = {
  readonly title: string;
  readonly detail: string;
  /** why writing is closed, for the places where a button would be; undefined while people can write */
  readonly writingClosed: string | undefined;
};

export function stateWords(me: Me, nowMs: number): StateWords {
  const server = me.clientName === '' ? 'Your company’s mail server' : `${me.clientName}’s mail server`;
  const { state, sinceMs } = me.mailbox;
  const since = sinceMs === null ? '' : ` since ${sinceTime(sinceMs, nowMs)}`;
  switch (state) {
    case 'open':
      return {
        title: `${server} is not answering${since}.`,
        detail: 'Your mail comes here until it is back. Read and write as usual. Nothing is lost.',
        writingClosed: undefined,
      };
    case 'read-only':
      return {
        title: `${server} is back.`,
        detail:
          'New mail goes to your usual mailbox again. Everything here is being returned to it, sent messages too.',
        writingClosed: `${server} works again. Write from your usual mailbox.`,
      };
    case 'closed':
      return {
        title: `${server} is working.`,
        detail: 'Your mail is in your usual mailbox. If the server fails, new mail will come here.',
        writingClosed: `${server} is working. Write from your usual mailbox.`,
      };
  }
}
