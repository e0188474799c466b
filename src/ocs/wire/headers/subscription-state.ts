import { endOf, TOKEN } from '../char-class.js';
import { HIGHEST_SECONDS, parseUnsigned } from './number.js';
import { type Params, parseParams } from './params.js';

/** RFC 6665 §8.2.3. */
export interface SubscriptionState {
  /** In lower case: `active`, `pending`, `terminated`, or an extension. */
  readonly state: string;
  /** Seconds left; `undefined` when absent or out of range. */
  readonly expires: number | undefined;
  /** In lower case, such as `deactivated`, `timeout`, `rejected`. */
  readonly reason: string | undefined;
  /** Seconds to wait before subscribing again; `undefined` when absent or out of range. */
  readonly retryAfter: number | undefined;
  readonly params: Params;
}

export function parseSubscriptionState(text: string): SubscriptionState | undefined {
  const end = endOf(TOKEN, text, 0);
  const params = parseParams(text, end);
  if (end === 0 || !params) return undefined;
  return {
    state: text.slice(0, end).toLowerCase(),
    expires: secondsOf(params.get('expires')),
    reason: params.get('reason')?.toLowerCase(),
    retryAfter: secondsOf(params.get('retry-after')),
    params,
  };
}

function secondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseUnsigned(text, HIGHEST_SECONDS);
}
