import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/bridge/observe/metrics-table.js';
import { ERROR_CODES } from '../../src/presence/errors.js';

const page = readFileSync('docs/guide/domino-faults.md', 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');

/** What a column puts into code marks. */
const words = (column: number): readonly string[] =>
  rows.flatMap((row) => [...(row[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));

describe('the guide to faults on the side of Domino', () => {
  test('has each row of the table of failures once, with an answer, a bound, a place to look at and a test', () => {
    const numbers = rows.map(([number]) => Number(number)).sort((a, b) => a - b);
    expect(numbers).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 40, 41, 42, 43, 44, 45]);
    for (const row of rows) expect(row.map((cell) => cell !== '')).toEqual(Array(6).fill(true));
  });

  test('names tests that exist', () => {
    expect(words(5).filter((file) => !existsSync(file))).toEqual([]);
    expect(words(5).length).toBeGreaterThanOrEqual(rows.length);
  });

  test('names rows in the tests of its own folder', () => {
    const missing = rows.filter(([row, , , , , files = '']) => {
      const own = [...files.matchAll(/`(test\/scenarios\/domino\/[^`]+)`/g)].map(([, file = '']) => file);
      return own.some((file) => !readFileSync(file, 'utf8').includes(`(row ${row})`));
    });
    expect(missing).toEqual([]);
  });

  test('names log events, error codes and metrics that are there', () => {
    const shown = words(4);
    const events = shown.filter((word) => /^[a-z]+\.[a-z-]+$/.test(word));
    const codes = shown.filter((word) => /^[A-Z_]+$/.test(word));
    const metrics = shown.filter((word) => /^[a-z]+_[a-z_]+$/.test(word));
    expect([events.length, codes.length, metrics.length].every((count) => count > 4)).toBe(true);
    expect(events.filter((word) => !sources.includes(`'${word}'`))).toEqual([]);
    expect(codes.filter((word) => !(word in ERROR_CODES))).toEqual([]);
    expect(metrics.filter((word) => !(word in METRICS))).toEqual([]);
  });
});
