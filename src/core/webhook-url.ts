/** What of a webhook's URL may stand in a log or the timeline: services put secrets into the path. */
export function webhookName(text: string): string {
  return URL.parse(text)?.host ?? 'a webhook';
}
