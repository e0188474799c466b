import { describe, expect, test } from 'vitest';
import { bridgeErrorOf, documentErrorOf } from '../../../../src/notes/drivers/domino-db/domino-db-errors.js';

const proton = (code: number, message = 'said the server') => ({
  name: 'DominoDbError',
  code: 'ERR_INTERNAL_ERROR',
  message,
  cause: { name: 'ProtonError', code, message },
});

describe('a status number of Notes', () => {
  test.each([
    [258, 'NOTES_READ_ONLY'],
    [259, 'NOTES_NOT_FOUND'],
    [262, 'NOTES_FULL'],
    [549, 'NOTES_NOT_FOUND'],
    [565, 'NOTES_FULL'],
    [582, 'NOTES_FORBIDDEN'],
    [590, 'NOTES_FORBIDDEN'],
    [614, 'NOTES_READ_ONLY'],
    [678, 'NOTES_READ_ONLY'],
    [766, 'NOTES_FULL'],
    [12345, 'NOTES_INTERNAL'],
  ])('%i is %s', (status, expected) => {
    expect(bridgeErrorOf(proton(status), 'create')).toMatchObject({ code: expected, details: { status } });
  });

  test('says more than the code of the module', () => {
    const error = { ...proton(766), code: 'ERR_FORBIDDEN' };
    expect(bridgeErrorOf(error, 'create').code).toBe('NOTES_FULL');
  });
});

describe('the text alone', () => {
  test.each([
    ['Unable to write to database because database would exceed its disk quota.', 'NOTES_FULL'],
    ['Cannot allocate database object - database would exceed its disk quota.', 'NOTES_FULL'],
    ['Cannot allocate database object - database space exhausted', 'NOTES_FULL'],
    ['Cannot write or create file (file or disk is read-only)', 'NOTES_READ_ONLY'],
    ['Function cannot be performed while database is being compacted', 'NOTES_READ_ONLY'],
    ['Database is currently being replicated or copied elsewhere', 'NOTES_READ_ONLY'],
    ['You are not authorized to perform that operation', 'NOTES_FORBIDDEN'],
    [
      'You cannot update the document since you are not listed as an allowable Author for this document',
      'NOTES_FORBIDDEN',
    ],
    ['Document has been deleted', 'NOTES_NOT_FOUND'],
    ['Please fill in the field "quota"', 'NOTES_BAD_REQUEST'],
  ])('of a refused document, "%s", is %s', (message, expected) => {
    expect(documentErrorOf({ message }, 'create')).toMatchObject({ code: expected, message });
  });
});

describe('troubles of TLS', () => {
  const unavailable = (text: string) => ({
    name: 'DominoDbError',
    code: 'ERR_NOT_CONNECTED',
    message: 'Not connected',
    cause: { code: 14, message: `14 UNAVAILABLE: No connection established. Last error: ${text}` },
  });

  test.each([
    ['self-signed certificate in certificate chain', 'NOTES_UNTRUSTED'],
    ['14 UNAVAILABLE: CERT_REVOKED', 'NOTES_UNTRUSTED'],
    ['14 UNAVAILABLE: Error: HOSTNAME_MISMATCH', 'NOTES_UNTRUSTED'],
    ['unable to verify the first certificate', 'NOTES_UNTRUSTED'],
    [
      "Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames: DNS:b",
      'NOTES_UNTRUSTED',
    ],
    ['certificate has expired', 'NOTES_UNTRUSTED'],
    [
      'error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:SSL alert number 116',
      'NOTES_CERTIFICATE',
    ],
    ['error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:SSL alert number 48', 'NOTES_CERTIFICATE'],
    [
      'error:0A000415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired:SSL alert number 45',
      'NOTES_CERTIFICATE',
    ],
    ['connect ECONNREFUSED 10.0.0.7:3002', 'NOTES_UNREACHABLE'],
  ])('%s is %s', (text, expected) => {
    expect(bridgeErrorOf(unavailable(text), 'find').code).toBe(expected);
  });
});

describe('messages', () => {
  test.each([
    ['first\r\nsecond', 'first'],
    ['first\u2028second', 'first'],
    ['red \u001b[31m alert\u0007', 'red  [31m alert'],
    ['turned \u202e round', 'turned  round'],
    ['', 'No reason was given.'],
    ['x'.repeat(5000), 'x'.repeat(300)],
  ])('%j is told as %j', (message, told) => {
    expect(bridgeErrorOf({ message }, 'find').message).toBe(told);
  });

  test('a code that is no word is not told', () => {
    const error = { message: 'x', code: 'password=secret and more' };
    expect(bridgeErrorOf(error, 'find').details).toMatchObject({ dominoCode: undefined });
  });

  test.each([Object.create(null), Symbol('s'), () => {}])('whatever was thrown has one', (thrown) => {
    expect(bridgeErrorOf(thrown, 'find').message).toBe('No reason was given.');
  });
});
