import { createHmac, timingSafeEqual } from 'node:crypto';
import { md4 } from '../../auth/ntlm/md4.js';
import { rc4 } from '../../auth/ntlm/rc4.js';
import { type AuthenticateMessage, MIC_LENGTH, MIC_OFFSET } from './ntlm-authenticate.js';

/** The CHALLENGE_MESSAGE that the client answers, as it was sent. */
export interface SentChallenge {
  readonly message: Buffer;
  readonly serverChallenge: Buffer;
}

/**
 * Checks the NTLMv2 response against the account's password (MS-NLMP 3.3.2) and gives the exported session key, or
 * `undefined` when the password is wrong or the message was tampered with.
 */
export function verifyAuthenticate(
  message: AuthenticateMessage,
  challenge: SentChallenge,
  password: string,
): Buffer | undefined {
  for (const user of spellings(message.user)) {
    const owf = hmacMd5(md4(Buffer.from(password, 'utf16le')), Buffer.from(user + message.domain, 'utf16le'));
    const proof = hmacMd5(owf, challenge.serverChallenge, message.blob);
    if (!timingSafeEqual(proof, message.proof)) continue;
    const exported = rc4(hmacMd5(owf, proof), message.encryptedSessionKey);
    return message.mic === undefined || micMatches(message, message.mic, challenge, exported) ? exported : undefined;
  }
  return undefined;
}

/** Windows upper-cases each UTF-16 unit by itself. COMPAT(pidgin-sipe): it does so with ASCII letters only. */
function spellings(user: string): readonly string[] {
  const units = user.split('').map((unit) => (unit.toUpperCase().length === 1 ? unit.toUpperCase() : unit));
  return [units.join(''), user.replace(/[a-z]+/g, (letters) => letters.toUpperCase())];
}

/** MIC of datagram mode (MS-NLMP 3.1.5.2.1): there is no NEGOTIATE_MESSAGE, so it covers the two others. */
function micMatches(message: AuthenticateMessage, mic: Buffer, challenge: SentChallenge, exported: Buffer): boolean {
  if (mic.length !== MIC_LENGTH) return false;
  const blank = Buffer.from(message.raw).fill(0, MIC_OFFSET, MIC_OFFSET + MIC_LENGTH);
  return timingSafeEqual(hmacMd5(exported, challenge.message, blank), mic);
}

function hmacMd5(key: Buffer, ...data: readonly Buffer[]): Buffer {
  const hmac = createHmac('md5', key);
  for (const part of data) hmac.update(part);
  return hmac.digest();
}
