import { Core } from 'sip.js';
import { describe, expect, test, vi } from 'vitest';
import { toSipJs } from '../../../src/ocs/agent/incoming.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { sipRequest, sipResponse } from '../../support/sip-bytes.js';

function incoming(bytes: Buffer): Core.IncomingRequestMessage | Core.IncomingResponseMessage {
  const decoded = decodeMessage(bytes);
  if (!decoded.ok) throw decoded.error;
  return toSipJs(decoded.message);
}

const viaOf = (via: string): { replaced: { via: string } } => ({ replaced: { via } });

describe('a message for sip.js', () => {
  test('is of the class that sip.js asks for', () => {
    expect(incoming(sipRequest('INVITE'))).toBeInstanceOf(Core.IncomingRequestMessage);
    expect(incoming(sipResponse('200 OK', 'INVITE'))).toBeInstanceOf(Core.IncomingResponseMessage);
  });

  test('is read without the grammar of sip.js, headers it does not know included', () => {
    const parse = vi.spyOn(Core.Grammar, 'parse');
    const message = incoming(
      sipRequest('INVITE', [
        'Contact: <sip:pool:5061;ms-fe="fe1">',
        'WWW-Authenticate: NTLM realm="a"',
        'Event: presence',
      ]),
    );
    for (const name of ['contact', 'event', 'www-authenticate', 'From', 'to', 'x', '__proto__'])
      message.parseHeader(name);
    expect(message.parseHeader('Contact').uri.toRaw()).toBe('sip:pool:5061;ms-fe="fe1"');
    expect(message.parseHeader('event').event).toBe('presence');
    expect(message.parseHeader('www-authenticate')).toBeUndefined();
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  test('keeps all lines of a header that sip.js would keep one of', () => {
    const challenge = ['WWW-Authenticate: Kerberos realm="a"', 'WWW-Authenticate: NTLM realm="a"'];
    expect(incoming(sipResponse('401 Unauthorized', 'REGISTER', challenge)).getHeaders('WWW-Authenticate')).toEqual([
      'Kerberos realm="a"',
      'NTLM realm="a"',
    ]);
  });

  test('counts hops one by one, though they stand in one line', () => {
    const message = incoming(sipRequest('INVITE', [], viaOf('v: SIP/2.0/TCP a;branch=z9hG4bK1, SIP/2.0/TCP b')));
    expect(message.getHeaders('via')).toEqual(['SIP/2.0/TCP a;branch=z9hG4bK1', 'SIP/2.0/TCP b']);
  });

  test('has a branch of its own when the request has none', () => {
    for (const branch of ['', ';branch=z9hG4bK', ';branch=']) {
      const via = `Via: SIP/2.0/TCP host${branch}`;
      const first = incoming(sipRequest('INVITE', [], viaOf(via))).viaBranch;
      const again = incoming(sipRequest('INVITE', [], viaOf(via))).viaBranch;
      const replaced = { via, callId: 'Call-ID: another' };
      expect(first).toBe(again);
      expect(incoming(sipRequest('INVITE', [], { replaced })).viaBranch).not.toBe(first);
    }
    expect(incoming(sipRequest('INVITE')).viaBranch).toBe('z9hG4bKa1');
  });

  test('has the body where sip.js or a conversation reads it, and nowhere else', () => {
    const body = { body: 'état' };
    expect(incoming(sipRequest('INVITE', [], body)).body).toBe('état');
    expect(incoming(sipRequest('MESSAGE', [], body)).body).toBe('état');
    expect(incoming(sipResponse('200 OK', 'INVITE', [], 'état')).body).toBe('état');
    expect(incoming(sipResponse('200 OK', 'SUBSCRIBE', [], 'état')).body).toBe('');
    expect(incoming(sipRequest('NOTIFY', [], body)).body).toBe('');
  });

  test('can be made of a NOTIFY that nobody validated', () => {
    const replaced = { from: 'From: "', to: 'To: <sip:%ff@x>;tag=t', via: '' };
    const message = incoming(sipRequest('NOTIFY', ['Contact: <', 'Event: ;'], { uri: 'x', replaced }));
    expect(message.from.uri.host).toBe('unreadable.invalid');
    expect(message.parseHeader('contact')).toBeUndefined();
    expect(() => message.to.toString()).not.toThrow();
    expect(message.parseHeader('To').hasParam('tag')).toBe(true);
    expect(message.parseHeader('From').hasParam('tag')).toBe(false);
  });
});
