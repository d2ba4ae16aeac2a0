/** A client's scanners and the deployment's, ready to be asked. */
import type { ScannerPlan, WhenFailed } from '../core/filter-plan.ts';
import type { OutwardUrlPolicy } from '../core/outward-url.ts';
import type { DeploymentScanner, Scanner, ScannersOf } from '../pipeline/scanner.ts';
import { type ClamdPlace, createClamd } from './clamd.ts';
import { createHttpScanner } from './http-scanner.ts';
import { createRspamd, type Secret } from './rspamd.ts';
import type { Seal } from './seal.ts';

export type ScannersNeeds = {
  readonly policy: OutwardUrlPolicy;
  readonly seal: Pick<Seal, 'open'>;
  readonly deployment: readonly DeploymentScanner[];
  readonly limitMs: number;
};

// All are asked side by side, and mail waits for the slowest: a virus scanner takes a second for 25 MB, rspamd as long as its resolver.
// A little less than the filter as a whole has (pipeline/filter.ts), so that a scanner's own words are heard.
export const SCAN_MS = 4_500;
// Each is sent the whole message, and the platform opens six connections at a time.
const MAX_SCANNERS = 4;

export function createScanners(needs: ScannersNeeds): ScannersOf {
  return ({ scanners: plan, whenScannerFailed }) => {
    const ofDeployment = needs.deployment.filter(({ kind }) => !plan.some((own) => own.kind === kind));
    const kinds = new Map<string, number>();
    return [
      ...plan.map((own) => ownWay(own, needs)),
      ...ofDeployment.map((given) => deploymentWay(given, whenScannerFailed)),
    ]
      .slice(0, MAX_SCANNERS)
      .map((way) => {
        const count = (kinds.get(way.kind) ?? 0) + 1;
        kinds.set(way.kind, count);
        return open(way, { name: count === 1 ? way.kind : `${way.kind}-${count}`, ...needs });
      });
  };
}

type Way = Pick<ScannerPlan, 'whenFailed'> &
  (
    | { readonly kind: 'rspamd' | 'http'; readonly url: string; readonly secret: Secret }
    | ({ readonly kind: 'clamd' } & ClamdPlace)
  );

function ownWay(plan: ScannerPlan, { seal }: ScannersNeeds): Way {
  const opened =
    (sealed: string | undefined): Secret =>
    async () =>
      sealed === undefined ? undefined : seal.open(sealed);
  switch (plan.kind) {
    case 'rspamd':
      return { ...plan, secret: opened(plan.sealedPassword) };
    case 'http':
      return { ...plan, secret: opened(plan.sealedToken) };
    case 'clamd':
      return plan;
  }
}

function deploymentWay(given: DeploymentScanner, whenFailed: WhenFailed): Way {
  if (given.kind === 'clamd') return { ...given, whenFailed };
  return { kind: given.kind, url: given.url, secret: async () => given.secret, whenFailed };
}

function open(way: Way, { name, policy, limitMs }: ScannersNeeds & { readonly name: string }): Scanner {
  const terms = { name, whenFailed: way.whenFailed, limitMs, policy, allowPrivate: policy.allowPrivate };
  switch (way.kind) {
    case 'rspamd':
      return createRspamd(way, terms);
    case 'http':
      return createHttpScanner(way, terms);
    case 'clamd':
      return createClamd(way, terms);
  }
}
