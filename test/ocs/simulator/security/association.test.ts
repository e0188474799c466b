import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../../../src/ocs/simulator/codec/credentials.js';
import { decode } from '../../../../src/ocs/simulator/codec/decode.js';
import { Framer } from '../../../../src/ocs/simulator/codec/framer.js';
import { headerOf, type SipMessage } from '../../../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS } from '../../../../src/ocs/simulator/options.js';
import { Association } from '../../../../src/ocs/simulator/security/association.js';
import { ntlmSealer, sessionKeys } from '../../../../src/ocs/simulator/security/ntlm-keys.js';
import { type SignatureContext, signatureBuffer } from '../../../../src/ocs/simulator/security/signature-buffer.js';
import { sharedPath, skippedWithoutShared } from '../../../support/shared.js';
import { seededRandom } from '../../../support/simulated-clock.js';

const context: SignatureContext = {
  version: 4,
  scheme: 'NTLM',
  realm: 'SIP Communications Service',
  targetName: 'ocs01.contoso.example',
};
const keys = sessionKeys(Buffer.from('00112233445566778899aabbccddeeff', 'hex'), 0x62988255);
const association = (): Association => new Association('4A1F0C22', context, ntlmSealer(keys), seededRandom(1));

function read(raw: string): SipMessage {
  const [frame] = new Framer(DEFAULT_LIMITS).push(Buffer.from(raw, 'utf8'));
  const message = frame && decode(frame, DEFAULT_LIMITS);
  if (!message?.ok) throw new Error('not a message');
  return message.value;
}

const service = (response: string): SipMessage =>
  read(
    [
      'SERVICE sip:bridge@contoso.example SIP/2.0',
      'From: <sip:bridge@contoso.example>;tag=d1d1d1d1d1;epid=5f0c9a1b2d',
      'To: <sip:bridge@contoso.example>',
      'Call-ID: d0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
      'CSeq: 1 SERVICE',
      `Authorization: NTLM qop="auth", opaque="4A1F0C22", realm="SIP Communications Service", targetname="ocs01.contoso.example", crand="33cc44dd", cnum="4", response="${response}"`,
      '',
      '',
    ].join('\r\n'),
  );
const credentialsIn = (message: SipMessage) => {
  const credentials = readCredentials(headerOf(message, 'authorization') ?? '');
  if (!credentials) throw new Error('no credentials');
  return credentials;
};

describe('Association', () => {
  test('accepts a right signature once', () => {
    const message = service('01000000ec937825e0604b0e64000000');
    const receiver = association();
    expect(receiver.verify(message, credentialsIn(message))).toBe('valid');
    expect(receiver.verify(message, credentialsIn(message))).toBe('replayed');
  });

  test('refuses a signature over something else, and one that is none', () => {
    for (const response of ['01000000ec937825e0604b0f64000000', 'zz', '']) {
      const message = service(response);
      expect(association().verify(message, credentialsIn(message))).toBe('bad-signature');
    }
  });

  test('counts its own messages from 1 and never repeats a random number', () => {
    const sender = association();
    const values = [1, 2, 3].map(() => {
      const signed = sender.sign(service('00'));
      return readCredentials(headerOf(signed, 'authentication-info') ?? '')?.params;
    });
    expect(values.map((params) => params?.get('snum'))).toEqual(['1', '2', '3']);
    expect(new Set(values.map((params) => params?.get('srand'))).size).toBe(3);
  });
});

describe('signatureBuffer', () => {
  const ringing = read(
    [
      'SIP/2.0 180 Ringing',
      'FROM: "Sender"<sip:sender@company.com>;tag=2420628112;epid=54392f1bbf01',
      'TO: "recipient"<sip:recipient@company.com>;tag=7aee15546a;epid=3102EB8BD1',
      'CSEQ: 1 INVITE',
      'CALL-ID: 41CEg82E',
      'EXPIRES: 60',
      'P-ASSERTED-IDENTITY: "Lunch, Lucas"<SIP:recipient@company.com>,<tel:+420123456;ext=88463>',
      '',
      '',
    ].join('\r\n'),
  );

  test('takes sixteen fields in versions 3 and 4, asserted identities as received', () => {
    for (const version of [3, 4] as const) {
      expect(signatureBuffer({ ...context, version }, ringing, '1B6D47A1', '11')).toBe(
        '<NTLM><1B6D47A1><11><SIP Communications Service><ocs01.contoso.example><41CEg82E><1><INVITE>' +
          '<sip:sender@company.com><2420628112><sip:recipient@company.com><7aee15546a>' +
          '<SIP:recipient@company.com><tel:+420123456;ext=88463><60><180>',
      );
    }
  });

  test('leaves out the To URI and the identities in version 2', () => {
    expect(signatureBuffer({ ...context, version: 2 }, ringing, '1B6D47A1', '11')).toBe(
      '<NTLM><1B6D47A1><11><SIP Communications Service><ocs01.contoso.example><41CEg82E><1><INVITE>' +
        '<sip:sender@company.com><2420628112><7aee15546a><60><180>',
    );
  });
});

interface Transcript {
  readonly derived_transcript: { readonly messages: readonly { readonly direction: string; readonly raw: string }[] };
}

describe.skipIf(skippedWithoutShared('signed transcript'))('Association on the composed transcript', () => {
  test('accepts every message that the client signed', () => {
    const { derived_transcript } = JSON.parse(
      readFileSync(sharedPath('vectors', 'sipae-signature.json'), 'utf8'),
    ) as Transcript;
    const receiver = association();
    const verdicts = derived_transcript.messages
      .filter(({ direction }) => direction === 'client->server')
      .map(({ raw }) => read(raw))
      .filter((message) => headerOf(message, 'authorization')?.includes('response='))
      .map((message) => receiver.verify(message, credentialsIn(message)));
    expect(verdicts.length).toBeGreaterThanOrEqual(10);
    expect(new Set(verdicts)).toEqual(new Set(['valid']));
  });
});
