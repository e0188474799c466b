import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  FAILURE_FILE,
  forgetFailure,
  forgetFailureLater,
  lastFailure,
  recordFailure,
} from '../../../src/bridge/runtime/last-failure.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const AT = Date.UTC(2026, 0, 5, 9, 30, 0);
let folder: string;
let clock: SimulatedClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'last-failure-'));
  clock = new SimulatedClock(AT);
});
afterEach(() => rmSync(folder, { recursive: true }));

const record = (error: BridgeError): void => recordFailure(folder, error, { clock, log: silentLog });
const newer = (message = 'The documents have schema version 9.') => new BridgeError('NOTES_SCHEMA', message);

test('why the bridge could not go on is kept, and how often in a row', async () => {
  expect(lastFailure(folder)).toBeUndefined();
  record(newer());
  await clock.advance(10_000);
  record(newer());
  const message = 'The documents have schema version 9.';
  expect(lastFailure(folder)).toEqual({ code: 'NOTES_SCHEMA', message, at: AT + 10_000, times: 2 });
});

test('details and causes of a failure are not kept, and a message is one line of limited length', () => {
  const cause = new Error('canary-cause');
  const message = `a\nb\u001b[31m${'c'.repeat(2_000)}`;
  record(new BridgeError('INTERNAL', message, { cause, details: { path: 'canary-detail' } }));
  expect(readFileSync(join(folder, FAILURE_FILE), 'utf8')).not.toMatch(/canary/);
  expect(lastFailure(folder)?.message).toMatch(/^a b \[31mc{400,500}$/);
});

test('a second bridge on the folder of a running one leaves no trace in it', () => {
  record(new BridgeError('BRIDGE_RUNNING', 'in use'));
  expect(readdirSync(folder)).toEqual([]);
});

test('a clean end forgets it, and so does a run of five minutes', async () => {
  record(newer());
  forgetFailure(folder);
  expect(lastFailure(folder)).toBeUndefined();
  record(newer());
  forgetFailureLater(folder, clock);
  await clock.advance(299_000);
  expect(lastFailure(folder)?.times).toBe(1);
  await clock.advance(1_000);
  expect(lastFailure(folder)).toBeUndefined();
});

test('a run that ends within five minutes keeps it', async () => {
  record(newer());
  forgetFailureLater(folder, clock)();
  await clock.advance(600_000);
  expect(lastFailure(folder)?.times).toBe(1);
});

test.each([
  ['nothing', ''],
  ['another format', '{"format":2,"code":"INTERNAL","message":"x","at":1,"times":1}'],
  ['an unknown code', '{"format":1,"code":"toString","message":"x","at":1,"times":1}'],
  ['a time beyond all dates', '{"format":1,"code":"INTERNAL","message":"x","at":1e300,"times":1}'],
  ['no count', '{"format":1,"code":"INTERNAL","message":"x","at":1,"times":0}'],
])('a file with %s counts as none', (_name, text) => {
  writeFileSync(join(folder, FAILURE_FILE), text);
  expect(lastFailure(folder)).toBeUndefined();
});
