import { BridgeError } from '../../presence/errors.js';
import { bad, ok, type Result } from '../../presence/result.js';
import { type AssociationTerms, type AuthParams, isEchoable, SecurityAssociation } from './association.js';
import { readDigestChallenge } from './digest.js';
import type { AuthMechanism, MechanismStart } from './mechanism.js';
import type { ProtocolVersion } from './signature-buffer.js';
import type { SignableMessage } from './signed-fields.js';

/** One `WWW-Authenticate` or `Proxy-Authenticate` header of a 401 or 407. */
export interface Challenge {
  readonly scheme: string;
  readonly params: AuthParams;
  /** Where the answer belongs. */
  readonly answerHeader: AssociationTerms['header'];
}

/**
 * What a challenge means: `answer` - repeat the REGISTER with the next token, `instead` saying why it is not one of the
 * strongest scheme; `refused` - user or password is wrong; `failed` - there is no proof to give for now; `unacceptable`
 * - nothing we can or may answer.
 */
export type HandshakeTurn =
  | { readonly kind: 'answer'; readonly instead?: BridgeError }
  | { readonly kind: 'refused'; readonly reason?: string }
  | { readonly kind: 'failed'; readonly error: BridgeError }
  | { readonly kind: 'unacceptable'; readonly reason: string };

/** A scheme that the configuration allows on this connection. */
export interface AllowedMechanism {
  readonly scheme: string;
  /** `version` is that of the challenge. */
  create(version: ProtocolVersion): AuthMechanism;
}

export interface HandshakePolicy {
  /** Strongest first; the server's order does not count. */
  readonly mechanisms: readonly AllowedMechanism[];
  /** Digest challenges are answered before they come here. */
  readonly digest?: boolean;
  /** Why the server must not be answered under the name it gives itself; `undefined` when the name is right. */
  objectionTo(targetName: string, scheme: string): string | undefined;
}

export interface AuthHeader {
  readonly name: AssociationTerms['header'];
  readonly value: string;
}

type Stage =
  /** Nothing is proven yet; `asking` also while a mechanism is at work. */
  | { readonly at: 'asking' }
  | { readonly at: 'negotiating'; readonly mechanism: AuthMechanism; readonly terms: Terms; readonly token: string }
  | {
      readonly at: 'proving';
      readonly association: SecurityAssociation;
      readonly terms: Terms;
      readonly token: string;
      /** What is left to try when a ticket is refused. */
      readonly weaker: readonly AllowedMechanism[];
    };

/** Terms with the version as the server wrote it: an absent one is not sent back. */
interface Terms extends AssociationTerms {
  readonly versionGiven: boolean;
}

/** One sign-in (MS-SIPAE 3.2.5.1): from a REGISTER without credentials to an established association. Used once. */
export class Handshake {
  readonly #policy: HandshakePolicy;
  readonly #random: { bytes(count: number): Buffer };
  #stage: Stage = { at: 'asking' };
  #closed = false;

  constructor(policy: HandshakePolicy, random: { bytes(count: number): Buffer }) {
    this.#policy = policy;
    this.#random = random;
  }

  /** Present once the last token has been made; it counts as established when the server accepts that REGISTER. */
  get association(): SecurityAssociation | undefined {
    return this.#stage.at === 'proving' ? this.#stage.association : undefined;
  }

  /** Takes the challenges of a 401 or 407. A promise only where a KDC has to be asked; it never rejects. */
  receive(challenges: readonly Challenge[]): HandshakeTurn | Promise<HandshakeTurn> {
    const stage = this.#stage;
    switch (stage.at) {
      case 'asking':
        return this.#begin(this.#policy.mechanisms, challenges);
      case 'negotiating':
        return this.#turn(this.#prove(challenges, stage.mechanism, stage.terms));
      case 'proving':
        return stage.terms.scheme.toLowerCase() === 'kerberos'
          ? this.#ticketRefused(challenges, stage.weaker)
          : { kind: 'refused' };
    }
  }

  /** Header for the next REGISTER; `undefined` for the first one, which carries no credentials. */
  headerFor(message: SignableMessage): AuthHeader | undefined {
    const stage = this.#stage;
    if (stage.at === 'asking') return undefined;
    const { terms, token } = stage;
    const signed = stage.at === 'proving' && terms.version >= 4;
    const value = signed ? stage.association.authorize(message, token) : unsignedValue(stage.at, terms, token);
    return { name: terms.header, value };
  }

  /** Gives up a sign-in that was not established. */
  close(): void {
    this.#closed = true;
    this.association?.release();
  }

