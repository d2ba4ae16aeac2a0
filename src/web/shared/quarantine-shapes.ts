/** What the API tells of messages in quarantine, to an admin and to the person they are for. Times are epoch milliseconds. */
import * as z from 'zod/mini';
import type { Frozen } from './frozen.ts';

const person = z.object({ name: z.string(), address: z.string() });

const quarantined = z.object({
  id: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  from: person,
  recipient: z.string(),
  subject: z.string(),
  receivedAtMs: z.number(),
  sizeBytes: z.number(),
  reason: z.string(),
  cause: z.enum(['spam', 'threat', 'rule']),
  spamScore: z.nullable(z.number()),
  mayRelease: z.boolean(),
  deletableFromMs: z.number(),
});

export const quarantinePageShape = z.object({ messages: z.array(quarantined), next: z.nullable(z.string()) });

export const quarantinedContentShape = z.object({
  ...quarantined.shape,
  to: z.array(person),
  cc: z.array(person),
  text: z.nullable(z.string()),
  hasHtml: z.boolean(),
  attachments: z.array(z.object({ index: z.number(), fileName: z.string(), sizeBytes: z.number() })),
  notShown: z.nullable(z.enum(['too-large', 'too-complex'])),
});

export type Quarantined = Frozen<z.infer<typeof quarantined>>;
export type QuarantinePage = Frozen<z.infer<typeof quarantinePageShape>>;
export type QuarantinedContent = Frozen<z.infer<typeof quarantinedContentShape>>;
