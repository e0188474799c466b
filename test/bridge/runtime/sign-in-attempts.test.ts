import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ATTEMPTS_FILE, fileAttempts } from '../../../src/bridge/runtime/sign-in-attempts.js';
import { systemRandom } from '../../../src/bridge/runtime/system.js';
import type { AttemptStore } from '../../../src/ocs/auth/attempts.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { recordingLog } from '../../support/silent-log.js';

const BRIDGE = sipKeyOf(sip('bridge@contoso.example'));
const SECOND = sipKeyOf(sip('bridge2@contoso.example'));
const RECORD = { failures: 2, at: Date.UTC(2026, 0, 5), mark: 'a1b2' };

describe('refused passwords in a file', () => {
  let folder: string;
  const file = () => join(folder, ATTEMPTS_FILE);
  const open = (log = recordingLog()) => ({ store: fileAttempts(folder, { random: systemRandom, log }), log });

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'attempts-')), 'state');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  test('are the same after a restart, for each account by itself', () => {
    const { store } = open();
    store.write(BRIDGE, RECORD);
    store.write(SECOND, { ...RECORD, failures: 1 });
    store.write(SECOND, undefined);
    const again = open().store;
    expect(again.read(BRIDGE)).toEqual(RECORD);
    expect(again.read(SECOND)).toBeUndefined();
    expect(again.markOf('secret')).toBe(store.markOf('secret'));
  });

  test('fit what the OCS side asks for', () => {
    const store: AttemptStore = open().store;
    expect(store.read(BRIDGE)).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')('are readable by the owner only, and tell nothing of the secret', () => {
    const { store } = open();
    store.write(BRIDGE, { ...RECORD, mark: store.markOf('Winter-2009!') });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file(), 'utf8')).not.toContain('Winter');
  });

  test('have marks that tell another secret and fit many', () => {
    const { store } = open();
    const marks = Array.from({ length: 3000 }, (_, index) => store.markOf(`password ${index}`));
    expect(store.markOf('password 1')).not.toBe(store.markOf('password 2'));
    expect(new Set(marks).size).toBeLessThan(marks.length);
    expect(marks.every((mark) => /^[0-9a-f]{4}$/.test(mark))).toBe(true);
  });

  test('leave no file while nothing is refused', () => {
    open().store.write(BRIDGE, undefined);
    expect(() => statSync(file())).toThrow(/ENOENT/);
  });

  for (const damaged of [
    '',
    '{',
    'null',
    '[]',
    '{"format":1}',
    '{"format":9,"key":"00","accounts":{}}',
    '\0'.repeat(9),
  ]) {
    test(`begin anew, with a warning, when the file holds ${JSON.stringify(damaged)}`, () => {
      mkdirSync(folder);
      writeFileSync(file(), damaged);
      const { store, log } = open();
      expect(store.read(BRIDGE)).toBeUndefined();
      expect(log.entries).toMatchObject([{ level: 'warn', event: 'bridge.attempts-lost' }]);
      store.write(BRIDGE, RECORD);
      expect(open().store.read(BRIDGE)).toEqual(RECORD);
    });
  }

  test('are damaged when an entry is one that could not be counted', () => {
    const { store } = open();
    store.write(BRIDGE, RECORD);
    for (const wrong of ['-1', '"2"', '1e400', 'null']) {
      const text = readFileSync(file(), 'utf8').replace(/"failures":[^,]+/, `"failures":${wrong}`);
      writeFileSync(file(), text);
      expect(open().store.read(BRIDGE)).toBeUndefined();
    }
  });

  test('go on in memory, with one warning, when the folder cannot be written', () => {
    writeFileSync(folder, 'a file where the folder should be');
    const { store, log } = open();
    store.write(BRIDGE, RECORD);
    store.write(BRIDGE, { ...RECORD, failures: 3 });
    expect(store.read(BRIDGE)?.failures).toBe(3);
    expect(log.entries.filter(({ event }) => event === 'bridge.attempts-not-kept')).toHaveLength(1);
  });
});
