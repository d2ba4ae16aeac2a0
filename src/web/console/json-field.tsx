/** The conditions of a rule as they are stored, for what the form cannot show. */
import { Button } from '@cloudflare/kumo/components/button';
import { type ReactElement, useId } from 'react';

type JsonFieldProps = {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
  /** left out where the form cannot show it */
  readonly onForm?: () => void;
};

export function JsonField({ value, error, onChange, onForm }: JsonFieldProps): ReactElement {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        Conditions as JSON
      </label>
      <textarea
        id={id}
        value={value}
        rows={Math.min(20, Math.max(8, value.split('\n').length + 1))}
        spellCheck={false}
        aria-describedby={`${id}-help`}
        aria-invalid={error !== undefined}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 rounded-lg border border-kumo-line bg-kumo-control p-2.5 font-mono text-sm text-kumo-default"
      />
      <p id={`${id}-help`} className="text-kumo-subtle">
        “all”, “any” and “not” hold other conditions; the page “Filtering” of the documentation has them all, with
        examples.
      </p>
      {error === undefined ? null : (
        <p role="alert" className="text-(--bw-trouble-mark)">
          {error}
        </p>
      )}
      {onForm === undefined ? null : (
        <div>
          <Button variant="ghost" onClick={onForm}>
            Back to the form
          </Button>
        </div>
      )}
    </div>
  );
}
