/** Scanners of others that every message is shown to. Where mail goes is the operator's to say; everybody may see it. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { SelectField } from '../shared/select-field.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import type { Me } from './api.ts';
import { type GivenScanner, type Scanner, saveScanners } from './filter-api.ts';
import { scannerWords, WHEN_FAILED } from './filter-words.ts';
import { useChange } from './queries.ts';
import {
  emptyScanner,
  keptScanner,
  readScanner,
  SCANNER_KINDS,
  type ScannerDraft,
  type ScannerErrors,
} from './scanner-draft.ts';

type ScannersCardProps = { readonly me: Me; readonly id: string; readonly scanners: readonly Scanner[] };

export function ScannersCard({ me, id, scanners }: ScannersCardProps): ReactElement {
  const saving = useChange(id, saveScanners);
  const toasts = useKumoToastManager();
  const save = (next: readonly GivenScanner[], done: () => void = () => undefined): void =>
    saving.mutate(next, {
      onSuccess: () => {
        toasts.add({ title: 'Saved. In effect from now on.' });
        done();
      },
    });
  const isOperator = me.role === 'operator';
  const kept = scanners.map(keptScanner);
  return (
    <Card
      title="Scanners"
      intro={`Beside the built-in one, which knows test viruses, listed hashes and dangerous files. One that does not answer never stops mail.${
        isOperator ? '' : ' Whoever runs Breakwater for you sets them.'
      }`}
    >
      {scanners.length === 0 ? (
        <p>No others of this client's own.</p>
      ) : (
        <ul className="divide-y divide-kumo-hairline">
          {scanners.map((scanner, index) => (
            <li key={scannerWords(scanner)} className="flex flex-wrap items-center justify-between gap-3 py-1.5">
              <span className="min-w-0 flex-1 basis-60 break-words">{scannerWords(scanner)}</span>
              {isOperator ? (
                <Button disabled={saving.isPending} onClick={() => save(kept.filter((_, at) => at !== index))}>
                  Remove<span className="sr-only"> {scanner.kind}</span>
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {isOperator ? (
        <NewScanner saving={saving.isPending} onAdd={(scanner, done) => save([...kept, scanner], done)} />
      ) : null}
      <ProblemBelow error={saving.error} />
    </Card>
  );
}

type NewScannerProps = {
  readonly saving: boolean;
  readonly onAdd: (scanner: GivenScanner, done: () => void) => void;
};

function NewScanner({ saving, onAdd }: NewScannerProps): ReactElement {
  const [draft, setDraft] = useState<ScannerDraft | undefined>(undefined);
  const [errors, setErrors] = useState<ScannerErrors>({});
  if (draft === undefined)
    return (
      <div className="mt-3">
        <Button onClick={() => setDraft(emptyScanner())}>Add a scanner</Button>
      </div>
    );
  const set = (change: Partial<ScannerDraft>) => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readScanner(draft);
    setErrors(read.kind === 'wrong' ? read.errors : {});
    if (read.kind === 'read') onAdd(read.scanner, () => setDraft(undefined));
  };
  return (
    <form onSubmit={submit} noValidate className="mt-3 flex flex-col gap-4 rounded-lg border border-kumo-line p-3">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <SelectField label="What it is" value={draft.kind} options={SCANNER_KINDS} onChange={(kind) => set({ kind })} />
        <WayFields draft={draft} errors={errors} set={set} />
        <SelectField
          label="When it does not answer"
          value={draft.whenFailed}
          options={WHEN_FAILED}
          onChange={(whenFailed) => set({ whenFailed })}
        />
      </div>
      {draft.kind === 'clamd' && draft.tls === 'none' ? (
        <p className="text-pretty">Without TLS, whoever sits on the way to the scanner can read all mail.</p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" loading={saving}>
          Save: in effect at once
        </Button>
        <Button onClick={() => setDraft(undefined)}>Leave it</Button>
      </div>
    </form>
  );
}

type WayFieldsProps = {
  readonly draft: ScannerDraft;
  readonly errors: ScannerErrors;
  readonly set: (change: Partial<ScannerDraft>) => void;
};

function WayFields({ draft, errors, set }: WayFieldsProps): ReactElement {
  if (draft.kind !== 'clamd')
    return (
      <>
        <Input
          label="URL"
          placeholder={draft.kind === 'rspamd' ? 'https://rspamd.example:11334' : 'https://scanner.example/scan'}
          value={draft.url}
          onChange={(event) => set({ url: event.target.value })}
          {...wrongField(errors.url)}
        />
        <Input
          label={draft.kind === 'rspamd' ? 'Password (empty: none)' : 'Bearer token (empty: none)'}
          type="password"
          autoComplete="off"
          value={draft.secret}
          onChange={(event) => set({ secret: event.target.value })}
        />
      </>
    );
  return (
    <>
      <Input
        label="Host"
        value={draft.host}
        onChange={(event) => set({ host: event.target.value })}
        {...wrongField(errors.host)}
      />
      <Input
        label="Port"
        inputMode="numeric"
        value={draft.port}
        onChange={(event) => set({ port: event.target.value })}
        {...wrongField(errors.port)}
      />
      <SelectField
        label="TLS"
        value={draft.tls}
        options={[
          ['implicit', 'From the first byte'],
          ['none', 'None'],
        ]}
        onChange={(tls) => set({ tls })}
      />
    </>
  );
}
