import { bad, ok, type Result } from '../../../presence/result.js';

/** An AUTHENTICATE_MESSAGE taken apart (MS-NLMP 2.2.1.3). */
export interface AuthenticateMessage {
  readonly user: string;
  readonly domain: string;
  readonly workstation: string;
  readonly flags: number;
  /** First 16 bytes of the NTLMv2 response. */
  readonly proof: Buffer;
  /** The rest of the NTLMv2 response: times, client challenge and target information. */
  readonly blob: Buffer;
  readonly encryptedSessionKey: Buffer;
  /** The MIC field, when the target information says that there is one. */
  readonly mic: Buffer | undefined;
  readonly raw: Buffer;
}

/** Negotiate flags that matter here (MS-NLMP 2.2.2.5). */
export const NTLM_FLAG = {
  unicode: 0x1,
  sign: 0x10,
  datagram: 0x40,
  extendedSessionSecurity: 0x80000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

const REQUIRED = [
  NTLM_FLAG.unicode,
  NTLM_FLAG.sign,
  NTLM_FLAG.datagram,
  NTLM_FLAG.extendedSessionSecurity,
  NTLM_FLAG.keyExchange,
];

const FIXED_LENGTH = 64;
export const MIC_OFFSET = 72;
export const MIC_LENGTH = 16;
const PROOF_LENGTH = 16;
/** Shortest blob: fixed part of NTLMv2_CLIENT_CHALLENGE (MS-NLMP 2.2.2.7). */
const BLOB_FIXED_LENGTH = 28;
const AV_FLAGS = 6;
const AV_FLAG_MIC = 2;

/** Reads an AUTHENTICATE_MESSAGE; only NTLMv2 in datagram mode with key exchange and extended security is accepted. */
export function readAuthenticate(raw: Buffer): Result<AuthenticateMessage> {
  if (raw.length < FIXED_LENGTH || raw.toString('latin1', 0, 8) !== 'NTLMSSP\0' || raw.readUInt32LE(8) !== 3) {
    return bad('not an NTLM AUTHENTICATE_MESSAGE');
  }
  const flags = raw.readUInt32LE(60);
  if (REQUIRED.some((flag) => (flags & flag) === 0)) return bad('a required NTLM flag is missing');
  const [response, domain, user, workstation, key] = [20, 28, 36, 44, 52].map((at) => payload(raw, at));
  if (!response || !domain || !user || !workstation || !key) return bad('a field points outside the message');
  if (response.length < PROOF_LENGTH + BLOB_FIXED_LENGTH) return bad('not an NTLMv2 response');
  if (key.length !== 16) return bad('the session key has not 16 bytes');
  const blob = response.subarray(PROOF_LENGTH);
  return ok({
    user: user.toString('utf16le'),
    domain: domain.toString('utf16le'),
    workstation: workstation.toString('utf16le'),
    flags,
    proof: response.subarray(0, PROOF_LENGTH),
    blob,
    encryptedSessionKey: key,
    mic: announcesMic(blob) ? raw.subarray(MIC_OFFSET, MIC_OFFSET + MIC_LENGTH) : undefined,
    raw,
  });
}

/** The bytes a field descriptor points to. Clients place the payload anywhere after the fixed part. */
function payload(raw: Buffer, at: number): Buffer | undefined {
  const length = raw.readUInt16LE(at);
  const offset = raw.readUInt32LE(at + 4);
  return offset + length <= raw.length ? raw.subarray(offset, offset + length) : undefined;
}

function announcesMic(blob: Buffer): boolean {
  for (let at = BLOB_FIXED_LENGTH; at + 4 <= blob.length; ) {
    const id = blob.readUInt16LE(at);
    const length = blob.readUInt16LE(at + 2);
    if (id === 0 || at + 4 + length > blob.length) return false;
    if (id === AV_FLAGS && length === 4) return (blob.readUInt32LE(at + 4) & AV_FLAG_MIC) !== 0;
    at += 4 + length;
  }
  return false;
}
