import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;

let chain: WholeChain;
afterEach(() => chain.ends());

describe('a slow server (row 3)', () => {
  test('that sends one octet in a second is given up when the ten seconds for a head are over', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana] = chain.people as [Person];
    chain.begin('slow=1');
    chain.becomes(ana, 'busy');
    await chain.until(12 * SECOND, () => chain.apiShows(ana) === 'unknown');
    expect(chain.link.error?.code).toBe('OCS_TIMEOUT');
    await chain.passes(2 * MINUTE, 50);
    chain.simulator.endFaults();
    await chain.until(2 * MINUTE, () => chain.documentShows(ana) === 'busy', 50);
  });

  test('that takes 30 s for every answer costs nobody the status, over many refreshes', async () => {
    chain = new WholeChain({ server: { registrationSeconds: 600, subscriptionSeconds: 900 } });
    await chain.starts();
    const since = chain.clock.monotonic();
    chain.begin('slow-answers=30s');
    for (let look = 0; look < 2 * 360; look++) {
      await chain.passes(10 * SECOND, 500);
      expect(chain.count('available')).toBe(2);
    }
    expect(chain.requests('REGISTER', since)).toBeGreaterThan(10);
    expect(chain.requests('SUBSCRIBE', since)).toBeGreaterThan(5);
    expect(chain.simulator.counters.connections).toBe(1);
  });

  test('is signed in to in spite of 30 s for every answer', async () => {
    chain = new WholeChain({ server: { limits: { signInSeconds: 300 } } });
    for (const one of chain.people) chain.becomes(one, 'available');
    chain.begin('slow-answers=30s');
    await chain.serverStarts();
    chain.bridgeStarts();
    await chain.until(3 * MINUTE, () => chain.count('available') === 2, 50);
  });
});