  #turn(next: Result<Stage>): HandshakeTurn {
    if (!next.ok) return { kind: 'unacceptable', reason: next.reason };
    this.#stage = next.value;
    return { kind: 'answer' };
  }

  /** Takes the first of these mechanisms that the server offers; the next one when there is no ticket for it. */
  #begin(
    allowed: readonly AllowedMechanism[],
    challenges: readonly Challenge[],
    instead?: BridgeError,
  ): HandshakeTurn | Promise<HandshakeTurn> {
    let objection: string | undefined;
    for (const [index, { scheme, create }] of allowed.entries()) {
      const challenge = challenges.find((one) => one.scheme.toLowerCase() === scheme.toLowerCase());
      if (challenge === undefined) continue;
      const terms = termsOf(challenge, undefined);
      const against = terms.ok ? this.#policy.objectionTo(terms.value.targetName, scheme) : terms.reason;
      objection ??= against;
      if (!terms.ok || against !== undefined) continue;
      const mechanism = create(terms.value.version);
      const goOn = (start: MechanismStart): HandshakeTurn | Promise<HandshakeTurn> => {
        const weaker = allowed.slice(index + 1);
        if (start.kind === 'refused') return start;
        if (start.kind === 'failed') return this.#begin(weaker, challenges, instead ?? start.error);
        return this.#started(mechanism, terms.value, start.token, weaker, instead);
      };
      const start = mechanism.start(terms.value.targetName);
      return start instanceof Promise ? start.then(goOn) : goOn(start);
    }
    if (instead !== undefined) return { kind: 'failed', error: instead };
    const digest = this.#policy.digest ? digestIn(challenges) : undefined;
    // An answer was given, and here is the next challenge: it was wrong.
    if (digest?.ok) return { kind: 'refused' };
    objection ??= digest?.reason;
    const offered = challenges.map((challenge) => challenge.scheme).join(', ') || 'nothing';
    const none = `the server offers ${offered}, none of which the configuration allows on this connection`;
    return { kind: 'unacceptable', reason: objection ?? none };
  }

  #started(
    mechanism: AuthMechanism,
    terms: Terms,
    bytes: Buffer,
    weaker: readonly AllowedMechanism[],
    instead: BridgeError | undefined,
  ): HandshakeTurn {
    const { signer } = mechanism;
    if (this.#closed) {
      signer?.release?.();
      return { kind: 'unacceptable', reason: 'the sign-in was given up' };
    }
    const token = bytes.toString('base64');
    this.#stage =
      signer === undefined
        ? { at: 'negotiating', mechanism, terms, token }
        : { at: 'proving', association: new SecurityAssociation(terms, signer, this.#random), terms, token, weaker };
    return { kind: 'answer', ...(instead === undefined ? {} : { instead }) };
  }

  /** The KDC has checked the password, so it is not to blame: keys of the server have changed, or clocks differ. */
  #ticketRefused(
    challenges: readonly Challenge[],
    weaker: readonly AllowedMechanism[],
  ): HandshakeTurn | Promise<HandshakeTurn> {
    this.association?.release();
    this.#stage = { at: 'asking' };
    const error = new BridgeError('OCS_KERBEROS', 'The OCS server did not accept the Kerberos ticket.');
    return this.#begin(weaker, challenges, error);
  }

  #prove(challenges: readonly Challenge[], mechanism: AuthMechanism, before: Terms): Result<Stage> {
    const challenge = challenges.find(({ scheme }) => scheme.toLowerCase() === mechanism.scheme.toLowerCase());
    const given = challenge?.params.get('gssapi-data') ?? '';
    if (challenge === undefined || given === '')
      return bad(`the server broke off ${mechanism.scheme} after its first step`);
    const terms = termsOf(challenge, before);
    if (!terms.ok) return terms;
    const objection = this.#policy.objectionTo(terms.value.targetName, mechanism.scheme);
    if (objection !== undefined) return bad(objection);
    const token = mechanism.step(Buffer.from(given, 'base64'));
    if (!token.ok) return token;
    if (mechanism.signer === undefined) return bad(`${mechanism.scheme} did not come to an end`);
    const association = new SecurityAssociation(terms.value, mechanism.signer, this.#random);
    return ok({ at: 'proving', association, terms: terms.value, token: token.value.toString('base64'), weaker: [] });
  }
}

/** The first Digest challenge that can be answered, or why none can. */
function digestIn(challenges: readonly Challenge[]): Result<unknown> | undefined {
  const read = challenges.filter(({ scheme }) => scheme.toLowerCase() === 'digest').map(readDigestChallenge);
  return read.find((one) => one.ok) ?? read[0];
}

function unsignedValue(at: 'negotiating' | 'proving', terms: Terms, token: string): string {
  const opaque = at === 'proving' && terms.opaque !== '' ? ` opaque="${terms.opaque}",` : '';
  const version = terms.versionGiven ? `, version=${terms.version}` : '';
  return `${terms.scheme} qop="auth",${opaque} realm="${terms.realm}", targetname="${terms.targetName}", gssapi-data="${token}"${version}`;
}

function termsOf(challenge: Challenge, before: Terms | undefined): Result<Terms> {
  const { params, scheme, answerHeader } = challenge;
  const realm = params.get('realm') ?? before?.realm ?? '';
  const targetName = params.get('targetname') ?? before?.targetName ?? '';
  const opaque = params.get('opaque') ?? before?.opaque ?? '';
  if (![realm, targetName, opaque].every(isEchoable)) {
    return bad('the challenge of the server holds characters that cannot be sent back');
  }
  const given = params.get('version');
  const version = versionOf(given);
  return ok({ scheme, version, realm, targetName, opaque, header: answerHeader, versionGiven: given !== undefined });
}

/** No version means 2 (MS-SIPAE 2.2); newer ones than we know are answered with the newest that we do. */
function versionOf(given: string | undefined): ProtocolVersion {
  const number = Number.parseInt(given ?? '2', 10);
  return number >= 4 ? 4 : number === 3 ? 3 : 2;
}
