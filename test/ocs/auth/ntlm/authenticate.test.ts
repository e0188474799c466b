import { describe, expect, test } from 'vitest';
import { buildAuthenticate } from '../../../../src/ocs/auth/ntlm/authenticate.js';
import { parseChallenge } from '../../../../src/ocs/auth/ntlm/challenge.js';
import { combineFlags, hasFlag, NTLM_FLAGS } from '../../../../src/ocs/auth/ntlm/flags.js';

/** Challenge and answer recorded between Office Communicator 2007 R2 and OCS 2007 R2. */
const CAPTURE = {
  challenge:
    'TlRMTVNTUAACAAAAAAAAADgAAADzgpji3Ruq9OfiGNEAAAAAAAAAAJYAlgA4AAAABQLODgAAAA8CAAoAQwBPAFMATQBPAAEAGABDAE8AUwBNAE8ALQBPAEMAUwAtAFIAMgAEABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAMAMABjAG8AcwBtAG8ALQBvAGMAcwAtAHIAMgAuAGMAbwBzAG0AbwAuAGwAbwBjAGEAbAAFABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAAAAAA=',
  answer:
    'TlRMTVNTUAADAAAAGAAYAHIAAADGAMYAigAAAAoACgBIAAAACAAIAFIAAAAYABgAWgAAABAAEABQAQAAVYKYYgUCzg4AAAAPQwBPAFMATQBPAFUAcwBlAHIAQwBPAFMATQBPAC0ATwBDAFMALQBSADIAoeku/k4Hi/fFwASazGFmwtauh1yw/apBjcDIAK527KYG0rn769BHMQEBAAAAAAAAWVGaFye5ygHWrodcsP2qQQAAAAACAAoAQwBPAFMATQBPAAEAGABDAE8AUwBNAE8ALQBPAEMAUwAtAFIAMgAEABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAMAMABjAG8AcwBtAG8ALQBvAGMAcwAtAHIAMgAuAGMAbwBzAG0AbwAuAGwAbwBjAGEAbAAFABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAAAAAAAAAAAMctznhyoCkmFkeiueXEV5A==',
  identity: { user: 'User', domain: 'COSMO', workstation: 'COSMO-OCS-R2', password: 'Pa$$word' },
  fresh: {
    clientChallenge: Buffer.from('d6ae875cb0fdaa41', 'hex'),
    sessionKey: Buffer.from('6742fbe37bb1946b49d86a525bd29a9b', 'hex'),
    time: Buffer.from('59519a1727b9ca01', 'hex'),
  },
};

function read(base64: string) {
  const challenge = parseChallenge(Buffer.from(base64, 'base64'));
  if (!challenge.ok) throw new Error(challenge.reason);
  return challenge.value;
}

describe('NTLM answer', () => {
  test('equals, byte for byte, what Office Communicator 2007 R2 sent in the same situation', () => {
    const { message, flags } = buildAuthenticate(read(CAPTURE.challenge), CAPTURE.identity, CAPTURE.fresh);
    expect(message.toString('base64')).toBe(CAPTURE.answer);
    expect(flags).toBe(0x62988255);
  });

  test('takes 56 bit strength when the server offers no 128 bit', () => {
    const challenge = read(CAPTURE.challenge);
    const weak = { ...challenge, flags: (challenge.flags & ~NTLM_FLAGS.key128) >>> 0 };
    const { flags } = buildAuthenticate(weak, CAPTURE.identity, CAPTURE.fresh);
    expect(hasFlag(flags, 'key128')).toBe(false);
    expect(hasFlag(flags, 'key56')).toBe(true);
  });

  test('says no extended security to a server that does not know it', () => {
    const challenge = read(CAPTURE.challenge);
    const old = { ...challenge, flags: (challenge.flags & ~NTLM_FLAGS.extendedSessionSecurity) >>> 0 };
    expect(hasFlag(buildAuthenticate(old, CAPTURE.identity, CAPTURE.fresh).flags, 'extendedSessionSecurity')).toBe(
      false,
    );
  });

  test('keeps the flags that the server put into its AV pairs when it adds its own', () => {
    const pairs = Buffer.from('060004000100000007000800000000000000000000000000', 'hex');
    const challenge = { ...read(CAPTURE.challenge), targetInfo: pairs, timestamp: Buffer.alloc(8) };
    const { message } = buildAuthenticate(challenge, CAPTURE.identity, CAPTURE.fresh);
    expect(message.includes(Buffer.from('060004000300000000000000', 'hex'))).toBe(true);
  });
});

test('flags combine to unsigned numbers', () => {
  expect(combineFlags(['key56'])).toBe(0x80000000);
});
