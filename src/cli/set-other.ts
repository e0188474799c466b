import { ASSERTED_STATUSES } from '../bridge/engine/asserted-status.js';
import type { OwnStatusWord } from '../bridge/ports.js';
import type { StatusOfOther } from '../client/answers.js';
import { createPresenceClient } from '../client/client.js';
import type { Activity } from '../presence/availability.js';
import { BridgeError } from '../presence/errors.js';
import type { BridgeOptions } from './bridge-client.js';
import { bridgeErrorOf } from './client-error.js';
import { hourOf } from './hour-of.js';
import type { CliIo } from './io.js';
import { harmless, json } from './output.js';
import { bridgeConnection } from './watch/bridge-connection.js';
import { nameOf } from './watch/watch-rows.js';

/** What may be said of somebody else. Throws `CLI_USAGE`. */
export function otherStatus(
  word: OwnStatusWord,
  activity: Activity | undefined,
  until: number | undefined,
): StatusOfOther {
  const status = ASSERTED_STATUSES.find((one) => one === word);
  if (status === undefined) {
    throw new BridgeError('CLI_USAGE', `Of somebody else can be said only: ${ASSERTED_STATUSES.join(', ')}.`);
  }
  if (until === undefined) {
    throw new BridgeError('CLI_USAGE', 'What is said of somebody else ends: --for or --until is missing.');
  }
  return { status, ...(activity === undefined ? {} : { activity }), until };
}

/** Says something of a person by their leave, or takes it back. Throws `BridgeError`. */
export async function setOther(
  io: Pick<CliIo, 'out'>,
  who: string,
  status: StatusOfOther | undefined,
  options: BridgeOptions & { readonly json?: true | undefined },
): Promise<void> {
  try {
    const client = createPresenceClient(bridgeConnection(options));
    const answer = await (status === undefined ? client.clearStatusOf(who) : client.setStatusOf(who, status));
    if (options.json) io.out(json({ ok: true, ...answer }));
    else io.out(`${nameOf(answer)}: ${describe(answer.said)}.\n`);
  } catch (thrown) {
    throw bridgeErrorOf(thrown);
  }
}

function describe(said: StatusOfOther | null): string {
  if (said === null) return 'nothing is said by this application';
  const { status, activity, until } = said;
  return harmless([status, ...(activity === undefined ? [] : [activity]), `until ${hourOf(until)}`].join(', '));
}
