import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeOutput } from '../../src/cli/write-output.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (file: string): number => statSync(file).mode & 0o777;

test.skipIf(process.platform === 'win32')('a file that is there already gets the rights of a new one', () => {
  const file = join(folder, 'people.csv');
  writeFileSync(file, 'older and longer', { mode: 0o644 });
  writeOutput(file, 'people', { mode: 0o600 });
  expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['people', 0o600]);
  const fresh = join(folder, 'new', 'people.csv');
  writeOutput(fresh, 'people', { mode: 0o600 });
  expect(modeOf(fresh)).toBe(0o600);
});

test('a file that is there already is left alone when that was asked for', () => {
  const file = join(folder, 'bridge.yaml');
  writeFileSync(file, 'mine');
  expect(() => writeOutput(file, 'ours', { existing: 'refuse' })).toThrow(/EEXIST/);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});
