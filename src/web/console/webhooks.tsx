/** Other programs that are told of every line. The secret that signs the calls is shown once, when it is made. */
import { Input } from '@cloudflare/kumo/components/input';
import { KeyIcon } from '@phosphor-icons/react';
import { type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { ListEditor } from './list-editor.tsx';
import { useChange } from './queries.ts';
import { type MadeSecret, saveNotices } from './settings-api.ts';

export function Webhooks({ id, urls }: { readonly id: string; readonly urls: readonly string[] }): ReactElement {
  const [typed, setTyped] = useState('');
  const [made, setMade] = useState<readonly MadeSecret[]>([]);
  const saving = useChange(id, saveNotices);
  const save = (next: readonly string[]) =>
    saving.mutate(
      { webhooks: next.map((url) => ({ url })) },
      {
        onSuccess: (secrets) => {
          setMade(secrets);
          setTyped('');
        },
      },
    );
  return (
    <Card
      title="By webhook"
      intro="Every line of the timeline is sent as JSON by POST, signed, and tried again for a day when it is not taken."
    >
      <ListEditor
        items={urls}
        empty="No program is told yet."
        saving={saving.isPending}
        onRemove={(gone) => save(urls.filter((url) => url !== gone))}
        onAdd={() => (typed.trim() === '' ? undefined : save([...urls, typed.trim()]))}
      >
        <Input
          label="Another URL"
          type="url"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="https://"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </ListEditor>
      {made.map(({ url, secret }) => (
        <div key={url} className="mt-3">
          <Notice
            tone="emergency"
            icon={KeyIcon}
            title="Keep this secret: it is shown only now"
            role="status"
            action={<CopyButton text={secret} words="Copy the secret" />}
          >
            <p className="break-all">
              {url} checks its calls with <code className="font-mono">{secret}</code>
            </p>
          </Notice>
        </div>
      ))}
      <ProblemBelow error={saving.error} />
    </Card>
  );
}
