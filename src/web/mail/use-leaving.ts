/** Every way out of unsent text goes through a question: see leave-dialog.tsx. */
import { useCallback, useRef, useState } from 'react';
import { go, useGuard } from '../shared/router.ts';
import type { DraftInHand } from './use-draft.ts';

type Leaving = {
  /** where the person wanted to go when asked; undefined while nobody is asked */
  readonly target: string | undefined;
  readonly stay: () => void;
  readonly keep: () => void;
  readonly discard: () => void;
  /** it was sent: from now on nothing is guarded */
  readonly settle: () => void;
};

export function useLeaving(hand: DraftInHand): Leaving {
  const [target, setTarget] = useState<string | undefined>(undefined);
  const settled = useRef(false);
  const onLeave = useCallback((to: string) => (settled.current ? go(to) : setTarget(to)), []);
  useGuard(hand.dirty, onLeave);
  const leave = (): void => {
    settled.current = true;
    if (target !== undefined) go(target);
  };
  return {
    target,
    stay: () => setTarget(undefined),
    keep: leave,
    discard: () => {
      hand.drop();
      leave();
    },
    settle: () => {
      settled.current = true;
      hand.drop();
    },
  };
}
