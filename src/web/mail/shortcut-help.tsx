import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import type { ReactElement } from 'react';
import { SHORTCUT_WORDS, useShortcutsOn } from './shortcuts.ts';

type ShortcutHelpProps = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

export function ShortcutHelp({ open, onOpenChange }: ShortcutHelpProps): ReactElement {
  const [on, switchOn] = useShortcutsOn();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog className="p-6">
        <Dialog.Title className="text-lg font-semibold">Keyboard shortcuts</Dialog.Title>
        <Dialog.Description className="mt-1 text-kumo-subtle">
          They work whenever you are not typing in a field.
        </Dialog.Description>
        <dl className="mt-4 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
          {SHORTCUT_WORDS.map(([key, words]) => (
            <div key={key} className="col-span-2 grid grid-cols-subgrid items-center">
              <dt>
                <kbd className="rounded-md border border-kumo-line bg-kumo-elevated px-2 py-0.5 font-mono text-sm">
                  {key}
                </kbd>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        <label className="mt-5 flex items-center gap-2.5">
          <input
            type="checkbox"
            className="size-4 accent-(--color-kumo-brand)"
            checked={on}
            onChange={(event) => switchOn(event.target.checked)}
          />
          Use single-letter shortcuts
        </label>
        <div className="mt-5 flex justify-end">
          <Dialog.Close render={<Button>Close</Button>} />
        </div>
      </Dialog>
    </Dialog.Root>
  );
}
