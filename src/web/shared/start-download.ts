/** Begins a download, or throws the API's own reason why there is nothing to take. */
import { request } from './request.ts';

/** A plain link would show the reason as a page of JSON, with no way back: so it is asked for first. HEAD leaves no line in the audit log. */
export async function startDownload(href: string): Promise<void> {
  try {
    await request({ method: 'HEAD', path: href });
  } catch {
    // The answer to a HEAD has no body, and the reason is in the body.
    const file = await request({ method: 'GET', path: href });
    await file.body?.cancel();
  }
  // An attachment: the page stays.
  window.location.assign(href);
}
