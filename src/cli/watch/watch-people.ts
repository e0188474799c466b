import type { Follow, FollowListener } from '../../client/follow.js';
import { PresenceError } from '../../client/presence-error.js';
import type { Subscription } from '../../client/subscription.js';
import { BridgeError } from '../../presence/errors.js';
import { bridgeErrorOf } from '../client-error.js';
import type { CliIo } from '../io.js';
import { stayUntilStopped } from '../stay.js';
import type { WatchReport } from './watch-report.js';
import { isFound } from './watch-rows.js';

/** Starts to follow; as the client package does. */
export type StartFollow = (subscription: Subscription, listener: FollowListener) => Follow;

/**
 * Follows until the user has enough. A connection that is lost comes back by itself; one that never came about, or that
 * the bridge refuses, ends it with the reason, and so do names of which nobody is known. Throws `BridgeError`; what
 * the client does not take, `PresenceError`.
 */
export async function watchPeople(
  start: StartFollow,
  subscription: Subscription,
  open: () => WatchReport,
  io: Pick<CliIo, 'stop'>,
): Promise<void> {
  const report = open();
  let end: (error: BridgeError) => void = () => undefined;
  const ended = new Promise<BridgeError>((resolve) => {
    end = resolve;
  });
  try {
    const follow = start(subscription, endingListener(report, subscription, end));
    const error = await stayUntilStopped(io, ended);
    follow.stop();
    if (error !== undefined) throw error;
  } finally {
    report.close();
  }
}

function endingListener(
  report: WatchReport,
  { lists = [] }: Subscription,
  end: (error: BridgeError) => void,
): FollowListener {
  let wasLive = false;
  let isJudged = false;
  return {
    ...report,
    onState(state, follow) {
      const { error } = follow;
      // The reason that ends it is told once, at the end.
      if (state === 'refused') end(lossOf(error));
      else if (state === 'lost' && (!wasLive || (error !== undefined && isFinal(error)))) end(lossOf(error));
      else report.onState?.(state, follow);
      wasLive ||= state === 'live';
    },
    onPeople(change, follow) {
      report.onPeople?.(change, follow);
      // Later on, a bridge that begins anew knows nobody for a moment.
      if (isJudged) return;
      isJudged = true;
      const asked = [...follow.asked().values()];
      const isNobody = follow.people().size === 0 && asked.length > 0 && !asked.some(isFound);
      // Whoever follows everybody names nobody.
      if (isNobody && !lists.includes('everybody')) end(new BridgeError('DIRECTORY_NOBODY', nobodyText(asked.length)));
    },
  };
}

function nobodyText(count: number): string {
  return count === 1 ? 'nobody is known by this name' : 'nobody is known by any of these names';
}

/** The same request again would be answered alike. */
function isFinal({ status }: PresenceError): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function lossOf(error: PresenceError | undefined): BridgeError {
  return bridgeErrorOf(
    error ?? new PresenceError({ code: 'API_UNREACHABLE', message: 'the bridge ended the connection' }),
  );
}
