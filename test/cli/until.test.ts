import { expect, test } from 'vitest';
import { readInput } from '../../src/cli/read-input.js';
import { until } from '../../src/cli/until.js';

const NOON = new Date(2026, 0, 5, 12, 0, 0).getTime();
const read = until(() => NOON);

test.each([
  ['30m', 1_800_000],
  ['1h30m', 5_400_000],
  ['90s', 90_000],
  ['17:30', 19_800_000],
  ['09:05', 75_900_000],
  ['12:00', 86_400_000],
])('%s ends %i ms after noon', (text, delay) => {
  expect(read(text) - NOON).toBe(delay);
});

test.each(['', 'soon', '24:00', '17:60', '0m', '30', '30m later', '99999h', '-5m', '1d'])('"%s" is no end', (text) => {
  expect(() => read(text)).toThrow('a duration such as 30m');
});

test('standard input is read to its end, and refused when it is too long', async () => {
  const chunks = async function* () {
    yield Buffer.from('grü');
    yield 'ße';
  };
  expect(await readInput(chunks(), 10)).toBe('grüße');
  await expect(readInput(chunks(), 5)).rejects.toMatchObject({ code: 'CLI_USAGE' });
});
