/** The way in, with a door for each: admins come with their Breakwater account, the operator with the token of the deployment. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { InfoIcon } from '@phosphor-icons/react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { Notice } from '../shared/notice.tsx';
import type { ApiProblem } from '../shared/problem.ts';
import { ProblemBelow } from '../shared/problem-below.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { useTitle } from '../shared/use-title.ts';
import { Wordmark } from '../shared/wordmark.tsx';
import { logInAdmin, logInOperator } from './api.ts';
import { useEnter } from './queries.ts';

/** Why somebody meets this page: for the first time, because the session ended, or because the account may not. */
export type LogInReason = 'none' | 'ended' | ApiProblem;
type Door = 'admin' | 'operator';

export function ConsoleLogIn({ reason }: { readonly reason: LogInReason }): ReactElement {
  useTitle('Log in to the console');
  const [door, setDoor] = useState<Door>('admin');
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-5 py-10">
      <div className="w-full max-w-[25rem]">
        <div className="mb-6 flex justify-center">
          <Wordmark />
        </div>
        <section className="rounded-2xl border border-kumo-line bg-kumo-base p-6 shadow-sm sm:p-8">
          <h1 className="text-xl font-semibold tracking-tight">Log in to the console</h1>
          <p className="mt-1 mb-5 text-kumo-subtle">
            {door === 'admin'
              ? 'For the people who look after a company’s mail.'
              : 'For whoever runs this deployment: every client, every setting.'}
          </p>
          <Reason reason={reason} />
          {door === 'admin' ? <AdminForm /> : <OperatorForm />}
        </section>
        <p className="mt-5 px-2 text-center text-pretty">
          <button
            type="button"
            onClick={() => setDoor(door === 'admin' ? 'operator' : 'admin')}
            className="min-h-6 cursor-pointer text-kumo-link underline"
          >
            {door === 'admin' ? 'I am the operator and have the token' : 'I have an account with a password'}
          </button>
        </p>
        <p className="mt-2 px-2 text-center">
          <a href="/mail" className="text-kumo-link underline">
            I only want to read my mail
          </a>
        </p>
      </div>
    </main>
  );
}

function Reason({ reason }: { readonly reason: LogInReason }): ReactElement | null {
  if (reason === 'none') return null;
  return (
    <div className="mb-5">
      {reason === 'ended' ? (
        <Notice tone="plain" icon={InfoIcon} role="status">
          You were logged out. Log in again to go on.
        </Notice>
      ) : (
        <ProblemNotice error={reason} />
      )}
    </div>
  );
}

function AdminForm(): ReactElement {
  const [address, setAddress] = useState('');
  const [password, setPassword] = useState('');
  const addressRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const attempt = useAttempt(async () => logInAdmin(address.trim(), password), passwordRef);
  const { missing, submit } = useFilled({ address, password }, attempt.mutate, {
    address: addressRef,
    password: passwordRef,
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <ProblemBelow error={attempt.error} />
      <Input
        ref={addressRef}
        label="Email address"
        type="email"
        name="address"
        size="lg"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        {...(missing === 'address' ? { error: 'Enter your email address.', variant: 'error' as const } : {})}
      />
      <Input
        ref={passwordRef}
        label="Password"
        type="password"
        name="password"
        size="lg"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        {...(missing === 'password' ? { error: 'Enter your password.', variant: 'error' as const } : {})}
      />
      <LogInButton pending={attempt.isPending} />
    </form>
  );
}

function OperatorForm(): ReactElement {
  const [token, setToken] = useState('');
  const tokenRef = useRef<HTMLInputElement>(null);
  const attempt = useAttempt(async () => logInOperator(token.trim()), tokenRef);
  const { missing, submit } = useFilled({ token }, attempt.mutate, { token: tokenRef });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <ProblemBelow error={attempt.error} />
      <Input
        ref={tokenRef}
        label="Operator token"
        description="The OPERATOR_TOKEN of this deployment. The session lasts 12 hours."
        type="password"
        name="operator-token"
        size="lg"
        autoComplete="off"
        autoFocus
        value={token}
        onChange={(event) => setToken(event.target.value)}
        {...(missing === 'token' ? { error: 'Enter the token.', variant: 'error' as const } : {})}
      />
      <LogInButton pending={attempt.isPending} />
    </form>
  );
}

function LogInButton({ pending }: { readonly pending: boolean }): ReactElement {
  return (
    <Button type="submit" variant="primary" size="lg" loading={pending} className="mt-1 w-full justify-center">
      {pending ? 'Logging in…' : 'Log in'}
    </Button>
  );
}

type FieldRef = { readonly current: HTMLInputElement | null };

function useAttempt(logIn: () => Promise<void>, secret: FieldRef) {
  const enter = useEnter();
  return useMutation({ mutationFn: logIn, onSuccess: enter, onError: () => secret.current?.focus() });
}

/** The first field that was left empty gets the focus; nothing is asked of the API before all are filled. */
function useFilled<Name extends string>(
  values: Readonly<Record<Name, string>>,
  go: () => void,
  fields: Readonly<Record<Name, FieldRef>>,
) {
  const [missing, setMissing] = useState<Name | undefined>(undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const names = Object.keys(values) as Name[];
    const lacking = names.find((name) => values[name].trim() === '');
    setMissing(lacking);
    if (lacking === undefined) go();
    else fields[lacking].current?.focus();
  };
  return { missing, submit };
}
