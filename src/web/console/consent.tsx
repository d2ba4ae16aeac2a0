/** A box to tick, with the sentence it stands for. */
import { type ReactElement, useId } from 'react';

type ConsentProps = {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: () => void;
  readonly error?: string | undefined;
};

export function Consent({ label, checked, onChange, error }: ConsentProps): ReactElement {
  const id = useId();
  return (
    <div>
      <label className="flex min-h-8 cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          checked={checked}
          onChange={onChange}
          aria-describedby={error === undefined ? undefined : id}
          aria-invalid={error !== undefined}
          className="size-4 shrink-0 accent-(--bw-mark)"
        />
        {label}
      </label>
      {error === undefined ? null : (
        <p id={id} role="alert" className="text-kumo-danger">
          {error}
        </p>
      )}
    </div>
  );
}
