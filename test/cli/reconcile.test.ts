import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReconcileFacts } from '../../src/bridge/engine/reconcile-facts.js';
import { BridgeError } from '../../src/presence/errors.js';
import { command } from '../support/command-line.js';
import { type TestServer, TOKEN, testServer } from '../support/http-server.js';

const FACTS: ReconcileFacts = {
  cause: 'demand',
  startedAt: 1_000,
  endedAt: 4_000,
  documents: 9,
  missing: 0,
  spoilt: 0,
  leaving: 0,
  duplicates: 0,
  conflicts: 0,
  leftAlone: 0,
  overtaken: 0,
};

describe('reconcile', () => {
  let folder: string;
  let server: TestServer;
  let answer: () => Promise<ReconcileFacts>;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reconcile-'));
    writeFileSync(join(folder, 'token'), TOKEN);
    answer = async () => FACTS;
    server = await testServer({ reconcile: () => answer() });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const reconcile = (...more: readonly string[]) =>
    command('reconcile', '--url', server.url, '--token-file', join(folder, 'token'), ...more);

  test('says in one line that nothing was wrong', async () => {
    expect(await reconcile()).toMatchObject({ code: 0, out: '9 documents compared in 3s: nothing to set right.\n' });
  });

  test('lists what was found, and nothing that was not', async () => {
    answer = async () => ({ ...FACTS, spoilt: 2, conflicts: 1 });
    const { out } = await reconcile();
    expect(out).toMatch(/^edited +2 +changed by somebody else; written anew$/m);
    expect(out).toMatch(/^conflicts +1 +removed$/m);
    expect(out).not.toContain('missing');
  });

  test('--json has every number', async () => {
    expect(JSON.parse((await reconcile('--json')).out)).toEqual({ ok: true, ...FACTS });
  });

  test('says why a bridge does not compare', async () => {
    answer = () => Promise.reject(new BridgeError('BRIDGE_STANDBY', 'This bridge does not write at the moment.'));
    const { code, err } = await reconcile();
    expect([code, err]).toMatchObject([75, expect.stringMatching(/^BRIDGE_STANDBY: This bridge does not write/)]);
  });
});
