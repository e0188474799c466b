import { afterEach, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { statusOf } from '../../../src/presence/availability.js';
import { seededRandom } from '../../support/simulated-clock.js';
import { manyPeople, WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const TURNS = 40;
/** A service that was down and gives no sign of life is asked again after a quarter of an hour and up to a minute. */
const CONVERGED_MS = 17 * MINUTE;
/** `PRESENCE_SEEDS=200` plays two hundred scripts more. */
const SEEDS = [
  66,
  70,
  117,
  525,
  ...Array.from({ length: Number(process.env['PRESENCE_SEEDS'] ?? 0) }, (_, i) => 1_000 + i),
];

const LASTING = [
  ...['silence', 'slow=200', 'slow-answers=20s', 'slow-answers=35s', 'cut=300', 'reset', 'split=7', 'glue=50ms'],
  ...['duplicate', 'reorder=200ms', 'notify', 'busy=0/5', 'busy=2/3', 'unsigned-100', 'upper-case', 'record-route'],
  ...['wrong-signature=5', 'unsigned=4', 'replay=3', 'forgotten-association', 'refuse=REGISTER/503'],
  ...['refuse=SUBSCRIBE/481', 'refuse=SUBSCRIBE/503', 'refuse=SUBSCRIBE/504'],
];
const ACTS = [
  ...['subscription-ends=deactivated', 'subscription-ends=timeout', 'subscription-ends=giveup/20'],
  ...['subscription-ends=probation', 'signed-off=deactivated', 'resubscribe'],
];
const WORDS = ['available', 'busy', 'away', 'do-not-disturb'] as const;

let chain: WholeChain;
afterEach(() => chain.ends());

/** One thing that goes wrong, gets better, or changes as it does on any day. */
function somethingHappens(random: () => number, people: readonly Person[]): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const what = random();
  if (what < 0.35) chain.begin(pick(LASTING));
  else if (what < 0.45) chain.endFaults();
  else if (what < 0.55) chain.begin(`${pick(ACTS)};from=1s`);
  else if (what < 0.62) chain.simulator.dropConnections();
  else if (what < 0.76) chain.simulator.userServicesDown(what < 0.68);
  else if (what < 0.88) chain.setRoster(people.filter(() => random() < 0.7));
  for (let change = 0; change < 3; change++) chain.becomes(pick(people), pick(WORDS));
}

for (const seed of SEEDS) {
  test(`after a quarter of an hour of whatever faults, API and documents end at the truth (seed ${seed})`, async () => {
    const { unit } = seededRandom(seed);
    const people = manyPeople(12);
    const server = { subscriptionSeconds: 1_200, registrationSeconds: 600 };
    chain = new WholeChain({ people, seed, server, source: { batchSize: 4 } });
    await chain.starts();
    for (let turn = 0; turn < TURNS; turn++) {
      somethingHappens(unit, people);
      await chain.passes(SECOND + Math.floor(unit() * 30 * SECOND), 100);
    }
    chain.endFaults();
    chain.simulator.userServicesDown(false);
    chain.setRoster(people);
    const isRight = (one: Person): boolean => {
      const truth = statusOf(chain.simulator.presenceOf(one.uri).availability);
      return chain.apiShows(one) === truth && chain.documentShows(one) === truth;
    };
    await chain.until(CONVERGED_MS, () => people.every(isRight), 250);
    // Ten in a second, on average, is what the server may be asked for.
    expect(chain.asked.length / (chain.clock.monotonic() - chain.startedAt)).toBeLessThan(10 / SECOND);
    expect(chain.simulator.counters.malformed).toBe(0);
  });
}
