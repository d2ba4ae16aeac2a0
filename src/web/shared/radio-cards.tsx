/** A choice whose ways need a sentence each. */
import { type ReactElement, type ReactNode, useId } from 'react';

export type RadioOption<Value extends string> = {
  readonly value: Value;
  readonly name: string;
  readonly words: ReactNode;
};

type RadioCardsProps<Value extends string> = {
  readonly legend: string;
  readonly value: Value;
  readonly options: readonly RadioOption<Value>[];
  readonly onChange: (value: Value) => void;
};

export function RadioCards<Value extends string>(props: RadioCardsProps<Value>): ReactElement {
  const { legend, value, options, onChange } = props;
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium">{legend}</legend>
      <div className="grid gap-2 sm:grid-cols-[repeat(auto-fit,minmax(13rem,1fr))]">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer gap-2.5 rounded-lg border border-kumo-line p-3 hover:bg-kumo-tint has-checked:border-(--bw-mark) has-checked:bg-kumo-tint"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="mt-0.5 size-4 shrink-0 accent-(--bw-mark)"
            />
            <span className="min-w-0">
              <span className="block font-semibold">{option.name}</span>
              <span className="block text-pretty">{option.words}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
