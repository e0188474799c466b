import { bad, ok, type Result } from '../../presence/result.js';
import { type AssociationTerms, type AuthParams, SecurityAssociation } from './association.js';
import type { AuthMechanism } from './mechanism.js';
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
 * What a challenge means: `answer` - repeat the REGISTER with the next token; `refused` - the server did not accept the
 * proof, so user or password is wrong; `unacceptable` - nothing we can or may answer.
 */
export type HandshakeTurn =
  | { readonly kind: 'answer' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unacceptable'; readonly reason: string };

export interface HandshakePolicy {
  /** Mechanism for a scheme that the configuration allows here, otherwise `undefined`. */
  mechanismFor(scheme: string): AuthMechanism | undefined;
  /** Why the server must not be answered under the name it gives itself; `undefined` when the name is right. */
  objectionTo(targetName: string): string | undefined;
}

export interface AuthHeader {
  readonly name: AssociationTerms['header'];
  readonly value: string;
}

type Stage =
  | { readonly at: 'asking' }
  | { readonly at: 'negotiating'; readonly mechanism: AuthMechanism; readonly terms: Terms; readonly token: string }
  | {
      readonly at: 'proving';
      readonly association: SecurityAssociation;
      readonly terms: Terms;
      readonly token: string;
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

  constructor(policy: HandshakePolicy, random: { bytes(count: number): Buffer }) {
    this.#policy = policy;
    this.#random = random;
  }

  /** Present once the last token has been made; it counts as established when the server accepts that REGISTER. */
  get association(): SecurityAssociation | undefined {
    return this.#stage.at === 'proving' ? this.#stage.association : undefined;
  }

  /** Takes the challenges of a 401 or 407. */
  receive(challenges: readonly Challenge[]): HandshakeTurn {
    switch (this.#stage.at) {
      case 'asking':
        return this.#turn(this.#choose(challenges));
      case 'negotiating':
        return this.#turn(this.#prove(challenges, this.#stage.mechanism, this.#stage.terms));
      case 'proving':
        return { kind: 'refused' };
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

  #turn(next: Result<Stage>): HandshakeTurn {
    if (!next.ok) return { kind: 'unacceptable', reason: next.reason };
    this.#stage = next.value;
    return { kind: 'answer' };
  }

  #choose(challenges: readonly Challenge[]): Result<Stage> {
    let objection: string | undefined;
    for (const challenge of challenges) {
      const mechanism = this.#policy.mechanismFor(challenge.scheme);
      if (mechanism === undefined) continue;
      const terms = termsOf(challenge, undefined);
      objection = terms.ok ? this.#policy.objectionTo(terms.value.targetName) : terms.reason;
      if (!terms.ok || objection !== undefined) continue;
      return ok({ at: 'negotiating', mechanism, terms: terms.value, token: mechanism.start().toString('base64') });
    }
    const offered = challenges.map((challenge) => challenge.scheme).join(', ') || 'nothing';
    return bad(objection ?? `the server offers ${offered}, none of which the configuration allows on this connection`);
  }

  #prove(challenges: readonly Challenge[], mechanism: AuthMechanism, before: Terms): Result<Stage> {
    const challenge = challenges.find(({ scheme }) => scheme.toLowerCase() === mechanism.scheme.toLowerCase());
    const given = challenge?.params.get('gssapi-data') ?? '';
    if (challenge === undefined || given === '')
      return bad(`the server broke off ${mechanism.scheme} after its first step`);
    const terms = termsOf(challenge, before);
    if (!terms.ok) return terms;
    const objection = this.#policy.objectionTo(terms.value.targetName);
    if (objection !== undefined) return bad(objection);
    const token = mechanism.step(Buffer.from(given, 'base64'));
    if (!token.ok) return token;
    if (mechanism.signer === undefined) return bad(`${mechanism.scheme} did not come to an end`);
    const association = new SecurityAssociation(terms.value, mechanism.signer, this.#random);
    return ok({ at: 'proving', association, terms: terms.value, token: token.value.toString('base64') });
  }
}

function unsignedValue(at: 'negotiating' | 'proving', terms: Terms, token: string): string {
  const opaque = at === 'proving' ? ` opaque="${terms.opaque}",` : '';
  const version = terms.versionGiven ? `, version=${terms.version}` : '';
  return `${terms.scheme} qop="auth",${opaque} realm="${terms.realm}", targetname="${terms.targetName}", gssapi-data="${token}"${version}`;
}

/** Longest value that is echoed to the server. */
const MAX_ECHO = 256;

function termsOf(challenge: Challenge, before: Terms | undefined): Result<Terms> {
  const { params, scheme, answerHeader } = challenge;
  const realm = params.get('realm') ?? before?.realm ?? '';
  const targetName = params.get('targetname') ?? before?.targetName ?? '';
  const opaque = params.get('opaque') ?? before?.opaque ?? '';
  // These come back in our own header, between quotes that MS-SIPAE gives no way to escape.
  if ([realm, targetName, opaque].some((text) => text.length > MAX_ECHO || /["\\\p{Cc}]/u.test(text))) {
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
