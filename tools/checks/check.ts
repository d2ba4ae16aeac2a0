/** One check of the chain: it says what it looked at, so that a check which saw nothing can not pass as a good one. */

export type Finding =
  /** `looked`: proof in numbers, `84 files`; `notes`: what does not fail the check but should be read */
  | { readonly kind: 'ok'; readonly count: number; readonly looked: string; readonly notes?: string }
  | { readonly kind: 'failed'; readonly output: string };

export type Check = {
  readonly name: string;
  run(): Promise<Finding>;
};

/** A tool that finds 0 files reports success: the commonest way for a check to die unseen. */
export function judge(finding: Finding): Finding {
  if (finding.kind === 'failed' || finding.count > 0) return finding;
  return { kind: 'failed', output: `it looked at nothing (${finding.looked}): the check itself is broken` };
}

/** The first capture of `pattern` as a number; 0 when the tool did not say it, which then fails the check. */
export function countIn(output: string, pattern: RegExp): number {
  return Number(pattern.exec(output)?.[1]?.replaceAll(',', '') ?? 0);
}
