/** One mail server of the list, and what can be done with it. */
import { Button } from '@cloudflare/kumo/components/button';
import { ArrowDownIcon, ArrowUpIcon } from '@phosphor-icons/react';
import type { ReactElement, ReactNode } from 'react';
import type { Gateway } from './gateways-api.ts';
import { choiceWords, placeWords, reachWords } from './peer-words.ts';

export type GatewayEdit = {
  /** in place of the row, while it is changed */
  readonly form: ReactNode;
  readonly isBeingRemoved: boolean;
  readonly isOnly: boolean;
  readonly saving: boolean;
  readonly onUp: (() => void) | undefined;
  readonly onDown: (() => void) | undefined;
  readonly onChange: () => void;
  readonly onRemove: () => void;
  readonly onRemoved: () => void;
  readonly onKeep: () => void;
};

type GatewayRowProps = { readonly gateway: Gateway; readonly edit: GatewayEdit | undefined };

export function GatewayRow({ gateway, edit }: GatewayRowProps): ReactElement {
  const more = choiceWords(gateway);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-2.5 first:pt-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold break-words">{placeWords(gateway)}</p>
        <p className="text-sm break-words">{reachWords(gateway)}</p>
        {more === '' ? null : <p className="text-sm">{more}</p>}
      </div>
      {edit === undefined ? null : <Ways edit={edit} name={placeWords(gateway)} />}
      {edit?.form === undefined ? null : (
        <section
          aria-label={`Change ${placeWords(gateway)}`}
          className="basis-full rounded-lg border border-kumo-line p-4"
        >
          {edit.form}
        </section>
      )}
    </li>
  );
}

function Ways({ edit, name }: { readonly edit: GatewayEdit; readonly name: string }): ReactElement | null {
  if (edit.form !== undefined) return null;
  if (edit.isBeingRemoved)
    return (
      <div className="flex flex-wrap items-center gap-2">
        {edit.isOnly ? <span>It is the only one: add another first.</span> : null}
        <Button onClick={edit.onKeep}>Keep it</Button>
        {edit.isOnly ? null : (
          <Button variant="destructive" loading={edit.saving} onClick={edit.onRemoved}>
            Remove it
          </Button>
        )}
      </div>
    );
  return (
    <div className="flex flex-wrap gap-2">
      {edit.isOnly ? null : (
        <>
          <Button
            shape="square"
            aria-label={`Move up: ${name}`}
            icon={ArrowUpIcon}
            disabled={edit.saving || edit.onUp === undefined}
            onClick={edit.onUp}
          />
          <Button
            shape="square"
            aria-label={`Move down: ${name}`}
            icon={ArrowDownIcon}
            disabled={edit.saving || edit.onDown === undefined}
            onClick={edit.onDown}
          />
        </>
      )}
      <Button disabled={edit.saving} onClick={edit.onChange}>
        Change<span className="sr-only"> {name}</span>
      </Button>
      <Button disabled={edit.saving} onClick={edit.onRemove}>
        Remove<span className="sr-only"> {name}</span>
      </Button>
    </div>
  );
}
