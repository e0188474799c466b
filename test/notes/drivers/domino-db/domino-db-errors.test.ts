import { describe, expect, test } from 'vitest';
import {
  bridgeErrorOf,
  documentErrorOf,
  saysDatabaseIsEmpty,
} from '../../../../src/notes/drivers/domino-db/domino-db-errors.js';
import { BridgeError } from '../../../../src/presence/errors.js';

const domino = (code: string, cause?: object) => ({ name: 'DominoDbError', code, message: 'said the server', cause });

describe('bridgeErrorOf', () => {
  test.each([
    ['ERR_BAD_REQUEST', 'NOTES_BAD_REQUEST'],
    ['ERR_FORBIDDEN', 'NOTES_FORBIDDEN'],
    ['ERR_NOT_AUTHORIZED', 'NOTES_FORBIDDEN'],
    ['ERR_NOT_FOUND', 'NOTES_NOT_FOUND'],
    ['ERR_NOT_CONNECTED', 'NOTES_UNREACHABLE'],
    ['ERR_INTERNAL_ERROR', 'NOTES_INTERNAL'],
    ['ERR_NOT_MODIFIED', 'NOTES_BAD_REQUEST'],
    ['ERR_PRECONDITION_FAILED', 'NOTES_BAD_REQUEST'],
    ['ERR_OF_A_LATER_RELEASE', 'NOTES_INTERNAL'],
  ])('%s is %s', (code, expected) => {
    expect(bridgeErrorOf(domino(code), 'find')).toMatchObject({ code: expected, message: 'said the server' });
  });

  test.each([
    [4, 'NOTES_TIMEOUT'],
    [7, 'NOTES_FORBIDDEN'],
    [8, 'NOTES_BUSY'],
    [13, 'NOTES_UNREACHABLE'],
    [14, 'NOTES_UNREACHABLE'],
    [16, 'NOTES_FORBIDDEN'],
    [2, 'NOTES_INTERNAL'],
  ])('status %i of gRPC is %s', (code, expected) => {
    expect(bridgeErrorOf(domino('ERR_INTERNAL_ERROR', { code, message: 'transport' }), 'find').code).toBe(expected);
  });

  test('a status of Notes is not taken for one of gRPC', () => {
    const cause = { name: 'ProtonError', code: 14, message: 'something of Notes' };
    expect(bridgeErrorOf(domino('ERR_INTERNAL_ERROR', cause), 'find')).toMatchObject({
      code: 'NOTES_INTERNAL',
      details: { status: 14, operation: 'find' },
    });
  });

  test.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND'])('%s is NOTES_UNREACHABLE', (code) => {
    expect(bridgeErrorOf(Object.assign(new Error('x'), { code }), 'open').code).toBe('NOTES_UNREACHABLE');
  });

  test('an own error inside goes through', () => {
    const own = new BridgeError('NOTES_STORAGE', 'disk full');
    expect(bridgeErrorOf(domino('ERR_INTERNAL_ERROR', own), 'create')).toBe(own);
  });

  test.each([undefined, null, 'text', 7, {}, new Error('plain')])('takes whatever was thrown (%s)', (thrown) => {
    expect(bridgeErrorOf(thrown, 'find').code).toBe('NOTES_INTERNAL');
  });

  test('ends on causes that go in a circle', () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(bridgeErrorOf(error, 'find').code).toBe('NOTES_INTERNAL');
  });

  test('keeps the first line of the message only, since the others repeat the query', () => {
    const error = { ...domino('ERR_BAD_REQUEST'), message: "Query syntax\nSipKey = 'ana'\n ^" };
    expect(bridgeErrorOf(error, 'find').message).toBe('Query syntax');
  });
});

describe('documentErrorOf', () => {
  test('a bare message is NOTES_BAD_REQUEST; a known code says more', () => {
    expect(documentErrorOf({ message: 'Field is too large' }, 'create')).toMatchObject({
      code: 'NOTES_BAD_REQUEST',
      message: 'Field is too large',
    });
    expect(documentErrorOf({ message: 'x', code: 'ERR_NOT_FOUND' }, 'create').code).toBe('NOTES_NOT_FOUND');
  });
});

describe('saysDatabaseIsEmpty', () => {
  test('knows the message of an empty database', () => {
    expect(saysDatabaseIsEmpty({ message: 'No documents have been modified since 01/01/2026' })).toBe(true);
    expect(saysDatabaseIsEmpty({ message: 'Other' })).toBe(false);
    expect(saysDatabaseIsEmpty(undefined)).toBe(false);
  });
});
