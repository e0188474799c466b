import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { fileAttempts } from '../../../src/bridge/runtime/sign-in-attempts.js';
import { cseqOf, headersOf } from '../../../src/ocs/simulator/codec/message.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { seededRandom } from '../../support/simulated-clock.js';
import { WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACCOUNT = sip('bridge@contoso.example');

let chain: WholeChain;
afterEach(() => chain.ends());

describe('a wrong password (row 6)', () => {
  test('costs at most 2 + 48 failed logons at the server in 24 hours with 50 restarts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attempts-'));
    const attempts = () => fileAttempts(folder, { random: seededRandom(5), log: silentLog });
    chain = new WholeChain({ source: () => ({ password: 'wrong', attempts: attempts() }) });
    await chain.serverStarts();
    const random = seededRandom(11);
    const restarts = Array.from({ length: 50 }, () => Math.floor(random.unit() * 24 * HOUR)).sort((a, b) => a - b);
    let at = 0;
    for (const next of [...restarts, 24 * HOUR]) {
      chain.bridgeStarts();
      await chain.passes(Math.min(10 * SECOND, next - at), 100);
      await chain.passes(Math.max(0, next - at - 10 * SECOND), 5 * SECOND);
      expect(chain.link.state).toBe('bad-credentials');
      await chain.bridgeStops();
      at = next;
    }
    expect(chain.simulator.counters.logonsFailed).toBeLessThanOrEqual(2 + 48);
    expect(chain.simulator.counters.logonsFailed).toBeGreaterThan(20);
    rmSync(folder, { recursive: true });
  });
});

describe('a disabled account (row 7)', () => {
  test('ends at once with a reason, is asked about once in half an hour, and comes back by itself', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana] = chain.people as [Person];
    chain.simulator.disableUser(ACCOUNT);
    await chain.until(SECOND, () => chain.apiShows(ana) === 'unknown');
    expect(chain.link).toMatchObject({ state: 'refused', error: { code: 'OCS_DEREGISTERED' } });
    const since = chain.clock.monotonic();
    const tries = chain.simulator.counters.connections;
    await chain.passes(4 * HOUR, SECOND);
    expect(chain.simulator.counters.connections - tries).toBeLessThanOrEqual(8);
    expect(chain.requests('REGISTER', since)).toBeGreaterThan(0);
    expect(chain.simulator.counters.logonsFailed).toBe(0);
    chain.simulator.enableUser(ACCOUNT);
    await chain.until(31 * MINUTE, () => chain.documentShows(ana) === 'available', 100);
  });
});

describe('too many endpoints (row 8)', () => {
  test('the one that is signed off for it stays away for ten minutes, and is back soon after', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana] = chain.people as [Person];
    chain.simulator.act({ kind: 'deregister', event: 'unregistered' }, ACCOUNT);
    await chain.until(SECOND, () => chain.apiShows(ana) === 'unknown');
    expect(chain.link).toMatchObject({ state: 'refused', error: { code: 'OCS_DEREGISTERED' } });
    const { connections } = chain.simulator.counters;
    await chain.passes(10 * MINUTE - 5 * SECOND, 250);
    expect(chain.simulator.counters.connections).toBe(connections);
    await chain.until(30 * SECOND, () => chain.documentShows(ana) === 'available');
  });

  test('a hundred fast restarts never hold more than one', async () => {
    chain = new WholeChain();
    let most = 0;
    chain.observe(
      () => undefined,
      (message) => {
        if (message.kind === 'response' && cseqOf(message)?.method === 'REGISTER') {
          most = Math.max(most, headersOf(message, 'contact').length);
        }
      },
    );
    await chain.serverStarts();
    for (const one of chain.people) chain.becomes(one, 'available');
    for (let restart = 0; restart < 100; restart++) {
      chain.bridgeStarts();
      await chain.until(10 * SECOND, () => chain.link.state === 'connected');
      chain.bridgeIsKilled();
    }
    expect(chain.simulator.counters.logonsOk).toBe(100);
    expect(most).toBe(1);
  });
});
