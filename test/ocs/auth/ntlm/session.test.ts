import { describe, expect, test } from 'vitest';
import { ntlmSession } from '../../../../src/ocs/auth/ntlm/session.js';

/** Recorded between Office Communicator 2007 R2 and OCS 2007 R2: one signature of each side. */
const R2 = {
  key: Buffer.from('6742fbe37bb1946b49d86a525bd29a9b', 'hex'),
  flags: 0x62988255,
  client: {
    buffer:
      '<NTLM><13317733><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3><REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><><><><>',
    signature: '0100000029618e9651b65a7764000000',
  },
  server: {
    buffer:
      '<NTLM><9616454F><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3><REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><5E61CCD925D17E043D9A74835A88F664><><><7200><200>',
    signature: '01000000E615438A917661BE64000000',
  },
};

/** Recorded from an OCS 2007 server that signs without extended session security. */
const OLD = {
  key: Buffer.from('5f029153bc025058969548615e7099ba', 'hex'),
  flags: 0x62908255,
  buffer:
    '<NTLM><0878F41B><1><SIP Communications Service><ocs1.ocs.provo.novell.com><8592g5DCBa1694i5887m0D0Bt2247b3F38xAE9Fx><3><REGISTER><sip:gabriel@ocs.provo.novell.com><2947328781><B816D65C2300A32CFA6D371F2AF537FD><900><200>',
  signature: '0100000000000000BF2E52667DDF6DED',
};

describe('NTLM session with extended security', () => {
  const session = ntlmSession(R2.key, R2.flags, 'client');

  test('signs as Office Communicator 2007 R2 did', () => {
    expect(session.sign(Buffer.from(R2.client.buffer))).toBe(R2.client.signature);
  });

  test('verifies what OCS 2007 R2 signed, in capitals or small letters', () => {
    expect(session.verify(Buffer.from(R2.server.buffer), R2.server.signature)).toBe(true);
    expect(session.verify(Buffer.from(R2.server.buffer), R2.server.signature.toLowerCase())).toBe(true);
  });

  test('refuses a changed buffer, a changed signature and its own signature played back', () => {
    expect(session.verify(Buffer.from(`${R2.server.buffer} `), R2.server.signature)).toBe(false);
    expect(session.verify(Buffer.from(R2.server.buffer), R2.server.signature.replace('E6', 'E7'))).toBe(false);
    expect(session.verify(Buffer.from(R2.client.buffer), R2.client.signature)).toBe(false);
  });

  test('refuses what is no signature at all', () => {
    for (const text of ['', 'zz', '01', `${R2.server.signature}00`, 'x'.repeat(32)]) {
      expect(session.verify(Buffer.from(R2.server.buffer), text)).toBe(false);
    }
  });

  test('lets client and server verify each other at every strength', () => {
    for (const flags of [0x62988255, 0xc2988255, 0x42988255]) {
      const client = ntlmSession(R2.key, flags, 'client');
      const server = ntlmSession(R2.key, flags, 'server');
      const buffer = Buffer.from('<NTLM>');
      expect(server.verify(buffer, client.sign(buffer))).toBe(true);
      expect(client.verify(buffer, server.sign(buffer))).toBe(true);
    }
  });
});

describe('NTLM session without extended security', () => {
  const session = ntlmSession(OLD.key, OLD.flags, 'client');

  test('verifies what an OCS 2007 server signed', () => {
    expect(session.verify(Buffer.from(OLD.buffer), OLD.signature)).toBe(true);
    expect(session.sign(Buffer.from(OLD.buffer))).toBe(OLD.signature.toLowerCase());
  });

  test('takes the pad of a received signature as it is, and refuses a wrong checksum', () => {
    expect(session.verify(Buffer.from(OLD.buffer), OLD.signature.replace('0100000000000000', '01000000DEADBEEF'))).toBe(
      true,
    );
    expect(session.verify(Buffer.from(`${OLD.buffer}x`), OLD.signature)).toBe(false);
    expect(session.verify(Buffer.from(OLD.buffer), 'no signature')).toBe(false);
  });
});
