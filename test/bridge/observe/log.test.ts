import { describe, expect, test } from 'vitest';
import { createLog, type LogLevel } from '../../../src/bridge/observe/log.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { parseSipUri, sipKeyOf } from '../../../src/presence/ids.js';

function recorder(level: LogLevel = 'info') {
  const written: string[] = [];
  const log = createLog({ level, destination: { write: (line) => void written.push(line) } });
  return { log, written, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('createLog', () => {
  test('writes one JSON line per event with level, time and fields', () => {
    const { log, lines, written } = recorder();
    log.info('ocs-link', { state: 'connected', attempt: 2 });
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        event: 'ocs-link',
        state: 'connected',
        attempt: 2,
      },
    ]);
    expect(written[0]?.endsWith('\n')).toBe(true);
  });

  test('leaves out what is below its level', () => {
    const { log, lines } = recorder('warn');
    log.info('quiet');
    log.warn('loud');
    expect(lines().map((line) => line['event'])).toEqual(['loud']);
  });

  test('keeps a forged second line inside the field it came in', () => {
    const { log, written, lines } = recorder();
    const forged = 'late\r\n{"level":"error","event":"ocs-signed-in"}\n\u001b[2K\u0000';
    log.warn('document-refused', { text: forged, 'key\n{"x":1}': 'v' });
    expect(written).toHaveLength(1);
    expect(written[0]?.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(lines()[0]).toMatchObject({ event: 'document-refused', text: forged });
  });

  test('escapes marks that turn the reading direction and C1 controls, without losing them', () => {
    const { log, written, lines } = recorder();
    log.info('x', { text: 'a\u202eb\u2028c\u009bd' });
    expect(written[0]).toContain('a\\u202eb\\u2028c\\u009bd');
    expect(lines()[0]?.['text']).toBe('a\u202eb\u2028c\u009bd');
  });

  test('cuts a text at 512 characters and never through a surrogate pair', () => {
    const { log, lines } = recorder();
    log.info('x', { long: '😀'.repeat(5000), words: 'word '.repeat(400) });
    for (const name of ['long', 'words']) {
      const text = String(lines()[0]?.[name]);
      expect(text.length).toBeLessThanOrEqual(512);
      expect(text.endsWith('…')).toBe(true);
      expect(text).not.toMatch(/\p{Cs}/u);
    }
  });

  test('bounds depth, number of fields and cycles', () => {
    const { log, lines } = recorder();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    log.info('x', { cycle, list: Array.from({ length: 1000 }, (_, index) => index) });
    expect(JSON.stringify(lines()[0]).length).toBeLessThan(500);
  });

  test('writes a bridge error with code, message, retry, next step and details', () => {
    const { log, lines } = recorder();
    log.error('ocs-link', { error: new BridgeError('OCS_TIMEOUT', 'no answer', { details: { waitedMs: 5000 } }) });
    expect(lines()[0]?.['error']).toEqual({
      code: 'OCS_TIMEOUT',
      message: 'no answer',
      retry: 'later',
      next: expect.stringContaining('keeps trying'),
      details: { waitedMs: 5000 },
    });
  });

  test('writes an unexpected error as INTERNAL with its place in the program', () => {
    const { log, lines } = recorder();
    log.error('x', { error: new TypeError('undefined is not a function') });
    expect(lines()[0]?.['error']).toMatchObject({ code: 'INTERNAL', stack: expect.stringContaining('TypeError') });
  });

  test('renames fields that would overwrite its own', () => {
    const { log, lines } = recorder();
    log.info('real', { event: 'forged', level: 'error', time: 'never' });
    expect(lines()[0]).toMatchObject({ event: 'real', level: 'info', _event: 'forged', _level: 'error' });
  });

  test('hides secrets at any depth and inside texts', () => {
    const canary = 'Canary0123456789abcdef';
    const { log, written } = recorder('debug');
    log.debug('x', {
      password: canary,
      accessToken: canary,
      request: { headers: { authorization: `Bearer ${canary}`, 'Proxy-Authorization': canary, set_cookie: canary } },
      header: `NTLM qop="auth", gssapi-data="${canary}"`,
      url: `/stream?ticket=${canary}`,
      error: new BridgeError('INTERNAL', `Bearer ${canary}`, { details: { token: canary } }),
      nested: new Map([['client_secret', [canary]]]),
    });
    expect(written.join('')).not.toContain('Canary');
  });

  test('shows people as keys only in lines above debug, whatever its level', () => {
    const uri = parseSipUri('sip:canary.person@contoso.example');
    if (!uri.ok) throw new Error(uri.reason);
    const { log, written } = recorder('debug');
    log.info('x', {
      uri: uri.value,
      uris: [uri.value],
      header: `"Ana" <SIP:Canary.Person@Contoso.example;tag=1>`,
      note: 'Canary.Person is ill',
      displayName: 'Canary.Person',
      error: new BridgeError('OCS_REJECTED', `refused ${uri.value}`, { details: { to: uri.value } }),
      [uri.value]: 1,
      many: `${`${uri.value} `.repeat(100)}`,
      deep: new Map([[uri.value, 'x']]),
    });
    expect(written.join('')).not.toMatch(/canary/i);
    expect(written.join('')).toContain(sipKeyOf(uri.value));
  });

  test('shows people by address in debug lines', () => {
    const { log, lines } = recorder('debug');
    log.debug('x', { uri: 'sip:ana@contoso.example' });
    expect(lines()[0]?.['uri']).toBe('sip:ana@contoso.example');
  });

  test('survives a destination that fails', () => {
    const log = createLog({
      level: 'info',
      destination: {
        write() {
          throw new Error('disk full');
        },
      },
    });
    expect(() => log.error('x')).not.toThrow();
  });
});
