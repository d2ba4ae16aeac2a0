/** What the screens ask for, through react-query: polling, caching, and keeping the copies of one fact in step. */
import {
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { isLoggedOut, ME } from '../shared/query-client.ts';
import {
  type Folder,
  fetchColleagues,
  fetchListing,
  fetchMe,
  fetchMessage,
  type Judged,
  judge,
  type Listing,
  type Me,
  type Message,
  markSeen,
  type Person,
} from './api.ts';
import { appendListing, mergeListing } from './merge-listing.ts';

// What a person in an emergency would otherwise do by hand, again and again.
const LIST_EVERY_MS = 5_000;
const ME_EVERY_MS = 10_000;
const DELIVERY_EVERY_MS = 5_000;

const listingKey = (folder: Folder) => ['listing', folder] as const;
const messageKey = (id: string) => ['message', id] as const;

/** `null`: nobody is logged in. */
export function useMe(): UseQueryResult<Me | null> {
  return useQuery({
    queryKey: ME,
    queryFn: async ({ signal }) => {
      try {
        return await fetchMe(signal);
      } catch (error) {
        if (isLoggedOut(error)) return null;
        throw error;
      }
    },
    refetchInterval: (query) => (query.state.data === null ? false : ME_EVERY_MS),
  });
}

/** Forgets everything that was shown before: the next person at this screen may be another one. */
export function useEnter(): (me: Me | null) => void {
  const client = useQueryClient();
  return (me) => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
    client.setQueryData(ME, me);
  };
}

export function useListing(folder: Folder): UseQueryResult<Listing> {
  const client = useQueryClient();
  return useQuery({
    queryKey: listingKey(folder),
    queryFn: async ({ signal }) => {
      const fresh = await fetchListing(folder, { signal });
      return mergeListing(client.getQueryData<Listing>(listingKey(folder)), fresh);
    },
    refetchInterval: LIST_EVERY_MS,
    retry: false,
  });
}

export function useOlder(folder: Folder): UseMutationResult<Listing, Error, string> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (before: string) => fetchListing(folder, { before }),
    onSuccess: (older) => {
      client.setQueryData<Listing>(listingKey(folder), (known) =>
        known === undefined ? older : appendListing(known, older),
      );
    },
  });
}

export function useMessage(id: string): UseQueryResult<Message> {
  return useQuery({
    queryKey: messageKey(id),
    queryFn: async ({ signal }) => fetchMessage(id, signal),
    // Only deliveries ever change in a message.
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: (query) =>
      query.state.data?.deliveries.some((delivery) => delivery.state === 'waiting') === true
        ? DELIVERY_EVERY_MS
        : false,
  });
}

export function useMarkSeen(): UseMutationResult<void, Error, { readonly message: Message; readonly seen: boolean }> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ message, seen }) => markSeen(message.id, seen),
    onMutate: async ({ message, seen }) => {
      // A look at the list that began before this change would bring the old state back.
      await client.cancelQueries({ queryKey: listingKey(message.folder) });
      client.setQueryData<Listing>(
        listingKey(message.folder),
        (known) =>
          known && {
            ...known,
            messages: known.messages.map((row) => (row.id === message.id ? { ...row, seen } : row)),
          },
      );
      client.setQueryData<Message>(messageKey(message.id), (known) => known && { ...known, seen });
      client.setQueryData<Me | null>(ME, (me) => me && { ...me, unread: Math.max(0, me.unread + (seen ? -1 : 1)) });
    },
    onSettled: async (_result, _error, { message }) => refreshAfterChange(client, message.folder),
  });
}

/** Shown when the filter has heard it, and not before: it may have had enough. */
export function useJudge(id: string): UseMutationResult<void, Error, Judged> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (judged: Judged) => judge(id, judged),
    onSuccess: (_answer, judged) => {
      client.setQueryData<Message>(messageKey(id), (known) => known && { ...known, judged });
    },
  });
}

export function useColleagues(query: string): UseQueryResult<readonly Person[]> {
  return useQuery({
    queryKey: ['colleagues', query],
    queryFn: async ({ signal }) => fetchColleagues(query, signal),
    enabled: query !== '',
    staleTime: 60_000,
    retry: false,
  });
}

export function useRefresh(): (folder: Folder) => Promise<void> {
  const client = useQueryClient();
  return async (folder) => refreshAfterChange(client, folder);
}

async function refreshAfterChange(client: QueryClient, folder: Folder): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: listingKey(folder) }),
    client.invalidateQueries({ queryKey: ME }),
  ]);
}
