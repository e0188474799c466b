import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRICS } from '../../src/bridge/observe/metrics-table.js';
import { ERROR_CODES } from '../../src/presence/errors.js';

const page = readFileSync('docs/guide/faults.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| fault'));
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');
const shown = rows.flatMap((row) => [...(row.split('|')[4] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));

test('every fault of the guide has an answer, a bound and a place to look at', () => {
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const cells = row.split('|').slice(1, -1);
    expect(cells.map((cell) => cell.trim() !== '')).toEqual([true, true, true, true]);
  }
});

test('what the guide to faults says to look at is there: log events, error codes, metrics', () => {
  const events = shown.filter((word) => /^[a-z]+\.[a-z-]+$/.test(word));
  const codes = shown.filter((word) => /^[A-Z_]+$/.test(word));
  const metrics = shown.filter((word) => /^[a-z]+_[a-z_]+$/.test(word));
  expect([events.length, codes.length, metrics.length].every((count) => count > 4)).toBe(true);
  expect(events.filter((word) => !sources.includes(`'${word}'`))).toEqual([]);
  expect(codes.filter((word) => !(word in ERROR_CODES))).toEqual([]);
  expect(metrics.filter((word) => !(word in METRICS))).toEqual([]);
});
