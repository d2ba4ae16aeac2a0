/** Errors as RFC 9457 problem details, with one member of our own: `fix` says what to change. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export type Problem = {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  readonly fix: string;
  /** into how many files what was asked for goes, where it is too much for one */
  readonly parts?: number;
};

export function problem(context: Context, { status, ...members }: Problem): Response {
  return context.body(JSON.stringify({ type: 'about:blank', status, ...members }), status, {
    'content-type': 'application/problem+json',
  });
}

export type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** What zod found, as one sentence per field. */
export function invalid(context: Context, issues: readonly Issue[]): Response {
  const detail = issues
    .map((issue) => `${issue.path.map(String).join('.') || 'the body'}: ${issue.message}`)
    .join('; ');
  return problem(context, {
    status: 422,
    title: 'The request is not valid',
    detail,
    fix: 'Correct the fields named; /api/v1/openapi.json describes them.',
  });
}

export function notFound(context: Context, what: string, fix: string): Response {
  return problem(context, { status: 404, title: 'Not found', detail: `There is no ${what}.`, fix });
}
