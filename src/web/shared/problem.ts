/** A failure as the API tells it (RFC 9457, with our `fix`: what the reader can do about it). */
export type Problem = {
  readonly title: string;
  /** HTTP status; 0 when no answer came */
  readonly status: number;
  readonly detail: string;
  readonly fix?: string;
  /** a file that was asked for is too large for one and comes in so many */
  readonly parts?: number;
};

/** react-query knows failures as throws only; this is the one thing we throw. */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = 'ApiProblem';
    this.problem = problem;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  return {
    title: 'Something in this page broke',
    status: 0,
    detail: 'This is a mistake in Breakwater, not in what you did. No message is lost by it.',
    fix: 'Reload the page. If it happens again, tell your administrator.',
  };
}

export const NO_ANSWER: Problem = {
  title: 'Breakwater cannot be reached',
  status: 0,
  detail: 'No answer came. Most likely this device has lost its connection.',
  fix: 'Check the connection. This page tries again by itself.',
};

export const NOT_UNDERSTOOD: Problem = {
  title: 'The answer was not understood',
  status: 0,
  detail: 'This page may be older than the Breakwater it talks to.',
  fix: 'Reload the page.',
};

/** For answers that carry no problem of their own, such as those of a proxy in between. */
export function problemOfStatus(status: number): Problem {
  if (status >= 500) {
    return {
      title: 'Breakwater has trouble of its own',
      status,
      detail: 'The request was not carried out. Mail that arrives is kept all the same.',
      fix: 'Try again in a minute.',
    };
  }
  if (status === 404)
    return { title: 'There is nothing here', status, detail: 'It was not found.', fix: 'Go back to the list.' };
  return {
    title: 'Breakwater declined the request',
    status,
    detail: `It answered with status ${status}.`,
    fix: 'Reload the page and try again.',
  };
}
