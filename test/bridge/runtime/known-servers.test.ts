import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileServers, SERVERS_FILE } from '../../../src/bridge/runtime/known-servers.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { recordingLog, silentLog } from '../../support/silent-log.js';

const ANA = sipKeyOf(sip('ana.reyes@contoso.example'));
const BEN = sipKeyOf(sip('ben.okoro@contoso.example'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'known-servers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('remembers a line for each account over restarts, and forgets it again', () => {
  const before = fileServers(folder, { log: silentLog });
  before.write(ANA, 'one');
  before.write(BEN, 'two');
  before.write(ANA, undefined);
  const after = fileServers(folder, { log: silentLog });
  expect([after.read(ANA), after.read(BEN)]).toEqual([undefined, 'two']);
  expect(statSync(join(folder, SERVERS_FILE)).mode & 0o077).toBe(0);
});

test('begins anew when the file is damaged, holds something else, or is too large', () => {
  for (const text of ['{', '[]', '7', 'null', `{"${ANA}":5,"x":"y"}`, `{"${ANA}":"${'z'.repeat(300_000)}"}`]) {
    writeFileSync(join(folder, SERVERS_FILE), text);
    expect(fileServers(folder, { log: silentLog }).read(ANA)).toBeUndefined();
  }
});

test('goes on without a file when there can be none, and says so once', () => {
  writeFileSync(join(folder, 'file'), '');
  const log = recordingLog();
  const servers = fileServers(join(folder, 'file', 'state'), { log });
  servers.write(ANA, 'one');
  servers.write(ANA, 'two');
  expect(servers.read(ANA)).toBe('two');
  expect(log.entries.map(({ event }) => event)).toEqual(['bridge.servers-not-kept']);
});
