/** What became of a sent message, recipient by recipient. */
import { CheckCircleIcon, ClockIcon, type Icon, PauseCircleIcon, XCircleIcon } from '@phosphor-icons/react';
import type { ReactElement } from 'react';
import type { Delivery } from './api.ts';

type Look = { readonly icon: Icon; readonly words: string; readonly mark: string };

const LOOK: Record<Delivery['state'], Look> = {
  waiting: { icon: ClockIcon, words: 'On its way', mark: 'text-kumo-subtle' },
  delivered: { icon: CheckCircleIcon, words: 'Delivered', mark: 'text-(--bw-calm-mark)' },
  refused: { icon: XCircleIcon, words: 'Refused', mark: 'text-(--bw-trouble-mark)' },
  held: { icon: PauseCircleIcon, words: 'Held for a person to look at', mark: 'text-(--bw-emergency-mark)' },
};

export function Deliveries({ deliveries }: { readonly deliveries: readonly Delivery[] }): ReactElement | null {
  if (deliveries.length === 0) return null;
  return (
    <section aria-labelledby="deliveries" className="rounded-lg border border-kumo-line">
      <h3 id="deliveries" className="border-b border-kumo-hairline px-3.5 py-2 font-semibold">
        Delivery
      </h3>
      <ul>
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.recipient} delivery={delivery} />
        ))}
      </ul>
    </section>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }): ReactElement {
  const { icon: Mark, words, mark } = LOOK[delivery.state];
  return (
    <li className="flex items-start gap-2.5 border-b border-kumo-hairline px-3.5 py-2 last:border-b-0">
      <Mark size={20} weight="duotone" aria-hidden className={`mt-px shrink-0 ${mark}`} />
      <div className="min-w-0">
        <p className="break-words">
          {delivery.recipient}: <span className="font-semibold">{words}</span>
        </p>
        {delivery.detail === '' ? null : <p className="text-sm break-words text-kumo-subtle">{delivery.detail}</p>}
      </div>
    </li>
  );
}
