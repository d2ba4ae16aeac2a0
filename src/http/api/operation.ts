/** One operation of the operator's API as OpenAPI wants it, with the answers all of them share. */
import { createRoute, z } from '@hono/zod-openapi';
import { type Role, securityFor } from './actor.ts';

type Described = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** the least role that may; the operator may everything. Left out: the operator alone */
  readonly by?: Role;
};

const responses = {
  200: { description: 'Done; the answer is JSON' },
  '4XX': { description: 'application/problem+json, with `fix` saying what to change' },
  '5XX': {
    description: 'application/problem+json; nothing was half written. What is stored but not yet in effect says so',
  },
} as const;

export function operation({ method, path, summary, by }: Described) {
  return createRoute({
    method,
    path,
    summary,
    security: securityFor(by ?? 'operator'),
    request: { params: pathParameters(path) },
    responses,
  });
}

export function operationWithBody<Body extends z.ZodType>(described: Described, body: Body) {
  const { method, path, summary, by } = described;
  return createRoute({
    method,
    path,
    summary,
    security: securityFor(by ?? 'operator'),
    request: {
      params: pathParameters(path),
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses,
  });
}

/** A line for each thing: whoever reads the answer finds the wrong one by its number. */
export function operationWithLines({ method, path, summary, by }: Described) {
  const content = { schema: z.string() };
  const body = { required: true, content: { 'text/csv': content, 'text/plain': content } };
  return createRoute({
    method,
    path,
    summary,
    security: securityFor(by ?? 'operator'),
    request: { params: pathParameters(path), body },
    responses,
  });
}

function pathParameters(path: string) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}
