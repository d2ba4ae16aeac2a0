/** To, and on request Cc and Bcc. */
import { type ReactElement, useState } from 'react';
import { AddressField } from './address-field.tsx';
import type { Draft } from './answer.ts';
import type { DraftFault, RecipientField } from './check-draft.ts';

const LABEL: Record<RecipientField, string> = { to: 'To', cc: 'Cc', bcc: 'Bcc' };

type RecipientFieldsProps = {
  readonly draft: Draft;
  readonly faults: readonly DraftFault[];
  readonly onChange: (part: Partial<Draft>) => void;
  readonly focusTo: boolean;
};

export function RecipientFields({ draft, faults, onChange, focusTo }: RecipientFieldsProps): ReactElement {
  const [opened, setOpened] = useState<readonly RecipientField[]>(['to']);
  const shown = (['to', 'cc', 'bcc'] as const).filter((field) => opened.includes(field) || draft[field].length > 0);
  const hidden = (['cc', 'bcc'] as const).filter((field) => !shown.includes(field));
  return (
    <>
      {shown.map((field) => (
        <div key={field} className="focus-around relative flex items-start border-b border-kumo-hairline">
          <AddressField
            id={field}
            label={LABEL[field]}
            people={draft[field]}
            fault={faults.find((fault) => fault.field === field)?.says}
            autoFocus={field === 'to' ? focusTo : opened.includes(field)}
            onChange={(people) => onChange({ [field]: people })}
          />
          {field === 'to' ? (
            <div className="flex shrink-0 pr-1.5">
              {hidden.map((target) => (
                <button
                  key={target}
                  type="button"
                  aria-label={`Add ${LABEL[target]}`}
                  onClick={() => setOpened([...opened, target])}
                  className="min-h-11 min-w-11 cursor-pointer rounded-lg px-2 text-kumo-link hover:underline"
                >
                  {LABEL[target]}
                </button>
              ))}
            </div>
          ) : null}
        </div>
      ))}
    </>
  );
}
