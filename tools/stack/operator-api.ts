/** The operator's API as the tools use it. What the Worker refuses is thrown in its own words, with its own advice. */

export type ApiError = Error & { readonly status: number };

export type Api = {
  get(path: string): Promise<unknown>;
  /** `body` as JSON; a string is sent as CSV */
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown): Promise<unknown>;
};

export function operatorApi(url: string, token: string): Api {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const csv = typeof body === 'string';
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': csv ? 'text/csv' : 'application/json' },
      ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw apiError(`${method} ${path}`, response.status, text);
    return text === '' ? undefined : JSON.parse(text);
  };
  return { get: (path) => call('GET', path), send: call };
}

/** problem+json: title, detail, fix. */
export function apiError(request: string, status: number, text: string): ApiError {
  const { title, detail, fix } = parseProblem(text);
  const words = [title, detail, fix].filter((part) => typeof part === 'string').join(' ');
  return Object.assign(new Error(`${request} was answered ${status}: ${words === '' ? text.slice(0, 200) : words}`), {
    status,
  });
}

function parseProblem(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
