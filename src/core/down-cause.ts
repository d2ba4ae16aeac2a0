/** Why delivery was switched away from the gateway, in one line for people. Pure. */

export type DownCause =
  /** `isPartial`: the share or frequency tripped; the server takes some mail, so a few good answers prove nothing */
  | { readonly kind: 'threshold'; readonly why: string; readonly isPartial: boolean }
  | { readonly kind: 'declared'; readonly by: string; readonly reason: string }
  /** a declared failure that everybody is told is none */
  | { readonly kind: 'drill'; readonly by: string; readonly reason: string }
  | { readonly kind: 'maintenance'; readonly title: string; readonly until: number };

export function describeCause(cause: DownCause): string {
  switch (cause.kind) {
    case 'threshold':
      return cause.why;
    case 'declared':
      return `declared by ${cause.by}: ${cause.reason}`;
    case 'drill':
      return `a drill, begun by ${cause.by}: ${cause.reason}`;
    case 'maintenance':
      return `planned maintenance: ${cause.title}`;
  }
}

/** Of a state that has a cause: the server took some mail all the time. */
export function isPartial(health: object): boolean {
  const cause = 'cause' in health ? (health.cause as DownCause) : undefined;
  return cause?.kind === 'threshold' && cause.isPartial;
}

/** A person or a plan has begun it, so a person or the plan ends it: probes do not. */
export function isBegunByPeople(cause: DownCause): boolean {
  return cause.kind !== 'threshold';
}
