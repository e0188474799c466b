/** What the benchmark tells the process that is watched. */
export type ToWatched =
  /** Only for the client: the server to sign in to, and how many people are on its roster. */
  | { readonly type: 'start'; readonly port: number; readonly people: number }
  /** Forget the stops so far. */
  | { readonly type: 'begin' }
  | { readonly type: 'end' };

/** What it answers. */
export type FromWatched =
  | { readonly type: 'started' }
  | { readonly type: 'begun' }
  /** Longest stop of its event loop since `begin`, milliseconds, and how many people it knows the status of. */
  | { readonly type: 'ended'; readonly longestMs: number; readonly known: number };

export const ACCOUNT = 'sip:presence.bridge@contoso.example';
export const OCTETS = 4 * 1024 * 1024;

export function addressOf(person: number): string {
  return `sip:user${String(person).padStart(7, '0')}@contoso.example`;
}
