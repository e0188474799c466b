/**
 * What a refused SUBSCRIBE asks for (RFC 6665 §4.1.2, MS-PRES): `sign-in` - the server has forgotten who we are;
 * `plain` - once more without BENOTIFY; `reopen` - the dialog is gone, open another; `split` - one of the addresses is
 * bad, find out which, or there are too many; `poll` - somebody has as many watchers as allowed; `longer` - ask for more
 * time; `outage` - the service behind the server is down; `wait` - the server cannot now; `rest` - it will not.
 */
export type Remedy = 'sign-in' | 'plain' | 'reopen' | 'split' | 'poll' | 'longer' | 'outage' | 'wait' | 'rest';

const REMEDIES: Readonly<Record<number, Remedy>> = {
  400: 'split',
  401: 'sign-in',
  407: 'sign-in',
  408: 'wait',
  413: 'split',
  420: 'plain',
  423: 'longer',
  480: 'wait',
  481: 'reopen',
  491: 'wait',
};

/**
 * Diagnostics of OCS that say that the dialog is gone: "dialog unknown", "new subscription required", "route set not
 * valid".
 */
const DIALOG_GONE = [1004, 2014, 2016];
/** Contact subscriptions, category subscriptions: the watched person, or we, have as many as allowed. */
const LIMITS = [2007, 2012];
/** "Cannot route temporarily": the front end stands, the user services of the home server do not answer it. */
const NO_WAY_NOW = 1007;

/** `diagnostics` is the text of `ms-diagnostics`, which begins with a number (MS-OCER). */
export function remedyFor(status: number, diagnostics: string | undefined): Remedy {
  const id = diagnosticNumber(diagnostics);
  if (id !== undefined && DIALOG_GONE.includes(id)) return 'reopen';
  if (id !== undefined && LIMITS.includes(id)) return 'poll';
  if ((status === 503 || status === 504) && id !== undefined && isUserServices(id)) return 'outage';
  return REMEDIES[status] ?? (status >= 500 && status < 600 ? 'wait' : 'rest');
}

/** Numbers 4000 to 4999 are those of the user services (MS-OCER). */
function isUserServices(id: number): boolean {
  return id === NO_WAY_NOW || (id >= 4000 && id < 5000);
}

function diagnosticNumber(diagnostics: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,9})/.exec(diagnostics ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** True when a resource list ended the subscription to a person because of a limit (MS-PRES presence policy). */
export function isLimit(reason: string | undefined): boolean {
  const id = diagnosticNumber(reason);
  return (id !== undefined && LIMITS.includes(id)) || /limit|quota/i.test(reason ?? '');
}

/**
 * What the end of a subscription by the server asks for, and the least time to wait in milliseconds (RFC 6665 §4.1.3).
 * Unknown reasons count like none at all. `giveup` without a time says, at a server of batches, that the service behind
 * it does not answer.
 */
export function remedyAfterEnd(
  kind: 'batch' | 'single',
  reason: string | undefined,
  retryAfterSeconds: number | undefined,
): { readonly remedy: 'outage' | 'wait' | 'rest'; readonly delay: number } {
  const asked = Math.min(Math.max(retryAfterSeconds ?? 0, 0), MAX_RETRY_AFTER) * 1000;
  switch (reason) {
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return { remedy: 'rest', delay: asked };
    case 'probation':
      return { remedy: 'wait', delay: Math.max(asked, PROBATION_MS) };
    case 'giveup':
      if (kind === 'batch' && retryAfterSeconds === undefined) return { remedy: 'outage', delay: 0 };
      return { remedy: 'wait', delay: Math.max(asked, PROBATION_MS) };
    default:
      return { remedy: 'wait', delay: asked };
  }
}

/** Longest pause that a server can ask for, seconds. */
const MAX_RETRY_AFTER = 86_400;
/** For servers that ask for patience without saying how much. */
const PROBATION_MS = 60_000;
