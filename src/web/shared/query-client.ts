/** How every page asks: when a question is repeated, and what happens when the session has ended. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

/** Where a page keeps who is logged in; `null` is nobody. */
export const ME = ['me'] as const;

const MAX_RETRIES = 2;

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // Any answer of "not logged in" ends the session on the screen; what was being written stays where it is kept.
      onError: (error) => {
        if (isLoggedOut(error)) client.setQueryData(ME, null);
      },
    }),
    defaultOptions: {
      queries: {
        retry: (count, error) => count < MAX_RETRIES && isPassing(error),
        networkMode: 'always',
        staleTime: 2_000,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}

export function isLoggedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 401;
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.problem.status === 0 || error.problem.status >= 500);
}
