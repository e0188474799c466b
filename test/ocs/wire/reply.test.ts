import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { replyTo } from '../../../src/ocs/wire/reply.js';
import { sipRequest } from '../../support/sip-bytes.js';

function linesOf(request: Buffer, status: number): string[] {
  const decoded = decodeMessage(request);
  if (!decoded.ok) throw decoded.error;
  return replyTo(decoded.message, status, 'UCCAPI/3.5').split('\r\n');
}

describe('an answer without a transaction', () => {
  test('repeats what tells which request it answers', () => {
    const via = 'v: SIP/2.0/TLS a;branch=z9hG4bK1, SIP/2.0/TLS b\r\nVia: SIP/2.0/TLS c';
    expect(linesOf(sipRequest('NOTIFY', [], { replaced: { via } }), 200)).toEqual([
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/TLS a;branch=z9hG4bK1, SIP/2.0/TLS b',
      'Via: SIP/2.0/TLS c',
      'From: <sip:ana.reyes@contoso.example>;tag=f1;epid=0a1b2c3d4e',
      'To: "Bridge" <sip:bridge@contoso.example>;tag=t1',
      'Call-ID: c4f1a0b2d3e44f5a',
      'CSeq: 1 NOTIFY',
      'User-Agent: UCCAPI/3.5',
      'Content-Length: 0',
      '',
      '',
    ]);
  });

  test('gives a To without tag one, the same for the same request', () => {
    const toOf = (cseq: string) =>
      linesOf(sipRequest('INFO', [], { replaced: { to: 'To: <sip:bridge@contoso.example>', cseq } }), 481)[3];
    expect(toOf('CSeq: 1 INFO')).toMatch(/^To: <sip:bridge@contoso\.example>;tag=[0-9a-f]{8}$/);
    expect(toOf('CSeq: 1 INFO')).toBe(toOf('CSeq: 1 INFO'));
    expect(toOf('CSeq: 2 INFO')).not.toBe(toOf('CSeq: 1 INFO'));
  });

  test('has the phrase of its status', () => {
    expect(linesOf(sipRequest('INFO'), 481)[0]).toBe('SIP/2.0 481 Call/Transaction Does Not Exist');
    expect(linesOf(sipRequest('INFO'), 599)[0]).toBe('SIP/2.0 599 Refused');
  });

  test('can be read again', () => {
    const decoded = decodeMessage(Buffer.from(linesOf(sipRequest('NOTIFY'), 200).join('\r\n')));
    expect(decoded.ok).toBe(true);
  });
});
