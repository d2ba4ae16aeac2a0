/** The page's entry: providers, then the webmail. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app.css';
import { makeQueryClient } from './mail/queries.ts';
import { Session } from './mail/session.tsx';
import { BrokenPage } from './shared/broken-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <BrokenPage>
      <QueryClientProvider client={makeQueryClient()}>
        <Session />
      </QueryClientProvider>
    </BrokenPage>
  </StrictMode>,
);
