import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReconcileFacts } from '../../../src/bridge/engine/reconcile-facts.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { BEARER, type TestServer, testServer } from '../../support/http-server.js';

const FACTS: ReconcileFacts = {
  cause: 'demand',
  startedAt: 1,
  endedAt: 2,
  documents: 9,
  missing: 1,
  spoilt: 2,
  leaving: 3,
  duplicates: 4,
  conflicts: 5,
  leftAlone: 6,
  overtaken: 7,
};

describe('POST /api/v1/reconcile', () => {
  let answer: () => Promise<ReconcileFacts>;
  let server: TestServer;
  beforeEach(async () => {
    answer = async () => FACTS;
    server = await testServer({ reconcile: () => answer() });
  });
  afterEach(() => server.close());
  const post = (headers: Record<string, string> = BEARER): Promise<Response> =>
    server.get('/api/v1/reconcile', { method: 'POST', headers });

  test('gives what was found, every number of it', async () => {
    const response = await post();
    expect([response.status, await response.json()]).toEqual([200, FACTS]);
  });

  test('answers everybody who asks while a comparison runs', async () => {
    let compared: (facts: ReconcileFacts) => void = () => undefined;
    let asked = 0;
    let bothAsked: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      bothAsked = resolve;
    });
    const facts = new Promise<ReconcileFacts>((resolve) => {
      compared = resolve;
    });
    answer = () => {
      if (++asked === 2) bothAsked();
      return facts;
    };
    const responses = [post(), post()];
    await both;
    compared(FACTS);
    expect(await Promise.all(responses.map(async (one) => (await one).status))).toEqual([200, 200]);
  });

  test('on standby it is a conflict with its reason, and no failure of the bridge', async () => {
    answer = () => Promise.reject(new BridgeError('BRIDGE_STANDBY', 'This bridge does not write at the moment.'));
    const response = await post();
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { code: 'BRIDGE_STANDBY', message: 'This bridge does not write at the moment.' },
    ]);
    expect(server.log.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('without the token nothing is compared', async () => {
    let asked = false;
    answer = async () => {
      asked = true;
      return FACTS;
    };
    expect([(await post({})).status, asked]).toEqual([401, false]);
  });
});
