/** The page's entry: providers, then the webmail or, under /console, the console. */
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { Session } from './mail/session.tsx';
import { BrokenPage } from './shared/broken-page.tsx';
import { Opening } from './shared/opening.tsx';
import { makeQueryClient } from './shared/query-client.ts';

// In a file of its own: somebody who wants to read mail does not wait for it.
const ConsoleSession = lazy(async () => ({
  default: (await import('./console/console-session.tsx')).ConsoleSession,
}));
const isConsole = window.location.pathname.split('/')[1] === 'console';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <BrokenPage>
      <QueryClientProvider client={makeQueryClient()}>
        {isConsole ? (
          <Suspense fallback={<Opening what="Opening the console…" />}>
            <ConsoleSession />
          </Suspense>
        ) : (
          <Session />
        )}
      </QueryClientProvider>
    </BrokenPage>
  </StrictMode>,
);
