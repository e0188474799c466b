import { bad, ok, type Result } from '../../../presence/result.js';
import type { AuthMechanism, MechanismStart, MessageSigner } from '../mechanism.js';
import { buildAuthenticate, type NtlmIdentity } from './authenticate.js';
import { missingFlags, parseChallenge } from './challenge.js';
import { ntlmSession } from './session.js';

export interface NtlmOptions {
  /** `optional` accepts servers that sign with CRC32 only, as LCS 2005 does. */
  readonly extendedSecurity: 'required' | 'optional';
}

export interface NtlmPorts {
  readonly random: { bytes(count: number): Buffer };
  readonly clock: { now(): number };
}

/** Milliseconds from 1601 to 1970. */
const FILETIME_EPOCH = 11_644_473_600_000n;

function fileTime(now: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.trunc(now)) + FILETIME_EPOCH) * 10_000n);
  return time;
}

/** Connectionless NTLMv2 as MS-SIPAE uses it: no NEGOTIATE_MESSAGE, an empty first token, key exchange always. */
export class NtlmMechanism implements AuthMechanism {
  readonly scheme = 'NTLM';
  readonly #identity: NtlmIdentity;
  readonly #options: NtlmOptions;
  readonly #ports: NtlmPorts;
  #signer: MessageSigner | undefined;

  constructor(identity: NtlmIdentity, options: NtlmOptions, ports: NtlmPorts) {
    this.#identity = identity;
    this.#options = options;
    this.#ports = ports;
  }

  get signer(): MessageSigner | undefined {
    return this.#signer;
  }

  start(): MechanismStart {
    return { kind: 'token', token: Buffer.alloc(0) };
  }

  step(token: Buffer): Result<Buffer> {
    const challenge = parseChallenge(token);
    if (!challenge.ok) return challenge;
    const missing = missingFlags(challenge.value.flags, this.#options.extendedSecurity);
    if (missing.length > 0) return bad(`the server's NTLM offer lacks: ${missing.join(', ')}`);
    const sessionKey = this.#ports.random.bytes(16);
    const answer = buildAuthenticate(challenge.value, this.#identity, {
      clientChallenge: this.#ports.random.bytes(8),
      sessionKey,
      time: fileTime(this.#ports.clock.now()),
    });
    this.#signer = ntlmSession(sessionKey, answer.flags, 'client');
    return ok(answer.message);
  }
}
