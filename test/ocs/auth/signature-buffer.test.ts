import { describe, expect, test } from 'vitest';
import { signatureBuffer } from '../../../src/ocs/auth/signature-buffer.js';
import { signedFieldsOf } from '../../../src/ocs/auth/signed-fields.js';
import { signable } from '../../support/signable.js';

/** A signed 180 recorded from an OCS 2007 R2 server. */
const RINGING = signable(
  [
    'SIP/2.0 180 Ringing',
    'FROM: "Sender"<sip:sender@company.com>;tag=2420628112;epid=54392f1bbf01',
    'TO: "recipient"<sip:recipient@company.com>;tag=7aee15546a;epid=3102EB8BD1',
    'CSEQ: 1 INVITE',
    'CALL-ID: 41CEg82ECa0AC8i3DD7mE673t9CF4b19DAxF780x',
    'P-ASSERTED-IDENTITY: "recipient"<SIP:recipient@company.com>',
    '',
    '',
  ].join('\r\n'),
);
const CONTEXT = {
  scheme: 'NTLM',
  rand: '1B6D47A1',
  num: '11',
  realm: 'SIP Communications Service',
  targetName: 'LOC-COMPANYT-FE03.COMPANY.COM',
};
const HEAD =
  '<NTLM><1B6D47A1><11><SIP Communications Service><LOC-COMPANYT-FE03.COMPANY.COM><41CEg82ECa0AC8i3DD7mE673t9CF4b19DAxF780x><1><INVITE><sip:sender@company.com><2420628112>';

describe('signature buffer', () => {
  test('of versions 3 and 4 holds the To address and the asserted identity, its scheme as written', () => {
    for (const version of [3, 4] as const) {
      expect(signatureBuffer(version, CONTEXT, signedFieldsOf(RINGING)).toString()).toBe(
        `${HEAD}<sip:recipient@company.com><7aee15546a><SIP:recipient@company.com><><><180>`,
      );
    }
  });

  test('of version 2 goes without them', () => {
    expect(signatureBuffer(2, CONTEXT, signedFieldsOf(RINGING)).toString()).toBe(`${HEAD}<7aee15546a><><180>`);
  });

  test('of a request ends with the Expires header, whatever Contact says', () => {
    const text = (expires: string) =>
      `REGISTER sip:x SIP/2.0\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: c\r\nCSeq: 007 REGISTER\r\nContact: <sip:b>;expires=5${expires}\r\n\r\n`;
    const buffer = (expires: string) =>
      signatureBuffer(4, CONTEXT, signedFieldsOf(signable(text(expires))))
        .toString()
        .split('<c>')[1];
    expect(buffer('')).toBe('<007><REGISTER><sip:a@x><1><sip:a@x><><><><>');
    expect(buffer('\r\nExpires: 0')).toBe('<007><REGISTER><sip:a@x><1><sip:a@x><><><><0>');
  });
});
