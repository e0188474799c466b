import { EVERYBODY, type FilteredPerson, type PersonFilter } from './person-filter.js';

/** What a token may allow, each for itself; none includes another. */
export const SCOPES = {
  read: 'ask for the statuses of people',
  stream: 'follow the statuses of people as they change',
  'own-status': "read, set and clear the status of the bridge's own account",
  'others-status': 'set the status of other people, of those only who allowed it to this application',
  message: "send instant messages as the bridge's own account",
  operate: 'compare all documents; see and erase everything that is stored about a person. Wants a token for everybody',
} as const satisfies Record<string, string>;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES = Object.keys(SCOPES) as readonly Scope[];

/** What a caller may do, and of whom. All routes and streams receive one. */
export interface Grant {
  /** Who holds it, for logs: the name of a token, never the token. */
  readonly holder: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly filter: PersonFilter;
  /** When it ends, milliseconds since 1970; `undefined` for never. */
  readonly expires: number | undefined;
  /** Whether the caller may know of this person. Whom it may not know of is, in every answer, not there. */
  sees(person: FilteredPerson): boolean;
}

export interface GrantFacts {
  readonly holder: string;
  readonly scopes: readonly Scope[];
  readonly filter?: PersonFilter;
  readonly expires?: number | undefined;
}

export function createGrant({ holder, scopes, filter = EVERYBODY, expires }: GrantFacts): Grant {
  return Object.freeze({ holder, scopes: new Set(scopes), filter, expires, sees: filter.sees });
}

/** Holder of the administrator's token, which lies in the state folder. */
export const ADMINISTRATOR = 'access-token';

/** Holder where the configuration lets everybody in without a token. */
export const ANYBODY = 'anybody';
