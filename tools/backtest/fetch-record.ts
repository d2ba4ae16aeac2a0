/** A client's record and settings from the running service. */
import { z } from 'zod';
import type { Recorded } from '../../src/core/record.ts';
import type { Api } from '../stack/operator-api.ts';
import { type Material, mannerOf, mannerSchema, numbersSchema, pageSchema, recordedOf } from './record-file.ts';

const thresholdsSchema = z.object({ inForce: numbersSchema });
const uptimeSchema = z.object({ from: z.number(), to: z.number() });

export async function fetchMaterial(api: Api, client: string, days: number): Promise<Material> {
  const path = `/clients/${encodeURIComponent(client)}`;
  const manner = mannerOf(mannerSchema.parse(await api.get(path)));
  const { inForce } = thresholdsSchema.parse(await api.get(`${path}/thresholds`));
  // A client enrolled last week has no 90 days: nothing is said of the time before the first answer.
  const span = uptimeSchema.parse(await api.get(`${path}/uptime?days=${days}`));
  return { client, span, settings: inForce, manner, record: await fetchRecord(api, path, days) };
}

async function fetchRecord(api: Api, path: string, days: number): Promise<readonly Recorded[]> {
  const pages: (readonly Recorded[])[] = [];
  for (let query: string | undefined = `days=${days}`; query !== undefined; ) {
    const { observations, next } = pageSchema.parse(await api.get(`${path}/observations?${query}`));
    pages.push(recordedOf(observations));
    query = next === null ? undefined : `after=${next}`;
  }
  return pages.flat();
}
