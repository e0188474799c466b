import { describe, expect, test } from 'vitest';
import { hostCheck } from '../../../../src/bridge/api/access/host-check.js';

const PROXY = 'https://presence.contoso.example';

describe('hostCheck', () => {
  for (const listening of ['127.0.0.1', 'localhost', '::1']) {
    const check = hostCheck(listening, [PROXY]);

    test.each(['127.0.0.1:8480', 'localhost', 'LOCALHOST:8480', '[::1]:8480', '127.0.0.2', 'presence.contoso.example'])(
      `takes %s while it listens on ${listening}`,
      (host) => expect(() => check(host)).not.toThrow(),
    );

    test.each(['evil.example', 'localhost.evil.example:8480', '127.0.0.1.evil.example', 'evil.example:8480', ''])(
      `refuses "%s" while it listens on ${listening}`,
      (host) => expect(() => check(host)).toThrow(expect.objectContaining({ code: 'API_FORBIDDEN' })),
    );
  }

  test('takes a request without the header, which no browser sends', () => {
    expect(() => hostCheck('127.0.0.1', [])(undefined)).not.toThrow();
  });

  test('takes every name where others may reach it', () => {
    expect(() => hostCheck('0.0.0.0', [])('bridge01.contoso.example')).not.toThrow();
  });
});
