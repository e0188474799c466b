import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { readDuration } from './duration.js';

/** Whom and when a fault concerns. Times are milliseconds after it began. */
export interface FaultScope {
  /** Connections of this user only. */
  readonly user?: SipUri;
  readonly from?: number;
  readonly until?: number;
  /** Share of the cases that are hit, 0 to 1. */
  readonly probability?: number;
  /** How often it strikes at most. */
  readonly count?: number;
  /** Of probability and of all that the fault decides by chance. Default 1. */
  readonly seed?: number;
  /** Acts are repeated after so long. */
  readonly every?: number;
}

/** Keys of a scope with what each takes, for help texts. */
export const SCOPE_KEYS = {
  user: 'address: connections of this user only',
  from: 'time: begins so long after the start',
  until: 'time: ends so long after the start',
  probability: '0 to 1: share of the cases that are hit',
  count: 'number: strikes so often at most',
  seed: 'number: another seed, other chances',
  every: 'time: what the server does at one moment is repeated',
} as const;

/** Reads `user=ana@contoso.example,from=5s,count=3`. */
export function readScope(text: string): Result<FaultScope> {
  let scope: FaultScope = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(at, 0)).trim();
    const value = readEntry(key, part.slice(at + 1).trim());
    if (!value.ok) return value;
    if (Object.keys(value.value).some((name) => name in scope)) return bad(`"${key}" stands twice`);
    scope = { ...scope, ...value.value };
  }
  if (scope.until !== undefined && scope.until <= (scope.from ?? 0)) return bad('"until" must be later than "from"');
  return ok(scope);
}

function readEntry(key: string, value: string): Result<FaultScope> {
  switch (key) {
    case 'user': {
      const user = parseSipUri(value);
      return user.ok ? ok({ user: user.value }) : user;
    }
    case 'from':
    case 'until':
    case 'every': {
      const time = readDuration(value);
      if (!time.ok) return time;
      return key === 'every' && time.value === 0 ? bad('"every" must be longer than 0') : ok({ [key]: time.value });
    }
    case 'probability': {
      const share = Number(value);
      return value !== '' && share >= 0 && share <= 1 ? ok({ probability: share }) : bad('"probability" is 0 to 1');
    }
    case 'count':
    case 'seed':
      return /^\d{1,9}$/.test(value) ? ok({ [key]: Number(value) }) : bad(`"${key}" is a whole number`);
    default:
      return bad(`"${key}" is none of ${Object.keys(SCOPE_KEYS).join(', ')}`);
  }
}

/** Whether the fault is on for this user so many milliseconds after it began. */
export function isInScope(scope: FaultScope, user: SipUri | undefined, elapsed: number, struck: number): boolean {
  return (
    (scope.user === undefined || scope.user === user) &&
    elapsed >= (scope.from ?? 0) &&
    elapsed < (scope.until ?? Number.POSITIVE_INFINITY) &&
    struck < (scope.count ?? Number.POSITIVE_INFINITY)
  );
}
