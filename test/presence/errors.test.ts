import { expect, test } from 'vitest';
import { BridgeError, ERROR_CODES } from '../../src/presence/errors.js';

test('every code says what it means and what to do next, in one sentence each', () => {
  for (const [code, entry] of Object.entries(ERROR_CODES)) {
    for (const text of [entry.meaning, entry.next]) expect(text, code).toMatch(/^[A-Z"].*[.>]([a-z]*)$/);
    expect([0, 64, 65, 69, 70, 73, 74, 75, 77, 78], code).toContain(entry.exit);
  }
});

test('any thrown value becomes an error with a code, and keeps its cause', () => {
  const cause = new TypeError('x is undefined');
  const error = BridgeError.from(cause);
  expect([error.code, error.message, error.cause, error.exitCode]).toEqual(['INTERNAL', 'x is undefined', cause, 70]);
  expect(BridgeError.from(error)).toBe(error);
});

test('as JSON an error carries code, advice and details, never its stack', () => {
  const json = JSON.stringify(new BridgeError('CFG_INVALID', 'line 3', { details: { line: 3 } }));
  expect(JSON.parse(json)).toEqual({
    code: 'CFG_INVALID',
    message: 'line 3',
    retry: 'after-config',
    next: 'Correct the line that the message names.',
    details: { line: 3 },
  });
});
