/** One screen: how it is reached in a page that shows the one before. */
import type { Page } from 'playwright-core';

/** `token`: the operator's; '' where only the webmail is looked at */
export type Login = {
  readonly url: string;
  readonly address: string;
  readonly password: string;
  readonly token: string;
};

export type Screen = { readonly name: string; readonly open: (page: Page, login: Login) => Promise<void> };
