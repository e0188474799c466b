/** What the benchmark tells the process of the simulated server. */
export type ToServer =
  | { readonly type: 'start'; readonly people: number }
  /** The pool goes away and comes back on the same port after so many milliseconds. */
  | { readonly type: 'restart'; readonly afterMs: number }
  | { readonly type: 'storm'; readonly changesPerSecond: number; readonly seconds: number }
  | { readonly type: 'report' };

/** What it answers. */
export type FromServer =
  | { readonly type: 'listening'; readonly port: number; readonly ca: string }
  | { readonly type: 'restarted' }
  /** Somebody's status became another one; `at` in microseconds of the clock that all processes share. */
  | { readonly type: 'changed'; readonly person: number; readonly availability: number; readonly at: number }
  | { readonly type: 'storm-over'; readonly changes: number }
  /** Most requests for registration and subscription that came within any second, and all of them. */
  | { readonly type: 'requests'; readonly busiestSecond: number; readonly total: number };

export const PASSWORD = 'Winter-2009!';
export const BRIDGE_ADDRESS = 'sip:presence.bridge@contoso.example';

/** Microseconds of the system's monotonic clock, which is the same for all processes of one machine. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
