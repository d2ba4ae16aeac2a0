/** The page of a one-click link as HTML: one file of its own, without scripts, images or fonts to fetch. */
import { html, raw } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { HealthState } from '../core/health-state.ts';
import { STATE_WORDS } from './act-words.ts';

export type Page = {
  readonly status: ContentfulStatusCode;
  readonly clientName?: string;
  readonly heading: string;
  readonly text: string;
  readonly state?: HealthState;
  /** what the one button says; absent: there is nothing to press */
  readonly button?: string;
};

/** Every value is escaped. */
export function pageHtml({ clientName, heading, text, state, button }: Page) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <meta name="color-scheme" content="light dark" />
    <title>${heading}${clientName === undefined ? '' : ` · ${clientName}`}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      ${clientName === undefined ? '' : html`<p class="client">${clientName}</p>`}
      <h1>${heading}</h1>
      <p>${text}</p>
      ${state === undefined ? '' : html`<p class="state">Now: ${STATE_WORDS[state]}</p>`}
      ${button === undefined ? html`<p><a href="/console">Open the console</a></p>` : html`<form method="post"><button>${button}</button></form>`}
    </main>
  </body>
</html>`;
}

const STYLE = raw(`
:root { color-scheme: light dark; --ground: #f6f7f8; --card: #fff; --ink: #16202a; --soft: #4d5a66; --edge: #d5dbe0; --key: #0b5c8a; --on-key: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #10161b; --card: #182027; --ink: #e8edf1; --soft: #a8b4be; --edge: #33404a; --key: #7cc4ee; --on-key: #07202f; }
}
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 8vh auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--edge); border-radius: .75rem; }
@media (max-width: 38rem) { main { margin: 1rem; } }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.client, .state { color: var(--soft); }
button { width: 100%; padding: .8rem 1rem; border: 0; border-radius: .5rem; background: var(--key); color: var(--on-key); font: inherit; font-weight: 600; cursor: pointer; }
a { color: var(--key); }
:focus-visible { outline: 3px solid var(--key); outline-offset: 3px; }
`);
