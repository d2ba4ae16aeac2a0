/** What was kept back: searched, looked at safely, let out one by one or several at once, deleted when its time is over. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { counted } from '../shared/format.ts';
import { Loaded } from '../shared/loaded.tsx';
import type { Quarantined } from '../shared/quarantine-shapes.ts';
import { SelectField } from '../shared/select-field.tsx';
import { LearnedCard } from './learned-card.tsx';
import { LetOut } from './let-out.tsx';
import { fetchQuarantine } from './quarantine-api.ts';
import { QuarantineRow } from './quarantine-row.tsx';
import { AGES, EVERYTHING, nothingWords, type QuarantineSearch } from './quarantine-words.ts';
import { SLOWER_EVERY_MS } from './queries.ts';

export function QuarantineSection({ id }: { readonly id: string }): ReactElement {
  const [search, setSearch] = useState<QuarantineSearch>(EVERYTHING);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const quarantine = useQuarantine(id, search);
  const begin = (next: QuarantineSearch): void => {
    setSearch(next);
    setChosen(new Set());
  };
  return (
    <div className="flex flex-col gap-4">
      <Card
        title="In quarantine"
        intro="Kept back by your filter, newest first. Nothing of it reaches anybody, and time deletes nothing. What you let out is delivered at once; while the emergency mailboxes are open it is shown there too."
      >
        <SearchForm search={search} onSearch={begin} />
        <Loaded query={quarantine} what="Asking for the quarantine…">
          {(messages) =>
            messages.length === 0 ? (
              <p role="status">{nothingWords(search)}</p>
            ) : (
              <>
                <Choice id={id} messages={messages} chosen={chosen} onChoose={setChosen} />
                <ul className="divide-y divide-kumo-hairline border-t border-kumo-hairline">
                  {messages.map((message) => (
                    <QuarantineRow
                      key={message.id}
                      id={id}
                      message={message}
                      isChosen={chosen.has(message.id)}
                      onChoose={(wanted) => setChosen(withOrWithout(chosen, message.id, wanted))}
                    />
                  ))}
                </ul>
              </>
            )
          }
        </Loaded>
        {quarantine.hasNextPage ? (
          <div className="mt-3">
            <Button loading={quarantine.isFetchingNextPage} onClick={() => void quarantine.fetchNextPage()}>
              Older ones
            </Button>
          </div>
        ) : null}
      </Card>
      <LearnedCard id={id} />
    </div>
  );
}

function withOrWithout(chosen: ReadonlySet<string>, one: string, wanted: boolean): ReadonlySet<string> {
  return new Set(wanted ? [...chosen, one] : [...chosen].filter((other) => other !== one));
}

type SearchFormProps = { readonly search: QuarantineSearch; readonly onSearch: (search: QuarantineSearch) => void };

function SearchForm({ search, onSearch }: SearchFormProps): ReactElement {
  const [recipient, setRecipient] = useState(search.recipient);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch({ ...search, recipient });
  };
  return (
    <search aria-label="Quarantine">
      <form onSubmit={submit} noValidate className="mb-4 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-60 sm:max-w-xs">
          <Input
            label="Recipient (empty: all)"
            type="email"
            autoCapitalize="none"
            spellCheck={false}
            value={recipient}
            onChange={(event) => setRecipient(event.target.value)}
          />
        </div>
        <SelectField label="Came" value={search.age} options={AGES} onChange={(age) => onSearch({ recipient, age })} />
        <Button type="submit">Search</Button>
      </form>
    </search>
  );
}

type ChoiceProps = {
  readonly id: string;
  readonly messages: readonly Quarantined[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
};

function Choice({ id, messages, chosen, onChoose }: ChoiceProps): ReactElement {
  // Only what is in sight: a search that was changed since chooses nothing any more.
  const picked = messages.filter((message) => chosen.has(message.id));
  const isAll = picked.length === messages.length;
  return (
    <div className="mb-2 flex min-h-9 flex-wrap items-center gap-x-4 gap-y-2">
      <label className="flex min-h-9 cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          checked={isAll}
          onChange={() => onChoose(new Set(isAll ? [] : messages.map((message) => message.id)))}
          className="size-4 accent-(--bw-mark)"
        />
        All that are shown
      </label>
      <p role="status" className="text-sm text-kumo-subtle">
        {picked.length === 0 ? '' : `${counted(picked.length, 'message')} chosen`}
      </p>
      {picked.length === 0 ? null : (
        <LetOut id={id} messages={picked} variant="primary" onDone={() => onChoose(new Set())}>
          Let {counted(picked.length, 'message')} out
        </LetOut>
      )}
    </div>
  );
}

function useQuarantine(id: string, search: QuarantineSearch) {
  return useInfiniteQuery({
    queryKey: ['client', id, 'quarantine', search],
    queryFn: async ({ pageParam, signal }) =>
      fetchQuarantine(id, { search, before: pageParam, nowMs: Date.now() }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ messages }) => messages),
    refetchInterval: SLOWER_EVERY_MS,
  });
}
