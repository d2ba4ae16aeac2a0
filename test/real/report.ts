/** What Breakwater itself says of it: status, outages, and their reports line by line. */
import type { Outage as DrillOutage, Status } from '../../tools/drill/answers.ts';
import { statusOf as statusBy } from '../../tools/drill/answers.ts';
import { CLIENT_ID } from '../../tools/stack/harbour.ts';
import type { Stack } from '../../tools/stack/stack.ts';

export type Outage = DrillOutage & { readonly id: string };

type ReportLine = { readonly id: string; readonly uncertainAttempts: number };

export function statusOf({ api }: Stack): Promise<Status> {
  return statusBy(api);
}

export async function outagesOf({ api }: Stack): Promise<readonly Outage[]> {
  const { outages } = (await api.get(`/clients/${CLIENT_ID}/outages`)) as { readonly outages: readonly Outage[] };
  return outages;
}

/** Ids, as they stand in our trace header, of the rows whose delivery was lost sight of at least once. */
export async function uncertainRows({ api }: Stack, outages: readonly Outage[]): Promise<ReadonlySet<string>> {
  const reports = await Promise.all(
    outages.map(async ({ id }) => {
      const report = await api.get(`/clients/${CLIENT_ID}/outages/${id}/report?format=json`);
      return (report as { readonly messages: readonly ReportLine[] }).messages;
    }),
  );
  return new Set(
    reports.flat().flatMap(({ id, uncertainAttempts }) => (uncertainAttempts > 0 ? [`${CLIENT_ID}/${id}`] : [])),
  );
}
