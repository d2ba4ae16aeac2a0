/** A short list of texts that grows and shrinks: each change is saved by itself. */
import { Button } from '@cloudflare/kumo/components/button';
import type { FormEvent, ReactElement, ReactNode } from 'react';

type ListEditorProps = {
  readonly items: readonly string[];
  readonly empty: string;
  readonly saving: boolean;
  readonly onRemove: (item: string) => void;
  readonly onAdd: () => void;
  /** the fields of a new one */
  readonly children: ReactNode;
};

export function ListEditor({ items, empty, saving, onRemove, onAdd, children }: ListEditorProps): ReactElement {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAdd();
  };
  return (
    <>
      {items.length === 0 ? (
        <p>{empty}</p>
      ) : (
        <ul className="divide-y divide-kumo-hairline">
          {items.map((item) => (
            <li key={item} className="flex items-center justify-between gap-3 py-1.5">
              <span className="min-w-0 break-all">{item}</span>
              <Button disabled={saving} onClick={() => onRemove(item)}>
                Remove<span className="sr-only"> {item}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} noValidate className="mt-4 flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-60">{children}</div>
        <Button type="submit" loading={saving}>
          Add
        </Button>
      </form>
    </>
  );
}
