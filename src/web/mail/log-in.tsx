/** The way in. It needs nothing of the client's own systems (P9): Breakwater's own password, checked by Breakwater. */
import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { InfoIcon } from '@phosphor-icons/react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useRef, useState } from 'react';
import { Notice } from '../shared/notice.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { useTitle } from '../shared/use-title.ts';
import { Wordmark } from '../shared/wordmark.tsx';
import { logIn } from './api.ts';
import { useEnter } from './queries.ts';

export function LogIn({ lastAddress }: { readonly lastAddress: string }): ReactElement {
  useTitle('Log in');
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-5 py-10">
      <div className="w-full max-w-[25rem]">
        <div className="mb-6 flex justify-center">
          <Wordmark />
        </div>
        <section className="rounded-2xl border border-kumo-line bg-kumo-base p-6 shadow-sm sm:p-8">
          <h1 className="text-xl font-semibold tracking-tight">Log in to your mail</h1>
          <p className="mt-1 mb-6 text-kumo-subtle">
            Breakwater keeps your mail reachable when your company’s own server is not.
          </p>
          {lastAddress === '' ? null : (
            <div className="mb-5">
              <Notice tone="plain" icon={InfoIcon} role="status">
                You were logged out. Log in again to go on; what you were writing has been kept.
              </Notice>
            </div>
          )}
          <LogInForm lastAddress={lastAddress} />
        </section>
        <p className="mt-5 px-2 text-center text-pretty text-kumo-subtle">
          No password, or forgotten? Your administrator can give you a new one at once. It is not the password of your
          company’s own mail server.
        </p>
      </div>
    </main>
  );
}

function LogInForm({ lastAddress }: { readonly lastAddress: string }): ReactElement {
  const { address, setAddress, password, setPassword, missing, attempt, submit, addressRef, passwordRef } =
    useLogIn(lastAddress);
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {attempt.isError ? <ProblemNotice error={attempt.error} /> : null}
      <Input
        ref={addressRef}
        label="Email address"
        type="email"
        name="address"
        size="lg"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={lastAddress === ''}
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
        autoFocus={lastAddress !== ''}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        {...(missing === 'password' ? { error: 'Enter your password.', variant: 'error' as const } : {})}
      />
      <Button
        type="submit"
        variant="primary"
        size="lg"
        loading={attempt.isPending}
        className="mt-1 w-full justify-center"
      >
        {attempt.isPending ? 'Logging in…' : 'Log in'}
      </Button>
    </form>
  );
}

function useLogIn(lastAddress: string) {
  const [address, setAddress] = useState(lastAddress);
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<'address' | 'password' | undefined>(undefined);
  const enter = useEnter();
  const addressRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: async () => logIn(address.trim(), password),
    onSuccess: enter,
    onError: () => {
      setPassword('');
      passwordRef.current?.focus();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const lacking = address.trim() === '' ? 'address' : password === '' ? 'password' : undefined;
    setMissing(lacking);
    if (lacking === undefined) attempt.mutate();
    else (lacking === 'address' ? addressRef : passwordRef).current?.focus();
  };
  return { address, setAddress, password, setPassword, missing, attempt, submit, addressRef, passwordRef };
}
