/** Tries many held messages again, one after the other: the API knows single ones only, and each is a line in the audit log. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../shared/problem.ts';
import { retryHeld } from './api.ts';
import type { Bulk } from './held-words.ts';

export function useRetryAll(id: string) {
  const client = useQueryClient();
  const [bulk, setBulk] = useState<Bulk | undefined>(undefined);
  const [isRunning, setRunning] = useState(false);
  const wanted = useRef(true);
  useEffect(() => {
    wanted.current = true;
    // Who leaves the page has not said that it shall go on unseen.
    return () => {
      wanted.current = false;
    };
  }, []);
  const begin = async (messageIds: readonly string[]): Promise<void> => {
    wanted.current = true;
    setRunning(true);
    let so: Bulk = { done: 0, failed: 0, total: messageIds.length };
    setBulk(so);
    for (const messageId of messageIds) {
      if (!wanted.current) break;
      so = (await isReleased(id, messageId)) ? { ...so, done: so.done + 1 } : { ...so, failed: so.failed + 1 };
      setBulk(so);
    }
    setBulk({ ...so, total: so.done + so.failed });
    setRunning(false);
    await client.invalidateQueries({ queryKey: ['client', id] });
  };
  const stop = (): void => {
    wanted.current = false;
  };
  return { bulk, isRunning, begin, stop };
}

async function isReleased(id: string, messageId: string): Promise<boolean> {
  try {
    await retryHeld(id, messageId);
    return true;
  } catch (error) {
    // Somebody else has let it go meanwhile.
    return problemOf(error).status === 404;
  }
}
