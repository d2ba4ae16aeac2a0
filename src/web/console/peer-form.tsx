/** One mail server that takes mail from us: a gateway of the client, or a relay to the world. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { type FormEvent, type ReactElement, useState } from 'react';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { RadioCards } from '../shared/radio-cards.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { Consent } from './consent.tsx';
import type { GivenPeer } from './gateways-api.ts';
import {
  draftOf,
  emptyPeer,
  type PeerDraft,
  type PeerErrors,
  type PeerParts,
  type Stored,
  USUAL_PORTS,
} from './peer-draft.ts';
import { PeerLogin } from './peer-login.tsx';
import { readPeer } from './read-peer.ts';

type PeerFormProps = {
  /** `relay`: there is one, so nothing is chosen by capacity and place */
  readonly kind: 'gateway' | 'relay';
  readonly stored: Stored | undefined;
  readonly saving: { readonly isPending: boolean; readonly error: Error | null };
  readonly onSave: (peer: GivenPeer) => void;
  readonly onLeave: () => void;
};

export function PeerForm({ kind, stored, saving, onSave, onLeave }: PeerFormProps): ReactElement {
  const [draft, setDraft] = useState<PeerDraft>(() => (stored === undefined ? emptyPeer() : draftOf(stored)));
  const [errors, setErrors] = useState<PeerErrors>({});
  const set = (change: Partial<PeerDraft>): void => setDraft({ ...draft, ...change });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = readPeer(draft, stored);
    setErrors(read.kind === 'wrong' ? read.errors : {});
    if (read.kind === 'read') onSave(read.peer);
  };
  const parts = { draft, set, errors };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" className="flex flex-col gap-5">
      <Reach {...parts} />
      <PeerLogin {...parts} stored={stored} />
      {kind === 'gateway' ? <Choice {...parts} /> : null}
      <ProblemBelow error={saving.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" loading={saving.isPending}>
          Save: in effect at once
        </Button>
        <Button onClick={onLeave}>Leave it as it is</Button>
      </div>
    </form>
  );
}

function Reach({ draft, set, errors }: PeerParts): ReactElement {
  // A port that nobody has thought about follows the way; one that was chosen stays.
  const choose = (tls: PeerDraft['tls']): void =>
    set(draft.port === USUAL_PORTS[draft.tls] ? { tls, port: USUAL_PORTS[tls] } : { tls });
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Input
          label="Host"
          value={draft.host}
          placeholder="mail.harbour.example"
          autoCapitalize="none"
          spellCheck={false}
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
      </div>
      <RadioCards
        legend="TLS"
        value={draft.tls}
        onChange={choose}
        options={[
          { value: 'implicit', name: 'From the first byte', words: 'Port 465. The safest; choose it where you can.' },
          { value: 'starttls', name: 'STARTTLS', words: 'Port 587. Required: without it nothing is sent.' },
          { value: 'none', name: 'None', words: 'Mail and login can be read on the way. For tests only.' },
        ]}
      />
      {draft.tls === 'none' ? (
        <Consent
          label="I accept that mail and login can be read and changed on the way"
          checked={draft.plainText === 'accepted'}
          onChange={() => set({ plainText: draft.plainText === 'accepted' ? 'unasked' : 'accepted' })}
          error={errors.plainText}
        />
      ) : null}
    </>
  );
}

function Choice({ draft, set, errors }: PeerParts): ReactElement {
  return (
    <fieldset>
      <legend className="font-medium">For the choice among several</legend>
      <p className="mb-3 text-kumo-subtle">What you leave empty counts neither for nor against this server.</p>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <Input
          label="Capacity (messages a minute)"
          inputMode="numeric"
          value={draft.capacityPerMinute}
          onChange={(event) => set({ capacityPerMinute: event.target.value })}
          {...wrongField(errors.capacityPerMinute)}
        />
        <Input
          label="Latitude (degrees north)"
          inputMode="decimal"
          value={draft.latitude}
          placeholder="53.55"
          onChange={(event) => set({ latitude: event.target.value })}
          {...wrongField(errors.latitude)}
        />
        <Input
          label="Longitude (degrees east)"
          inputMode="decimal"
          value={draft.longitude}
          placeholder="9.99"
          onChange={(event) => set({ longitude: event.target.value })}
          {...wrongField(errors.longitude)}
        />
      </div>
    </fieldset>
  );
}
