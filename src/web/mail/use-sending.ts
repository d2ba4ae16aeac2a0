/** Sending what is on the screen. Whatever goes wrong, the text stays where it is. */
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { useMutation } from '@tanstack/react-query';
import { ApiProblem } from '../shared/problem.ts';
import { go, navigate } from '../shared/router.ts';
import { type Sent, send } from './api.ts';
import type { StoredDraft } from './drafts.ts';
import { useRefresh } from './queries.ts';
import { type Answer, formatRoute } from './route.ts';

export type Sending = {
  readonly submit: (draft: StoredDraft) => void;
  readonly pending: boolean;
  readonly error: unknown;
};
type SendingPlan = { readonly answer: Answer | undefined; readonly onSent: () => void; readonly backTo: string };

export function useSending({ answer, onSent, backTo }: SendingPlan): Sending {
  const refresh = useRefresh();
  const toasts = useKumoToastManager();
  const sending = useMutation({
    mutationFn: async (draft: StoredDraft) => sendDraft(draft, answer),
    onSuccess: ({ id, withheld }) => {
      onSent();
      toasts.add({
        ...sentWords(withheld),
        actions: [{ children: 'Follow its delivery', onClick: () => navigate(formatRoute({ kind: 'message', id })) }],
      });
      go(backTo);
      void refresh('sent');
    },
    // "The mailbox is not open" may be news to this page: look again, so that the banner says it too.
    onError: () => void refresh('sent'),
  });
  return { submit: (draft) => sending.mutate(draft), pending: sending.isPending, error: sending.error };
}

/** What waits for somebody is not called sent. */
function sentWords(withheld: Sent['withheld']) {
  if (withheld.length === 0)
    return { variant: 'success', title: 'Sent', description: 'A copy is kept under Sent.' } as const;
  const whom = withheld.length === 1 ? withheld[0] : `${withheld.length} recipients`;
  const description = `A rule of your company holds it back for ${whom}. A copy is kept under Sent.`;
  return { variant: 'info', title: 'It waits for an administrator', description } as const;
}

async function sendDraft(draft: StoredDraft, answer: Answer | undefined): Promise<Sent> {
  const addresses = (people: StoredDraft['to']): readonly string[] => people.map((person) => person.address);
  const { subject, text, key } = draft;
  const outgoing = {
    to: addresses(draft.to),
    cc: addresses(draft.cc),
    bcc: addresses(draft.bcc),
    subject,
    text,
    inReplyTo: answer?.id ?? null,
  };
  try {
    return await send(outgoing, key);
  } catch (error) {
    throw honest(error);
  }
}

/** No answer is not a no: the message may have gone out. Saying "not sent" could make people send it twice. */
function honest(error: unknown): unknown {
  if (!(error instanceof ApiProblem) || error.problem.status !== 0) return error;
  return new ApiProblem(
    {
      title: 'It is not certain that this was sent',
      status: 0,
      detail: 'The connection was lost before the answer came. Your text is still here.',
      fix: 'Look under Sent first. If the message is not there, send it again.',
    },
    { cause: error },
  );
}
