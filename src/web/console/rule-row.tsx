/** One rule: its name, what it says, and what can be done with it. */
import { Button } from '@cloudflare/kumo/components/button';
import { ArrowDownIcon, ArrowUpIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import type { Rule } from '../../core/rules/rule.ts';

type RuleRowProps = {
  readonly rule: Rule;
  readonly words: string;
  readonly place: { readonly index: number; readonly count: number };
  readonly saving: boolean;
  readonly onMove: (to: number) => void;
  readonly onSwitch: (isOn: boolean) => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
};

export function RuleRow(props: RuleRowProps): ReactElement {
  const { rule, words, place, saving, onSwitch } = props;
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-1 basis-72 gap-3">
        <span aria-hidden className="w-6 shrink-0 text-right text-kumo-subtle tabular-nums">
          {place.index + 1}.
        </span>
        <div className="min-w-0">
          <p className="font-semibold break-words">{rule.name}</p>
          <p className={`break-words text-pretty ${rule.isOn ? '' : 'text-kumo-subtle'}`}>{words}</p>
          <label className="mt-1 inline-flex min-h-8 cursor-pointer items-center gap-2">
            <input
              type="checkbox"
              checked={rule.isOn}
              disabled={saving}
              onChange={(event) => onSwitch(event.target.checked)}
              className="size-4 accent-(--bw-mark)"
            />
            {rule.isOn ? 'On' : 'Off: not tried'}
            <span className="sr-only"> ({rule.name})</span>
          </label>
        </div>
      </div>
      <RowTools {...props} />
    </div>
  );
}

function RowTools({ rule, place, saving, onMove, onEdit, onRemove }: RuleRowProps): ReactElement {
  const [asked, setAsked] = useState(false);
  if (asked)
    return (
      <div className="flex flex-wrap gap-2 max-sm:pl-9">
        <Button onClick={() => setAsked(false)}>Keep it</Button>
        <Button variant="destructive" loading={saving} onClick={onRemove}>
          Remove it
        </Button>
      </div>
    );
  const { index, count } = place;
  return (
    <div className="flex flex-wrap gap-2 max-sm:pl-9">
      <Button
        shape="square"
        icon={ArrowUpIcon}
        aria-label={`Try ${rule.name} earlier`}
        disabled={saving || index === 0}
        onClick={() => onMove(index - 1)}
      />
      <Button
        shape="square"
        icon={ArrowDownIcon}
        aria-label={`Try ${rule.name} later`}
        disabled={saving || index === count - 1}
        onClick={() => onMove(index + 1)}
      />
      <Button disabled={saving} onClick={onEdit}>
        Change<span className="sr-only"> {rule.name}</span>
      </Button>
      <Button disabled={saving} onClick={() => setAsked(true)}>
        Remove<span className="sr-only"> {rule.name}</span>
      </Button>
    </div>
  );
}
