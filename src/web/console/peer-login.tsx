/** How we log in to a mail server. What is stored is never shown: it is kept, or entered anew. */
import { Input } from '@cloudflare/kumo/components/input';
import type { ReactElement } from 'react';
import { RadioCards } from '../shared/radio-cards.tsx';
import { wrongField } from '../shared/wrong-field.ts';
import { type LoginWay, loginWay, loginWays, type PeerParts, type Stored } from './peer-draft.ts';

type PeerLoginProps = PeerParts & { readonly stored: Stored | undefined };

const WAYS: Readonly<Record<LoginWay, { readonly name: string; readonly words: string }>> = {
  kept: { name: 'Keep what is stored', words: 'The login it has now. It is never shown.' },
  password: { name: 'Password', words: 'A name and a password.' },
  oauth: { name: 'OAuth2', words: 'Tokens from a provider, as Microsoft 365 and Google ask for.' },
  none: { name: 'No login', words: 'The server must know us by other means.' },
};

export function PeerLogin({ stored, ...parts }: PeerLoginProps): ReactElement {
  const { draft, set } = parts;
  const ways = loginWays(draft, stored);
  const way = loginWay(draft, stored);
  const lost = draft.login === 'kept' && way !== 'kept';
  return (
    <>
      <RadioCards
        legend="Login"
        value={way}
        onChange={(login) => set({ login })}
        options={ways.map((value) => ({ value, ...WAYS[value] }))}
      />
      {lost ? (
        <p role="status" className="-mt-2">
          A stored login belongs to its host and port. For another one it has to be entered again.
        </p>
      ) : null}
      {way === 'password' ? <PasswordFields {...parts} /> : null}
      {way === 'oauth' ? <OAuthFields {...parts} /> : null}
    </>
  );
}

function PasswordFields({ draft, set, errors }: PeerParts): ReactElement {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <UsernameField draft={draft} set={set} errors={errors} />
      <Input
        label="Password"
        type="password"
        autoComplete="new-password"
        value={draft.password}
        onChange={(event) => set({ password: event.target.value })}
        {...wrongField(errors.password)}
      />
    </div>
  );
}

function OAuthFields({ draft, set, errors }: PeerParts): ReactElement {
  const plain = { autoCapitalize: 'none', spellCheck: false, autoComplete: 'off' } as const;
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <UsernameField draft={draft} set={set} errors={errors} />
      <Input
        label="Token URL"
        type="url"
        placeholder="https://login.provider.example/token"
        value={draft.tokenUrl}
        onChange={(event) => set({ tokenUrl: event.target.value })}
        {...plain}
        {...wrongField(errors.tokenUrl)}
      />
      <Input
        label="Client id"
        value={draft.clientId}
        onChange={(event) => set({ clientId: event.target.value })}
        {...plain}
        {...wrongField(errors.clientId)}
      />
      <Input
        label="Scope (if your provider asks for one)"
        value={draft.scope}
        onChange={(event) => set({ scope: event.target.value })}
        {...plain}
        {...wrongField(errors.scope)}
      />
      <Input
        label="Client secret"
        type="password"
        autoComplete="new-password"
        value={draft.clientSecret}
        onChange={(event) => set({ clientSecret: event.target.value })}
        {...wrongField(errors.clientSecret)}
      />
      <Input
        label="Refresh token"
        type="password"
        autoComplete="new-password"
        value={draft.refreshToken}
        onChange={(event) => set({ refreshToken: event.target.value })}
        {...wrongField(errors.refreshToken)}
      />
    </div>
  );
}

function UsernameField({ draft, set, errors }: PeerParts): ReactElement {
  return (
    <Input
      label="Name that logs in"
      value={draft.username}
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ username: event.target.value })}
      {...wrongField(errors.username)}
    />
  );
}
