import { expect, test } from 'vitest';
import { detailLines, harmless, harmlessLines, json, table, wrapped } from '../../src/cli/output.js';
import { BridgeError } from '../../src/presence/errors.js';

test('details tell what the message does not, one line each', () => {
  const details = { status: 403, reason: 'Forbidden', diagnostics: '4004;reason="Not enabled"', missing: undefined };
  const error = new BridgeError('OCS_FORBIDDEN', 'Not let in (403 Forbidden).', { details });
  expect(detailLines(error)).toEqual(['diagnostics: 4004;reason="Not enabled"']);
});

test('details cannot steer the terminal', () => {
  const error = new BridgeError('OCS_FORBIDDEN', 'No.', { details: { reason: 'a\u001b[2J\r\nFAKE: b' } });
  expect(detailLines(error)).toEqual(['reason: a [2J FAKE: b']);
});

test('a table has room for its widest cell, among however many rows', () => {
  const rows = Array.from({ length: 150_000 }, (_, index) => [index === 140_000 ? 'widest' : '']);
  expect(table(['name'], rows).slice(0, 12)).toBe('name\n------\n');
});

const STEERING = 'a\u001b[2J\u009b2J\u202eb\u2028c\u200f\u0007';

test('text from elsewhere cannot steer the terminal, nor turn its reading direction', () => {
  expect(harmless(STEERING)).toBe('a [2J 2Jb c');
  expect(harmlessLines(`one\n  ${STEERING}`)).toBe('one\n  a [2J 2Jb c');
});

test('JSON cannot either, and is read back as it was', () => {
  const text = json({ [STEERING]: STEERING });
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u2028\u202e\u200f]/u);
  expect(JSON.parse(text)).toEqual({ [STEERING]: STEERING });
});

test('at a terminal a long text goes on below its beginning, cut at blanks; elsewhere it stays on its line', () => {
  const text = 'anybody on the way can read the password';
  expect(wrapped({ terminal: true, columns: 30 }, text, 6)).toBe('anybody on the way can\n      read the password');
  expect(wrapped({ terminal: true, columns: 26 }, 'x'.repeat(25), 6)).toBe(`${'x'.repeat(20)}\n      ${'x'.repeat(5)}`);
  expect(wrapped({ terminal: false, columns: 30 }, text, 6)).toBe(text);
});
