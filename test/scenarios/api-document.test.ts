/** What the operator's API can do, its document says. */
import { expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { createApp } from '../../src/http/app.ts';
import { testEnv } from '../support/test-env.ts';

type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, { requestBody?: unknown }>>>> };

it('every operation stands in the document, what comes by the line as CSV or text', async () => {
  const app = createApp(compose(testEnv).http);
  const document = await (await app.request('/api/v1/openapi.json')).json<Document>();
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/') && !path.endsWith('/openapi.json'))
    .map(({ method, path }) => `${method} ${path.slice('/api/v1'.length).replace(/:(\w+)/g, '{$1}')}`);
  expect(served.length).toBeGreaterThan(15);
  expect([...new Set(served)].sort()).toEqual(described.sort());
  const lines = { schema: { type: 'string' } };
  for (const body of [
    document.paths['/clients/{clientId}/accounts/import']?.['post']?.requestBody,
    document.paths['/clients/{clientId}/lists/{name}']?.['put']?.requestBody,
  ])
    expect(body).toEqual({ required: true, content: { 'text/csv': lines, 'text/plain': lines } });
});
