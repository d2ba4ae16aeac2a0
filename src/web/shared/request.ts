/** The only place that talks to the network: JSON over same-origin fetch, the session in a cookie we never see. */
import * as z from 'zod/mini';
import { ApiProblem, NO_ANSWER, NOT_UNDERSTOOD, type Problem, problemOfStatus } from './problem.ts';

// zod compiles parsers with `new Function` when it may; our policy forbids that, and the attempt alone is reported as a violation.
z.config({ jitless: true });

// Longer than any answer of ours takes, shorter than the patience of someone in an emergency.
const TIMEOUT_MS = 20_000;

export type Call = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** a body of lines instead */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

export async function request(call: Call): Promise<Response> {
  const response = await answerTo(call);
  if (!response.ok) throw new ApiProblem(await readProblem(response));
  return response;
}

export async function requestJson<T>(call: Call, shape: z.ZodMiniType<T>): Promise<T> {
  const response = await request(call);
  const parsed = shape.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new ApiProblem(NOT_UNDERSTOOD, { cause: parsed.error });
  return parsed.data;
}

async function answerTo(call: Call): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  const type = typeOf(call);
  try {
    return await fetch(call.path, {
      method: call.method,
      headers: { accept: 'application/json', ...type, ...call.headers },
      body: call.text ?? (call.body === undefined ? null : JSON.stringify(call.body)),
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    // A query that was given up is not a failure to show: react-query knows its own AbortError.
    if (call.signal?.aborted === true) throw error;
    throw new ApiProblem(NO_ANSWER, { cause: error });
  }
}

function typeOf({ text, body }: Call): Readonly<Record<string, string>> {
  if (text !== undefined) return { 'content-type': 'text/plain' };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

const problemShape = z.object({
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  fix: z.optional(z.string()),
  parts: z.optional(z.number()),
});

async function readProblem(response: Response): Promise<Problem> {
  const parsed = problemShape.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return problemOfStatus(response.status);
  const { fix, parts, ...rest } = parsed.data;
  return { ...rest, ...(fix === undefined ? {} : { fix }), ...(parts === undefined ? {} : { parts }) };
}
