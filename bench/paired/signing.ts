import { randomBytes } from 'node:crypto';
import type { SecurityAssociation } from '../../src/ocs/auth/association.js';
import type { MessageSigner } from '../../src/ocs/auth/mechanism.js';
import type { SignableMessage } from '../../src/ocs/auth/signed-fields.js';
import type { SipMessage } from '../../src/ocs/wire/message.js';
import type { Folders } from '../pipeline.js';
import { productModule } from './load.js';

const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
/** Extended session security, datagram mode, 128 bits. */
const FLAGS = 0x62988255;
const VERSION = 4;
const TERMS = {
  scheme: 'NTLM',
  version: VERSION,
  realm: 'SIP Communications Service',
  targetName: 'ocs01.corp.example.com',
  opaque: '4A1F0C22',
  header: 'Authorization',
} as const;

type Admit = typeof import('../../src/ocs/link/admission.js').admit;

/** Both ends of an association of the product. */
export interface Signing {
  readonly signKey: Buffer;
  readonly sealKey: Buffer;
  rc4(key: Buffer, data: Buffer): Buffer;
  readonly serverSigner: MessageSigner;
  /** The client's, which has seen nothing yet. */
  association(): SecurityAssociation;
  readonly admit: Admit;
  decode(message: Buffer): SipMessage;
  /** The message with the server's signature under this number, instead of whatever signature it has. */
  sign(message: Buffer, number: number): Buffer;
  paramsOf(message: SipMessage): ReadonlyMap<string, string>;
  /** The octets that the signature of a signed message covers. */
  bufferOf(message: SipMessage): Buffer;
  /** The message as if nobody had read its addresses yet: a message keeps what it was asked for. */
  unread(message: SipMessage): SipMessage;
}

export async function signing(folders: Folders): Promise<Signing> {
  const load = <T>(path: string): Promise<T> => productModule<T>(folders, path);
  const { SecurityAssociation } =
    await load<typeof import('../../src/ocs/auth/association.js')>('ocs/auth/association.js');
  const { ntlmSession } = await load<typeof import('../../src/ocs/auth/ntlm/session.js')>('ocs/auth/ntlm/session.js');
  const { signKey, sealKey } = await load<typeof import('../../src/ocs/auth/ntlm/keys.js')>('ocs/auth/ntlm/keys.js');
  const { rc4 } = await load<typeof import('../../src/ocs/auth/ntlm/rc4.js')>('ocs/auth/ntlm/rc4.js');
  const { signatureBuffer } =
    await load<typeof import('../../src/ocs/auth/signature-buffer.js')>('ocs/auth/signature-buffer.js');
  const { signedFieldsOf } =
    await load<typeof import('../../src/ocs/auth/signed-fields.js')>('ocs/auth/signed-fields.js');
  const { admit } = await load<typeof import('../../src/ocs/link/admission.js')>('ocs/link/admission.js');
  const { decodeMessage } = await load<typeof import('../../src/ocs/wire/decode.js')>('ocs/wire/decode.js');
  const { parseNameAddr } = await load<typeof import('../../src/ocs/wire/headers/name-addr.js')>(
    'ocs/wire/headers/name-addr.js',
  );
  const { parseCSeq } = await load<typeof import('../../src/ocs/wire/headers/cseq.js')>('ocs/wire/headers/cseq.js');
  const { parseAuthHeader } = await load<typeof import('../../src/ocs/wire/headers/auth-params.js')>(
    'ocs/wire/headers/auth-params.js',
  );

  const client = ntlmSession(KEY, FLAGS, 'client');
  const serverSigner = ntlmSession(KEY, FLAGS, 'server');
  const random = { bytes: (count: number) => randomBytes(count) };
  const decode = (bytes: Buffer): SipMessage => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) throw decoded.error;
    return decoded.message;
  };
  const covered = (message: SignableMessage, rand: string, num: string): Buffer => {
    const { scheme, realm, targetName } = TERMS;
    return signatureBuffer(VERSION, { scheme, rand, num, realm, targetName }, signedFieldsOf(message));
  };
  const paramsOf = (message: SipMessage): ReadonlyMap<string, string> =>
    parseAuthHeader(message.header('Authentication-Info') ?? '')?.params ?? new Map();

  class Unread {
    readonly #message: SipMessage;
    readonly kind: string;

    constructor(message: SipMessage) {
      this.#message = message;
      this.kind = message.kind;
    }

    get callId(): string {
      return this.#message.callId;
    }

    get status(): number {
      return this.#message.status;
    }

    get from() {
      return parseNameAddr(this.header('From') ?? '');
    }

    get to() {
      return parseNameAddr(this.header('To') ?? '');
    }

    get cseq() {
      return parseCSeq(this.header('CSeq') ?? '');
    }

    header(name: string): string | undefined {
      return this.#message.header(name);
    }

    headerValues(name: string): readonly string[] {
      return this.#message.headerValues(name);
    }
  }

  return {
    signKey: signKey(KEY, 'server'),
    sealKey: sealKey(KEY, FLAGS, 'server'),
    rc4,
    serverSigner,
    association: () => new SecurityAssociation(TERMS, client, random),
    admit,
    decode,
    paramsOf,
    sign: (message, number) => {
      const rand = ((number * 2_654_435_761) % 2 ** 32).toString(16).toUpperCase().padStart(8, '0');
      const signature = serverSigner.sign(covered(decode(message), rand, String(number))).toUpperCase();
      const info = `Authentication-Info: NTLM rspauth="${signature}", srand="${rand}", snum="${number}", opaque="${TERMS.opaque}", qop="auth", targetname="${TERMS.targetName}", realm="${TERMS.realm}"`;
      const text = message.toString('latin1').replace(/^Authentication-Info:[^\r]*/m, () => info);
      return Buffer.from(text, 'latin1');
    },
    bufferOf: (message) => {
      const params = paramsOf(message);
      return covered(message, params.get('srand') ?? '', params.get('snum') ?? '');
    },
    unread: (message) => new Unread(message) as unknown as SipMessage,
  };
}
