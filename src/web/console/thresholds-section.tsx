/** When trouble counts as a failure: three profiles, numbers of one's own, and what they mean in words. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useKumoToastManager } from '@cloudflare/kumo/components/toast';
import { type FormEvent, type ReactElement, useState } from 'react';
import { Card } from '../shared/card.tsx';
import { Link } from '../shared/link.tsx';
import { Loaded } from '../shared/loaded.tsx';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { RadioCards } from '../shared/radio-cards.tsx';
import type { Client } from './api.ts';
import { FAILOVERS } from './mode-words.ts';
import { useChange, useThresholds } from './queries.ts';
import { clientPath } from './route.ts';
import { type Profile, saveThresholds, type Thresholds } from './settings-api.ts';
import {
  FIELD_NAMES,
  FIELDS,
  type Field,
  inForce,
  meaning,
  PROFILE_WORDS,
  readTyped,
  type Typed,
  typedFrom,
} from './threshold-words.ts';

const PROFILES: readonly Profile[] = ['cautious', 'standard', 'eager'];

export function ThresholdsSection({ client }: { readonly client: Client }): ReactElement {
  const thresholds = useThresholds(client.id);
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={thresholds} what="Opening the thresholds…">
        {(found) => <ThresholdsForm id={client.id} saved={found} />}
      </Loaded>
      <Card title="What happens when a threshold is crossed" intro={FAILOVERS.find(isChosen(client))?.words}>
        <Link href={clientPath(client.id, 'modes')} className="text-kumo-link hover:underline">
          What happens, in full
        </Link>
      </Card>
    </div>
  );
}

const isChosen =
  ({ failover }: Client) =>
  ({ value }: { readonly value: Client['failover'] }) =>
    value === failover;

type FormProps = { readonly id: string; readonly saved: Thresholds };

function ThresholdsForm({ id, saved }: FormProps): ReactElement {
  const { profile, setProfile, typed, setTyped, errors, wouldBe, change, submit } = useThresholdsForm(id, saved);
  return (
    <Card
      title="When trouble counts as a failure"
      intro="A change is in effect as soon as it is saved, also while something is going on. It is in the audit log."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-5">
        <RadioCards
          legend="Profile"
          value={profile}
          onChange={setProfile}
          options={PROFILES.map((one) => ({
            value: one,
            name: PROFILE_WORDS[one].name,
            words: PROFILE_WORDS[one].purpose,
          }))}
        />
        <fieldset>
          <legend className="font-medium">Numbers of your own</legend>
          <p className="mb-3 text-kumo-subtle">What you leave empty is as in the profile, shown in grey.</p>
          <div className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {FIELD_NAMES.map((field) => (
              <NumberField
                key={field}
                field={field}
                value={typed[field]}
                placeholder={typedFrom(saved.profiles[profile])[field]}
                error={errors[field]}
                onChange={(value) => setTyped({ ...typed, [field]: value })}
              />
            ))}
          </div>
        </fieldset>
        <div role="status" className="rounded-lg bg-kumo-recessed px-4 py-3">
          <p className="font-semibold text-kumo-default">In words</p>
          <ul className="mt-1 list-disc pl-5 text-kumo-default">
            {meaning(wouldBe).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        <ProblemBelow error={change.error} />
        <div>
          <Button type="submit" variant="primary" loading={change.isPending}>
            Save: in effect at once
          </Button>
        </div>
      </form>
    </Card>
  );
}

type NumberFieldProps = {
  readonly field: Field;
  readonly value: string;
  readonly placeholder: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
};

function NumberField({ field, value, placeholder, error, onChange }: NumberFieldProps): ReactElement {
  const { label, unit } = FIELDS[field];
  return (
    <Input
      label={`${label} (${unit})`}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      placeholder={placeholder}
      onChange={(event) => onChange(event.target.value)}
      {...(error === undefined ? {} : { error, variant: 'error' as const })}
    />
  );
}

function useThresholdsForm(id: string, saved: Thresholds) {
  const [profile, setProfile] = useState<Profile>(saved.profile);
  const [typed, setTyped] = useState<Typed>(() => typedFrom(saved.own));
  const toasts = useKumoToastManager();
  const change = useChange(id, saveThresholds);
  const read = readTyped(typed, saved.profiles[profile]);
  const errors = read.kind === 'wrong' ? read.errors : {};
  // While a field is wrong, the words keep to what is in force.
  const wouldBe = read.kind === 'wrong' ? saved.inForce : inForce(read.own, saved.profiles[profile]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read.kind === 'wrong') return;
    const done = () => toasts.add({ title: 'Saved. In effect from now on.' });
    change.mutate({ profile, ...read.own }, { onSuccess: done });
  };
  return { profile, setProfile, typed, setTyped, errors, wouldBe, change, submit };
}
