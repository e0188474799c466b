/**
 * What a refused SUBSCRIBE asks for (RFC 6665 §4.1.2, MS-PRES): `sign-in` - the server has forgotten who we are;
 * `plain` - once more without BENOTIFY; `reopen` - the dialog is gone, open another; `split` - one of the addresses is
 * bad, find out which, or there are too many; `wait` - the server cannot now; `rest` - it will not.
 */
export type Remedy = 'sign-in' | 'plain' | 'reopen' | 'split' | 'wait' | 'rest';

const REMEDIES: Readonly<Record<number, Remedy>> = {
  400: 'split',
  401: 'sign-in',
  407: 'sign-in',
  408: 'wait',
  413: 'split',
  420: 'plain',
  480: 'wait',
  481: 'reopen',
  491: 'wait',
};

/**
 * Diagnostics of OCS that say that the dialog is gone: "dialog unknown", "new subscription required", "route set not
 * valid".
 */
const DIALOG_GONE = ['1004', '2014', '2016'];

export function remedyFor(status: number, diagnostics: string | undefined): Remedy {
  const id = /^\s*(\d+)/.exec(diagnostics ?? '')?.[1] ?? '';
  if (DIALOG_GONE.includes(id)) return 'reopen';
  return REMEDIES[status] ?? (status >= 500 && status < 600 ? 'wait' : 'rest');
}

/**
 * What the end of a subscription by the server asks for, and the least time to wait in milliseconds (RFC 6665 §4.1.3).
 */
export function remedyAfterEnd(
  reason: string | undefined,
  retryAfterSeconds: number | undefined,
): { readonly remedy: 'wait' | 'rest'; readonly delay: number } {
  const asked = Math.min(retryAfterSeconds ?? 0, MAX_RETRY_AFTER) * 1000;
  switch (reason) {
    case 'rejected':
    case 'noresource':
    case 'invariant':
      return { remedy: 'rest', delay: asked };
    case 'probation':
    case 'giveup':
      return { remedy: 'wait', delay: Math.max(asked, PROBATION_MS) };
    default:
      return { remedy: 'wait', delay: asked };
  }
}

/** Longest pause that a server can ask for, seconds. */
const MAX_RETRY_AFTER = 86_400;
/** For servers that ask for patience without saying how much. */
const PROBATION_MS = 60_000;
