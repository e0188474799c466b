import { beforeEach, describe, expect, test } from 'vitest';
import type { OwnStatus } from '../../../src/bridge/ports.js';
import { OwnPresenceKeeper } from '../../../src/ocs/account/own-presence.js';
import type { OwnStatusPublisher } from '../../../src/ocs/agent/own-status-publisher.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock, settle } from '../../support/simulated-clock.js';

/** A publisher that only remembers what it was told. */
function told() {
  const wishes: [status: OwnStatus | undefined, goal: number][] = [];
  const publisher: OwnStatusPublisher = {
    want: (status, goal) => wishes.push([status, goal]),
    tidy: () => {},
    owns: () => false,
    receive: () => {},
    signOff: () => {},
    close: () => {},
  };
  return { wishes, publisher, words: () => wishes.map(([status]) => status?.status ?? 'none') };
}

describe('the wanted status', () => {
  let clock: SimulatedClock;
  let keeper: OwnPresenceKeeper;
  beforeEach(() => {
    clock = new SimulatedClock();
    keeper = new OwnPresenceKeeper({ clock, log: silentLog });
  });

  test('is told to each new connection until it is cleared', async () => {
    await expect(keeper.publish({ status: 'busy' })).rejects.toMatchObject({ details: { kept: true } });
    const [first, second, third] = [told(), told(), told()];
    keeper.use(first.publisher);
    keeper.drop(first.publisher);
    keeper.use(second.publisher);
    expect([first.words(), second.words()]).toEqual([['busy'], ['busy']]);
    const cleared = keeper.clear();
    keeper.onSettled(2, undefined, true);
    await cleared;
    keeper.drop(second.publisher);
    keeper.use(third.publisher);
    expect(third.words()).toEqual([]);
  });

  test('is not forgotten by the withdrawal of a sign-off', async () => {
    const first = told();
    keeper.use(first.publisher);
    keeper.publish({ status: 'busy' }).catch(() => undefined);
    const withdrawn = keeper.withdraw(first.publisher);
    expect(first.words()).toEqual(['busy', 'none']);
    keeper.onSettled(2, undefined, true);
    await withdrawn;
    expect(keeper.current()).toMatchObject({ status: 'busy' });
  });

  test('ends days later, in spite of timers that hold less', async () => {
    const { publisher, words } = told();
    keeper.use(publisher);
    void keeper.publish({ status: 'away', until: clock.now() + 60 * 86_400_000 });
    keeper.onSettled(1, undefined, true);
    await clock.advance(59 * 86_400_000);
    expect(words()).toEqual(['away']);
    await clock.advance(2 * 86_400_000);
    expect(words()).toEqual(['away', 'none']);
    expect(keeper.current()).toBeUndefined();
  });

  test('is forgotten when the server refuses it for good, but not for the moment', async () => {
    keeper.use(told().publisher);
    const error = new BridgeError('OCS_PUBLISH', 'no');
    const first = keeper.publish({ status: 'busy' });
    keeper.onSettled(1, error, true);
    await expect(first).rejects.toMatchObject({ code: 'OCS_PUBLISH', details: { kept: true } });
    expect(keeper.current()).toMatchObject({ status: 'busy' });
    const second = keeper.publish({ status: 'away' });
    keeper.onSettled(2, error, false);
    await expect(second).rejects.toMatchObject({ details: { kept: false } });
    expect(keeper.current()).toBeUndefined();
  });

  test('that was shown is wanted again, with its end, when the next one is refused for good', async () => {
    const { publisher, words } = told();
    keeper.use(publisher);
    const first = keeper.publish({ status: 'busy', until: clock.now() + 60_000 });
    keeper.onSettled(1, undefined, true);
    await first;
    const second = keeper.publish({ status: 'away' });
    keeper.onSettled(2, new BridgeError('OCS_PUBLISH', 'no'), false);
    await expect(second).rejects.toMatchObject({ details: { kept: false } });
    expect(keeper.current()).toMatchObject({ status: 'busy' });
    await clock.advance(60_001);
    expect(words()).toEqual(['busy', 'away', 'busy', 'none']);
  });

  test('that was shown is taken back when it is refused in its turn', async () => {
    const { publisher, words } = told();
    keeper.use(publisher);
    const error = new BridgeError('OCS_PUBLISH', 'no');
    keeper.publish({ status: 'busy' }).catch(() => undefined);
    keeper.onSettled(1, undefined, true);
    keeper.publish({ status: 'away' }).catch(() => undefined);
    for (const goal of [2, 3, 4]) keeper.onSettled(goal, error, false);
    expect(words()).toEqual(['busy', 'away', 'busy', 'none']);
    expect(keeper.current()).toBeUndefined();
  });

  test('is not said to be taken when the sign-off came first', async () => {
    const { publisher } = told();
    keeper.use(publisher);
    const waiting = expect(keeper.publish({ status: 'busy' })).rejects.toMatchObject({ details: { kept: true } });
    void keeper.withdraw(publisher);
    keeper.onSettled(2, undefined, true);
    await waiting;
  });

  test('of somebody who waits is settled when the connection is lost', async () => {
    const { publisher } = told();
    keeper.use(publisher);
    const waiting = expect(keeper.publish({ status: 'busy' })).rejects.toMatchObject({ details: { kept: true } });
    await settle();
    keeper.drop(publisher);
    await waiting;
  });

  test('loses what would break a line', async () => {
    const { publisher, wishes } = told();
    keeper.use(publisher);
    void keeper.publish({ status: 'busy', note: ' two\r\nlines\u202e ', activityText: 'x'.repeat(100) });
    keeper.onSettled(1, undefined, true);
    expect(wishes[0]?.[0]).toMatchObject({ note: 'two lines', activityText: 'x'.repeat(64) });
  });
});
