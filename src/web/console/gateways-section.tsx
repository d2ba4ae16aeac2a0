/** A client's mail servers: in which order they are tried now and why, and the list itself. */
import type { ReactElement } from 'react';
import { Card } from '../shared/card.tsx';
import { Loaded } from '../shared/loaded.tsx';
import type { Client, Me } from './api.ts';
import { GatewayList } from './gateway-list.tsx';
import { answerWords, scoreWords, TURNS } from './gateway-words.ts';
import { fetchGateways, type TriedGateway } from './gateways-api.ts';
import { placeWords } from './peer-words.ts';
import { SLOWER_EVERY_MS, useOfClient } from './queries.ts';

export function GatewaysSection({ me, client }: { readonly me: Me; readonly client: Client }): ReactElement {
  const tried = useOfClient(client.id, 'gateways', fetchGateways, SLOWER_EVERY_MS);
  return (
    <div className="flex flex-col gap-4">
      <Card
        title="Tried in this order now"
        intro="The next message goes to the first; to the next one when that does not take it. Mailboxes open only when all of them fail."
      >
        <Loaded query={tried} what="Asking for the order…">
          {(gateways) =>
            gateways.length === 0 ? (
              <p>There is no mail server yet, so all mail is kept here.</p>
            ) : (
              <ol className="divide-y divide-kumo-hairline">
                {gateways.map((gateway, index) => (
                  <Tried key={`${placeWords(gateway)} ${gateway.username}`} gateway={gateway} rank={index + 1} />
                ))}
              </ol>
            )
          }
        </Loaded>
      </Card>
      <GatewayList me={me} id={client.id} gateways={client.gateways} />
    </div>
  );
}

function Tried({ gateway, rank }: { readonly gateway: TriedGateway; readonly rank: number }): ReactElement {
  return (
    <li className="flex gap-x-4 py-2.5 first:pt-0 last:pb-0">
      <span aria-hidden className="w-5 shrink-0 text-right text-kumo-subtle tabular-nums">
        {rank}
      </span>
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-semibold">{placeWords(gateway)}</span> · {TURNS[gateway.turn]}
        </p>
        <p className="text-sm break-words">
          {scoreWords(gateway.score)} · {answerWords(gateway)}
        </p>
        {gateway.reasons.length === 0 ? null : (
          <ul className="mt-1 list-disc pl-5 text-sm">
            {gateway.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
