/** What the quarantine's screens ask for, and what follows when a message is let out. */
import {
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Quarantined, QuarantinedContent } from '../shared/quarantine-shapes.ts';
import { ME } from '../shared/query-client.ts';
import { fetchOwnQuarantine, fetchOwnQuarantined, releaseOwn } from './quarantine-api.ts';

const LIST = ['quarantine'] as const;
// What is kept back is no emergency: a digest tells of it, too.
const EVERY_MS = 30_000;

export function useOwnQuarantine(): UseInfiniteQueryResult<readonly Quarantined[]> {
  return useInfiniteQuery({
    queryKey: LIST,
    queryFn: async ({ pageParam, signal }) => fetchOwnQuarantine(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ messages }) => messages),
    refetchInterval: EVERY_MS,
  });
}

export function useOwnQuarantined(id: string): UseQueryResult<QuarantinedContent> {
  return useQuery({
    queryKey: ['quarantined', id],
    queryFn: async ({ signal }) => fetchOwnQuarantined(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useReleaseOwn(): UseMutationResult<void, Error, string> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: releaseOwn,
    onSettled: async () =>
      Promise.all([
        client.invalidateQueries({ queryKey: LIST }),
        client.invalidateQueries({ queryKey: ['listing'] }),
        client.invalidateQueries({ queryKey: ME }),
      ]),
  });
}
