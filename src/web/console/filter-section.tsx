/** What the filter does with a client's mail: its rules in their order, the built-in sets, scanners, lists, and what the rules were before. */
import type { ReactElement } from 'react';
import { Loaded } from '../shared/loaded.tsx';
import type { Client, Me } from './api.ts';
import { fetchFilter, fetchLists, fetchRules } from './filter-api.ts';
import { FilterListsCard } from './filter-lists-card.tsx';
import { FilterSettingsCard } from './filter-settings-card.tsx';
import { useOfClient } from './queries.ts';
import { RuleVersionsCard } from './rule-versions-card.tsx';
import { RulesCard } from './rules-card.tsx';
import { ScannersCard } from './scanners-card.tsx';
import { SetsCard } from './sets-card.tsx';

export function FilterSection({ me, client }: { readonly me: Me; readonly client: Client }): ReactElement {
  const { id } = client;
  const rules = useOfClient(id, 'rules', fetchRules, false);
  const filter = useOfClient(id, 'filter', fetchFilter, false);
  const lists = useOfClient(id, 'lists', fetchLists, false);
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={rules} what="Opening the rules…">
        {(found) => <RulesCard id={id} saved={found} lists={(lists.data ?? []).map(({ name }) => name)} />}
      </Loaded>
      <Loaded query={filter} what="Opening the filter…">
        {(found) => (
          <>
            <SetsCard id={id} filter={found} />
            <FilterSettingsCard
              key={JSON.stringify([found.spam, found.quarantine, found.whenScannerFailed, found.whenNotFullyScanned])}
              id={id}
              saved={found}
            />
            <ScannersCard me={me} id={id} scanners={found.scanners} />
          </>
        )}
      </Loaded>
      <Loaded query={lists} what="Opening the lists…">
        {(found) => <FilterListsCard id={id} lists={found} />}
      </Loaded>
      {rules.data === undefined || rules.data.number === 0 ? null : (
        <RuleVersionsCard key={rules.data.number} id={id} newest={rules.data.number} />
      )}
    </div>
  );
}
