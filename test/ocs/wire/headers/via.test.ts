import { describe, expect, test } from 'vitest';
import { parseVia } from '../../../../src/ocs/wire/headers/via.js';

describe('a hop', () => {
  test.each([
    ['SIP/2.0/TLS 192.0.2.10:5061;branch=z9hG4bKa1', 'TLS', '192.0.2.10', 5061, 'z9hG4bKa1'],
    ['sip/2.0/tcp pool.contoso.example;branch=1', 'tcp', 'pool.contoso.example', undefined, '1'],
    ['SIP  /   2.0 /UDP 192.0.2.2;branch=390skdjuw', 'UDP', '192.0.2.2', undefined, '390skdjuw'],
    ['SIP / 2.0 / UDP first.example.com : 4000 ;ttl=16 ; branch = z9 ', 'UDP', 'first.example.com', 4000, 'z9'],
    ['SIP/2.0/UNKNOWN t4.example.com', 'UNKNOWN', 't4.example.com', undefined, undefined],
    ["SIP/2.0/TCP h;branch=z9hG4bK-.!%66*_+`'~", 'TCP', 'h', undefined, "z9hG4bK-.!%66*_+`'~"],
    ['SIP/2.0/UDP [2001:db8::9:1]:6050;received=2001:db8::9:255', 'UDP', '[2001:db8::9:1]', 6050, undefined],
    ['SIP/2.0/UDP [::ffff:192.0.2.10];received=[2001:db8::9]', 'UDP', '[::ffff:192.0.2.10]', undefined, undefined],
  ])('is read: %s', (text, transport, host, port, branch) => {
    expect(parseVia(text)).toMatchObject({ transport, host, port, branch });
  });

  test('keeps what the server adds', () => {
    const via = parseVia(
      'SIP/2.0/TLS h;branched=FALSE;ms-received-port=50412;ms-received-cid=2600;ms-internal-info="a b"',
    );
    expect(Object.fromEntries(via?.params ?? [])).toEqual({
      branched: 'FALSE',
      'ms-received-port': '50412',
      'ms-received-cid': '2600',
      'ms-internal-info': 'a b',
    });
  });

  test.each([
    '',
    'SIP/2.0/UDP',
    'SIP/2.0/UDPhost',
    'SIP/2.0 host',
    'SIP/7.0/UDP host',
    'HTTP/2.0/TCP host',
    'SIP/2.0/UDP 192.0.2.15;;',
    'SIP/2.0/UDP host:',
    'SIP/2.0/UDP host:x',
    'SIP/2.0/UDP 2001:db8::1',
    'SIP/2.0/UDP host other',
  ])('is refused: %s', (text) => {
    expect(parseVia(text)).toBeUndefined();
  });
});
