/** Which rule of a behaviour applies now. `times` is counted for the peer, not for a connection. */
import type { Behaviour, PeerAction, PeerStage } from '../behaviour.ts';

export type Situation = { readonly sender?: string; readonly recipient?: string };

export type Script = {
  readonly behaviour: Behaviour;
  actionAt(stage: PeerStage, situation: Situation): PeerAction | undefined;
};

export function createScript(behaviour: Behaviour): Script {
  const rules = (behaviour.rules ?? []).map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  return {
    behaviour,
    actionAt(stage, { sender, recipient }) {
      const entry = rules.find(
        ({ rule, left }) =>
          rule.stage === stage && left > 0 && matches(rule.sender, sender) && matches(rule.recipient, recipient),
      );
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.rule.action;
    },
  };
}

function matches(pattern: string | undefined, address: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (address === undefined) return false;
  return pattern.startsWith('@')
    ? address.toLowerCase().endsWith(pattern.toLowerCase())
    : address.toLowerCase() === pattern.toLowerCase();
}
