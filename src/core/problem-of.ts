/** What of an error may stand in a log. */

/**
 * Name and message in one line of at most 300 characters. The message of a failed query holds the SQL with all its parameters,
 * password hashes and subjects among them: of such an error only what the database itself said is taken.
 */
export function problemOf(error: unknown): string {
  return lineOf(holdsQuery(error) ? saidBelow(error) : describe(error));
}

const MAX_LENGTH = 300;
// Causes can be made to go round in a circle.
const MAX_CAUSES = 10;
// drizzle-orm's DrizzleQueryError; its class does not survive the way out of a Durable Object, its message does.
const QUERY_MESSAGE = 'Failed query';

function saidBelow(error: unknown): string {
  let deepest = error;
  for (let depth = 0; depth < MAX_CAUSES && causeOf(deepest) !== undefined; depth += 1) deepest = causeOf(deepest);
  return holdsQuery(deepest) ? 'a query failed, and the database did not say why' : messageOf(deepest);
}

function holdsQuery(error: unknown): boolean {
  if (typeof error === 'object' && error !== null && ('query' in error || 'params' in error)) return true;
  return messageOf(error).includes(QUERY_MESSAGE);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lineOf(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_LENGTH);
}
