/** What the console asks for, and how often; a change is followed by a fresh look at everything it may have touched. */
import {
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { isLoggedOut, ME } from '../shared/query-client.ts';
import * as api from './api.ts';
import * as settings from './settings-api.ts';

// During an emergency people watch this page: it is never older than they would make it by hand.
const STATUS_EVERY_MS = 3_000;
export const SLOWER_EVERY_MS = 15_000;

const clientKey = (id: string, what: string) => ['client', id, what] as const;

/** `null`: nobody is logged in. */
export function useMe(): UseQueryResult<api.Me | api.Outsider | null> {
  return useQuery({
    queryKey: ME,
    queryFn: async ({ signal }) => {
      try {
        return await api.fetchMe(signal);
      } catch (error) {
        if (isLoggedOut(error)) return null;
        throw error;
      }
    },
  });
}

/** Somebody has come or gone: nothing of what was shown before stays. */
export function useEnter(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
    await client.invalidateQueries({ queryKey: ME });
  };
}

export function useClients(): UseQueryResult<readonly api.ClientRow[]> {
  return useQuery({
    queryKey: ['clients'],
    queryFn: async ({ signal }) => api.fetchClients(signal),
    refetchInterval: SLOWER_EVERY_MS,
  });
}

export type Asking<T> = (id: string, signal: AbortSignal) => Promise<T>;

/** How often it is asked for again; where that depends on what was found last, a function of it. */
export type Every<T> = number | false | ((found: T | undefined) => number | false);

export function useOfClient<T>(id: string, what: string, ask: Asking<T>, everyMs: Every<T>): UseQueryResult<T> {
  return useQuery({
    queryKey: clientKey(id, what),
    queryFn: async ({ signal }) => ask(id, signal),
    refetchInterval: typeof everyMs === 'function' ? (query) => everyMs(query.state.data) : everyMs,
  });
}

export const useClient = (id: string) => useOfClient(id, 'client', api.fetchClient, false);
export const useStatus = (id: string) => useOfClient(id, 'status', api.fetchStatus, STATUS_EVERY_MS);
export const useHeld = (id: string) => useOfClient(id, 'held', api.fetchHeld, SLOWER_EVERY_MS);
export const useEvents = (id: string) => useOfClient(id, 'events', api.fetchEvents, STATUS_EVERY_MS);
export const useOutages = (id: string) => useOfClient(id, 'outages', api.fetchOutages, SLOWER_EVERY_MS);
export const useUptime = (id: string) =>
  useOfClient(id, 'uptime', async (client, signal) => api.fetchUptime(client, UPTIME_DAYS, signal), SLOWER_EVERY_MS);
export const useThresholds = (id: string) => useOfClient(id, 'thresholds', settings.fetchThresholds, false);
export const useMaintenance = (id: string) =>
  useOfClient(id, 'maintenance', settings.fetchMaintenance, SLOWER_EVERY_MS);
export const useNotices = (id: string) => useOfClient(id, 'notices', settings.fetchNotices, STATUS_EVERY_MS);
export const usePeople = (id: string) => useOfClient(id, 'people', settings.fetchPeople, false);

// A week fits a row of hours on a wide screen, and is what people compare with.
const UPTIME_DAYS = 7;

export function useAudit(id: string): UseInfiniteQueryResult<readonly settings.AuditLine[]> {
  return useInfiniteQuery({
    queryKey: clientKey(id, 'audit'),
    queryFn: async ({ pageParam, signal }) => settings.fetchAudit(id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ entries }) => entries),
  });
}

/** A change of one client's; afterwards everything that is shown of it is asked for again. */
export function useChange<Given = void, Answer = void>(
  id: string,
  change: (id: string, given: Given) => Promise<Answer>,
): UseMutationResult<Answer, Error, Given> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (given: Given) => change(id, given),
    onSettled: async () => client.invalidateQueries({ queryKey: ['client', id] }),
  });
}
