/** `expired` resolves after the time given, unless cancelled before. */
export type Timer = { readonly expired: Promise<void>; readonly cancel: () => void };

export type StartTimer = (ms: number) => Timer;
