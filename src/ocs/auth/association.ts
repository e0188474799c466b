import type { MessageSigner } from './mechanism.js';
import { ReplayWindow } from './replay-window.js';
import { type ProtocolVersion, signatureBuffer } from './signature-buffer.js';
import { type SignableMessage, signedFieldsOf } from './signed-fields.js';

/** What client and server agreed on (MS-SIPAE 3.2.1). */
export interface AssociationTerms {
  readonly scheme: string;
  readonly version: ProtocolVersion;
  readonly realm: string;
  readonly targetName: string;
  /** Name that the server gave this association; empty until it has told (Kerberos: with its first signature). */
  readonly opaque: string;
  /** Header that carries the client's signatures: the family of the challenge. */
  readonly header: 'Authorization' | 'Proxy-Authorization';
}

/** `valid`, or why not. Only `wrong` proves that somebody tampered; `replayed` may be an echo. */
export type Verdict = 'valid' | 'wrong' | 'replayed';

/** Longest value that is echoed to the server. */
const MAX_ECHO = 256;

/** True for what can come back in our own header, between quotes that MS-SIPAE gives no way to escape. */
export function isEchoable(text: string | undefined): text is string {
  return text !== undefined && text.length <= MAX_ECHO && !/["\\\p{Cc}]/u.test(text);
}

/** Parameters of an authentication header, names in small letters. */
export type AuthParams = ReadonlyMap<string, string>;

/**
 * An established security association: signs what we send, verifies what the server sent. Its two counters and its key
 * end with it; a new sign-in makes a new one.
 */
export class SecurityAssociation {
  readonly terms: AssociationTerms;
  readonly #signer: MessageSigner;
  readonly #random: { bytes(count: number): Buffer };
  readonly #received = new ReplayWindow();
  #opaque: string;
  #sent = 0;

  constructor(terms: AssociationTerms, signer: MessageSigner, random: { bytes(count: number): Buffer }) {
    this.terms = terms;
    this.#signer = signer;
    this.#random = random;
    this.#opaque = terms.opaque;
  }

  /** Milliseconds that it may be used, where its ticket sets a bound. */
  get lifetimeMs(): number | undefined {
    return this.#signer.lifetimeMs;
  }

  /** Ends it for good. */
  release(): void {
    this.#signer.release?.();
  }

  /**
   * Value of the `Authorization` header for one message. Each call uses up a number, so a message that is sent again
   * must be signed again. `token` is the last token of the handshake (base64), which version 4 signs too.
   */
  authorize(message: SignableMessage, token?: string): string {
    const { scheme, realm, targetName, version } = this.terms;
    const rand = this.#random.bytes(4).toString('hex');
    this.#sent += 1;
    const num = String(this.#sent);
    const context = { scheme, rand, num, realm, targetName };
    const response = this.#signer.sign(signatureBuffer(version, context, signedFieldsOf(message)));
    const establishing = token === undefined ? '' : ` gssapi-data="${token}", version=${version},`;
    const opaque = this.#opaque === '' ? '' : ` opaque="${this.#opaque}",`;
    return `${scheme} qop="auth",${opaque} realm="${realm}", targetname="${targetName}",${establishing} crand="${rand}", cnum="${num}", response="${response}"`;
  }

  /** True when the header names this association. Servers may leave `opaque` out; realm and target then decide. */
  matches(scheme: string, params: AuthParams): boolean {
    if (scheme.toLowerCase() !== this.terms.scheme.toLowerCase()) return false;
    const opaque = params.get('opaque');
    if (opaque !== undefined && this.#opaque !== '') return opaque === this.#opaque;
    return params.get('realm') === this.terms.realm && params.get('targetname') === this.terms.targetName;
  }

  /** Checks the server's signature. The number counts as seen only when the signature is right. */
  verify(message: SignableMessage, params: AuthParams): Verdict {
    const { scheme, version, realm, targetName } = this.terms;
    const num = params.get('snum') ?? '';
    const context = {
      scheme,
      rand: params.get('srand') ?? '',
      num,
      realm: params.get('realm') ?? realm,
      targetName: params.get('targetname') ?? targetName,
    };
    const buffer = signatureBuffer(version, context, signedFieldsOf(message));
    if (!this.#signer.verify(buffer, params.get('rspauth') ?? '')) return 'wrong';
    if (!/^\d{1,16}$/.test(num) || !this.#received.accept(Number(num))) return 'replayed';
    const opaque = params.get('opaque');
    if (this.#opaque === '' && isEchoable(opaque)) this.#opaque = opaque;
    return 'valid';
  }
}
