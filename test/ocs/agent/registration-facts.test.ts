import { describe, expect, test } from 'vitest';
import { AccountMoved } from '../../../src/ocs/agent/account-moved.js';
import { refusalOf } from '../../../src/ocs/agent/register-refusal.js';
import { preferredRegistrarOf, rejectionOf } from '../../../src/ocs/agent/registration-facts.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { sipRequest, sipResponse } from '../../support/sip-bytes.js';

function read(bytes: Buffer): SipMessage {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}
const targetsOf = (...contacts: readonly string[]) =>
  rejectionOf(
    read(
      sipResponse(
        '301 Moved',
        'REGISTER',
        contacts.map((value) => `Contact: ${value}`),
      ),
    ),
  ).targets;

describe('a redirect', () => {
  test('names host, port and transport in its Contact', () => {
    expect(targetsOf('<sip:pool2.contoso.example:5061;transport=TLS>')).toEqual([
      { host: 'pool2.contoso.example', port: 5061, transport: 'tls' },
    ]);
    expect(targetsOf('<sip:pool2.contoso.example;transport=tcp>')).toEqual([
      { host: 'pool2.contoso.example', port: undefined, transport: 'tcp' },
    ]);
  });

  test('means TLS where it names no transport', () => {
    expect(targetsOf('<sip:pool2.contoso.example>')).toMatchObject([{ transport: 'tls' }]);
    expect(targetsOf('<sips:pool2.contoso.example;transport=tcp>')).toMatchObject([{ transport: 'tls' }]);
  });

  test('may name several servers, of which those are left out that cannot be connected to', () => {
    const contacts = [
      '<sip:pool2.contoso.example;transport=udp>',
      '<tel:+15550100>',
      '*',
      '<sip:pool3.contoso.example>, <sip:pool4.contoso.example>',
    ];
    expect(targetsOf(...contacts)?.map(({ host }) => host)).toEqual(['pool3.contoso.example', 'pool4.contoso.example']);
  });

  test('is looked at for so many servers and no more', () => {
    const many = Array.from({ length: 50 }, (_, index) => `<sip:pool${index}.contoso.example>`);
    expect(targetsOf(...many)).toHaveLength(8);
  });

  test('of any kind is told apart from other refusals', () => {
    for (const status of [300, 301, 302, 305]) {
      const { error } = refusalOf({ status, reason: 'Moved', diagnostics: undefined, retryAfter: undefined });
      expect(error).toBeInstanceOf(AccountMoved);
      expect(error).toMatchObject({ code: 'OCS_REDIRECT', how: 'redirect', targets: [] });
    }
    const { error } = refusalOf({ status: 503, reason: '', diagnostics: undefined, retryAfter: 7 });
    expect(error).not.toBeInstanceOf(AccountMoved);
  });
});

describe('a notice of another registrar', () => {
  const preferred = (value: string) =>
    preferredRegistrarOf(read(sipRequest('NOTIFY', [`P-Preferred-Registrar: ${value}`])));

  test('names it as an address or by its bare name', () => {
    const pool7 = { host: 'pool7.contoso.example', transport: 'tls' };
    expect(preferred('<sip:pool7.contoso.example:5061;transport=tls>')).toMatchObject([{ ...pool7, port: 5061 }]);
    expect(preferred('sip:pool7.contoso.example')).toMatchObject([pool7]);
    expect(preferred('pool7.contoso.example')).toMatchObject([pool7]);
  });

  test('may name none that can be understood, or none at all', () => {
    expect(preferred('<urn:uuid:1>')).toEqual([]);
    expect(preferredRegistrarOf(read(sipRequest('NOTIFY')))).toEqual([]);
  });
});
