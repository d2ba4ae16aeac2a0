/** What an input is told of a slip in it; nothing while there is none. */
export function wrongField(error: string | undefined) {
  return error === undefined ? {} : { error, variant: 'error' as const };
}
