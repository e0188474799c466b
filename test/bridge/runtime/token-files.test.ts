import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TokenSource } from '../../../src/bridge/api/access/tokens/token-source.js';
import {
  changeTokens,
  fileTokens,
  knownTokens,
  lastUses,
  readTokens,
} from '../../../src/bridge/runtime/token-files.js';
import { recordingLog } from '../../support/silent-log.js';
import { recordOf } from '../../support/token-book.js';

const CRM = recordOf({ name: 'crm', scopes: ['read'] });
const OPS = recordOf({ name: 'ops', scopes: ['operate'] });
const DAY = Date.UTC(2026, 0, 5, 9, 30);

let state: string;
let log: ReturnType<typeof recordingLog>;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'presence-tokens-'));
  log = recordingLog();
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const file = (name = 'tokens.json'): string => join(state, 'tokens', name);
const tokens = (): TokenSource => fileTokens(state, { log });

describe('tokens of a state folder', () => {
  test('are none where there is no file', () => {
    expect([knownTokens(state), tokens().changed()]).toEqual([[], []]);
  });

  test('are kept for the owner alone, without leftovers', async () => {
    await changeTokens(state, () => [CRM]);
    expect([statSync(file()).mode & 0o777, statSync(join(state, 'tokens')).mode & 0o777]).toEqual([0o600, 0o700]);
    expect([knownTokens(state), readdirSync(join(state, 'tokens'))]).toEqual([[CRM], ['tokens.json']]);
  });

  test('all arrive when commands write at the same time', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `t${index}`);
    await Promise.all(
      names.map((name) => changeTokens(state, (known) => [...known, recordOf({ name, scopes: ['read'] })])),
    );
    expect(
      knownTokens(state)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(names);
  });

  test('stay as they were when a change is refused', async () => {
    await changeTokens(state, () => [CRM]);
    const refused = changeTokens(state, () => {
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    await changeTokens(state, (known) => [...known, OPS]);
    expect(knownTokens(state)).toEqual([CRM, OPS]);
  });

  test('are told to a running bridge when they are others than before, and only then', async () => {
    await changeTokens(state, () => [CRM]);
    const source = tokens();
    expect([source.changed(), source.changed()]).toEqual([[CRM], undefined]);
    await changeTokens(state, () => [CRM, OPS]);
    expect([source.changed(), source.changed()]).toEqual([[CRM, OPS], undefined]);
    rmSync(file());
    expect([source.changed(), source.changed()]).toEqual([[], undefined]);
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, -20)],
    ['empty', () => ''],
    ['of a scope nobody knows', (text: string) => text.replace('"read"', '"all"')],
    ['too large', (text: string) => text.padEnd(5_000_000)],
  ])('do not count at all when the file is %s; nobody writes over it', async (_what, damage) => {
    await changeTokens(state, () => [CRM, OPS]);
    const source = tokens();
    source.changed();
    writeFileSync(file(), damage(readFileSync(file(), 'utf8')));
    expect(source.changed()).toEqual([]);
    expect(log.entries.map(({ level, event }) => [level, event])).toEqual([['error', 'bridge.tokens-lost']]);
    await expect(changeTokens(state, (known) => known)).rejects.toMatchObject({ code: 'CFG_INVALID' });
    expect(readTokens(state).ok).toBe(false);
  });

  test('do not count when others could write the file', async () => {
    await changeTokens(state, () => [CRM]);
    const source = tokens();
    source.changed();
    chmodSync(file(), 0o660);
    expect(source.changed()).toEqual([]);
    chmodSync(file(), 0o600);
    expect(source.changed()).toEqual([CRM]);
  });

  test('have the day of their last use, at the cost of one write a day', async () => {
    await changeTokens(state, () => [CRM, OPS]);
    const source = tokens();
    source.changed();
    source.used(CRM.hash, DAY);
    expect([...lastUses(state)]).toEqual([]);
    source.changed();
    expect([...lastUses(state)]).toEqual([[CRM.hash, '2026-01-05']]);
    rmSync(file('uses.json'));
    source.used(CRM.hash, DAY + 3_600_000);
    source.changed();
    expect([...lastUses(state)]).toEqual([]);
    source.used(CRM.hash, DAY + 86_400_000);
    source.used(OPS.hash, DAY);
    source.changed();
    expect([...lastUses(state)]).toEqual([
      [CRM.hash, '2026-01-06'],
      [OPS.hash, '2026-01-05'],
    ]);
    expect([...lastUses(state)]).toEqual([...lastUses(state)]);
  });

  test('forget the use of a token that was revoked', async () => {
    await changeTokens(state, () => [CRM, OPS]);
    const source = tokens();
    source.changed();
    source.used(CRM.hash, DAY);
    source.used(OPS.hash, DAY);
    await changeTokens(state, () => [OPS]);
    source.changed();
    source.used(OPS.hash, DAY + 86_400_000);
    source.changed();
    expect([...lastUses(state)]).toEqual([[OPS.hash, '2026-01-06']]);
  });

  test('go on without the days when those cannot be read', () => {
    mkdirSync(join(state, 'tokens'));
    for (const text of ['', '[]', '{"days":null}', '{"days":{"x":"y"}}']) {
      writeFileSync(file('uses.json'), text);
      expect([...lastUses(state)]).toEqual([]);
    }
  });
});
