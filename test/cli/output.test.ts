import { expect, test } from 'vitest';
import { detailLines, table } from '../../src/cli/output.js';
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
