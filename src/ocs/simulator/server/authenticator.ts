import { parseSipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import type { Credentials } from '../codec/credentials.js';
import { type Header, headerOf, type SipRequest, type SipResponse } from '../codec/message.js';
import type { ServerSettings, SimulatorAccount, SimulatorScheme } from '../options.js';
import type { Accounts } from '../security/accounts.js';
import { Association } from '../security/association.js';
import { Handshake, type SignIn } from '../security/handshake.js';
import type { ChallengeNames } from '../security/ntlm-challenge.js';
import type { AuthVersion, SignatureContext } from '../security/signature-buffer.js';
import { type Claimant, claimantOf, credentialsOf, schemeOf } from './claimant.js';
import type { Counters } from './counters.js';
import type { Link } from './link.js';
import { diagnostics, respond } from './responses.js';
import { Session } from './session.js';

/** What to do with a request after looking at who sent it. */
export type Admission =
  | { readonly kind: 'admitted'; readonly session: Session }
  | { readonly kind: 'answer'; readonly response: SipResponse }
  | { readonly kind: 'drop' };

const DROP: Admission = { kind: 'drop' };
const REALM = 'SIP Communications Service';
/** Endpoints that may authenticate over one connection. */
const MAX_PER_LINK = 64;

/** The endpoints of one connection, and the handshakes under way on it; both by address and epid. */
interface LinkState {
  readonly sessions: Map<string, Session>;
  readonly handshakes: Map<string, Handshake>;
}

/** Decides who is speaking (MS-SIPAE 3.2): challenges, handshakes, signatures of all that clients send. */
export class Authenticator {
  readonly #settings: ServerSettings;
  readonly #accounts: Accounts;
  readonly #counters: Counters;
  readonly #links = new Map<Link, LinkState>();

  constructor(settings: ServerSettings, accounts: Accounts, counters: Counters) {
    this.#settings = settings;
    this.#accounts = accounts;
    this.#counters = counters;
  }

  /** Sessions of a connection that is gone. */
  forget(link: Link): readonly Session[] {
    const sessions = [...(this.#links.get(link)?.sessions.values() ?? [])];
    this.#links.delete(link);
    for (const { association } of sessions) association?.release();
    return sessions;
  }

  hasSession(link: Link): boolean {
    return (this.#links.get(link)?.sessions.size ?? 0) > 0;
  }

  /** A request is admitted with a session, answered with a challenge or a refusal, or dropped. */
  admit(link: Link, request: SipRequest): Admission {
    const { authVersion } = this.#settings;
    const claimant = claimantOf(request);
    if (authVersion === 'none' || link.trusted) return this.#admitUnsigned(link, request, claimant);
    const offered = credentialsOf(request);
    if (offered.length > 1) return this.#answer(request, 400);
    const credentials = offered[0];
    if (!credentials) return this.#challenge(request, authVersion);
    const token = credentials.params.get('gssapi-data');
    if (token === undefined) return this.#admitSigned(link, request, credentials, authVersion);
    if (schemeOf(credentials) === 'Kerberos') {
      const signIn = this.#acceptTicket(token, authVersion);
      return this.#conclude(link, request, claimant, credentials, authVersion, signIn);
    }
    if (token === '') return this.#begin(link, request, claimant, authVersion);
    return this.#finish(link, request, claimant, credentials, authVersion, token);
  }

  /** True when an endpoint of this connection signed the response, or need not. */
  isSigned(link: Link, response: SipResponse): boolean {
    if (link.trusted) return true;
    const [credentials] = credentialsOf(response);
    const session = credentials && this.#sessionNamed(link, credentials);
    if (!session?.association || !credentials) return false;
    if (session.association.verify(response, credentials) === 'valid') return true;
    this.#counters.badSignatures += 1;
    return false;
  }

  /** The session whose association these credentials name. */
  #sessionNamed(link: Link, credentials: Credentials): Session | undefined {
    const opaque = credentials.params.get('opaque');
    const sessions = [...(this.#links.get(link)?.sessions.values() ?? [])];
    return sessions.find(({ association }) => association !== undefined && association.opaque === opaque);
  }

  #admitUnsigned(link: Link, request: SipRequest, claimant: Claimant): Admission {
    const state = this.#stateOf(link);
    const from = parseSipUri(headerOf(request, 'from') ?? '');
    const account = from.ok ? this.#accounts.byUri(from.value) : undefined;
    if (!account) return this.#answer(request, 404, this.#diagnostics(1003, 'User does not exist'));
    const known = state.sessions.get(claimant.key);
    if (known) return { kind: 'admitted', session: known };
    return this.#open(state, claimant, new Session(link, claimant.epid, account, undefined), request);
  }

  #admitSigned(link: Link, request: SipRequest, credentials: Credentials, version: AuthVersion): Admission {
    const session = this.#sessionNamed(link, credentials);
    // An association the server does not know: the client shall begin anew.
    if (!session) return this.#challenge(request, version);
    const verdict = session.association?.verify(request, credentials);
    if (verdict !== 'valid') {
      this.#counters.badSignatures += 1;
      this.#settings.log.warn('simulator.signature', { verdict, method: request.method });
      return DROP;
    }
    return this.#speaksForItself(session.account, request) ?? { kind: 'admitted', session };
  }

  #begin(link: Link, request: SipRequest, { key }: Claimant, version: AuthVersion): Admission {
    const { handshakes } = this.#stateOf(link);
    if (!this.#settings.schemes.includes('NTLM')) return this.#challenge(request, version);
    if (handshakes.size >= MAX_PER_LINK && !handshakes.has(key)) return this.#answer(request, 403);
    const handshake = new Handshake(this.#context('NTLM', version), this.#names(), this.#settings.random);
    handshakes.set(key, handshake);
    return this.#challenge(request, version, [], handshake);
  }

  #finish(
    link: Link,
    request: SipRequest,
    claimant: Claimant,
    credentials: Credentials,
    version: AuthVersion,
    token: string,
  ): Admission {
    const state = this.#stateOf(link);
    const handshake = state.handshakes.get(claimant.key);
    state.handshakes.delete(claimant.key);
    if (!handshake || handshake.opaque !== credentials.params.get('opaque')) return this.#challenge(request, version);
    return this.#conclude(link, request, claimant, credentials, version, handshake.complete(token, this.#accounts));
  }

  /** Kerberos takes one step: the ticket is the proof (MS-SIPAE 3.2.5.1). */
  #acceptTicket(token: string, version: AuthVersion): Result<SignIn> {
    const { kerberos, schemes, random } = this.#settings;
    if (kerberos === undefined || !schemes.includes('Kerberos')) return bad('Kerberos is not offered');
    const ticket = kerberos.accept(Buffer.from(token, 'base64'));
    if (!ticket.ok) return ticket;
    const { principal, sealer } = ticket.value;
    const account = this.#accounts.byPrincipal(principal);
    if (account === undefined) {
      sealer.release?.();
      return bad('there is no account for this principal');
    }
    const opaque = random.bytes(4).toString('hex').toUpperCase();
    return ok({ account, association: new Association(opaque, this.#context('Kerberos', version), sealer, random) });
  }

  #conclude(
    link: Link,
    request: SipRequest,
    claimant: Claimant,
    credentials: Credentials,
    version: AuthVersion,
    signIn: Result<SignIn>,
  ): Admission {
    const reason = signIn.ok ? this.#finalSignatureProblem(request, credentials, signIn.value, version) : signIn.reason;
    if (!signIn.ok || reason !== undefined) {
      if (signIn.ok) signIn.value.association.release();
      this.#counters.logonsFailed += 1;
      this.#settings.log.info('simulator.sign-in-refused', { reason });
      return this.#challenge(request, version, [this.#diagnostics(1000, 'Final handshake failed')]);
    }
    const { account, association } = signIn.value;
    const refusal = this.#speaksForItself(account, request);
    if (refusal) {
      association.release();
      return refusal;
    }
    this.#counters.logonsOk += 1;
    const state = this.#stateOf(link);
    const known = state.sessions.get(claimant.key);
    if (known) {
      known.association?.release();
      known.association = association;
      return { kind: 'admitted', session: known };
    }
    return this.#open(state, claimant, new Session(link, claimant.epid, account, association), request);
  }

  /** Version 4 signs the very message that carries the last token. */
  #finalSignatureProblem(
    request: SipRequest,
    credentials: Credentials,
    signIn: SignIn,
    version: AuthVersion,
  ): string | undefined {
    if (version < 4 && !credentials.params.has('response')) return undefined;
    return signIn.association.verify(request, credentials) === 'valid' ? undefined : 'the first signature is wrong';
  }

  #open(state: LinkState, { key }: Claimant, session: Session, request: SipRequest): Admission {
    if (state.sessions.size >= MAX_PER_LINK) return this.#answer(request, 403);
    state.sessions.set(key, session);
    return { kind: 'admitted', session };
  }

  /** Credentials must belong to the address in From. */
  #speaksForItself(account: SimulatorAccount, request: SipRequest): Admission | undefined {
    const from = parseSipUri(headerOf(request, 'from') ?? '');
    if (from.ok && from.value === account.uri) return undefined;
    return this.#answer(
      request,
      403,
      this.#diagnostics(4004, 'Credentials provided are not authorized to act as specified from URI'),
    );
  }

  #challenge(
    request: SipRequest,
    version: AuthVersion,
    headers: readonly Header[] = [],
    handshake?: Handshake,
  ): Admission {
    const state = handshake ? `opaque="${handshake.opaque}", gssapi-data="${handshake.token}", ` : '';
    const named = version === 2 ? '' : `, version=${version}`;
    const schemes: readonly SimulatorScheme[] = handshake ? ['NTLM'] : this.#settings.schemes;
    const challenges = schemes.map((scheme) => {
      const { realm, targetName } = this.#context(scheme, version);
      return {
        name: 'WWW-Authenticate',
        value: `${scheme} ${state}realm="${realm}", targetname="${targetName}"${named}`,
      };
    });
    const date = { name: 'Date', value: new Date(this.#settings.clock.now()).toUTCString() };
    return this.#answer(request, 401, date, ...challenges, ...headers);
  }

  #answer(request: SipRequest, status: number, ...headers: readonly Header[]): Admission {
    if (request.method === 'ACK') return DROP;
    const toTag = this.#settings.random.bytes(5).toString('hex').toUpperCase();
    return { kind: 'answer', response: respond(request, status, { headers, toTag }) };
  }

  #diagnostics(id: number, reason: string): Header {
    return diagnostics(id, this.#settings.hostName, reason);
  }

  /** Kerberos names the service, NTLM the server (MS-SIPAE 2.2). */
  #context(scheme: SimulatorScheme, version: AuthVersion): SignatureContext {
    const { hostName } = this.#settings;
    return { version, scheme, realm: REALM, targetName: scheme === 'Kerberos' ? `sip/${hostName}` : hostName };
  }

  #names(): ChallengeNames {
    const { domain, hostName } = this.#settings;
    const netbios = (name: string): string => (name.split('.')[0] ?? name).slice(0, 15).toUpperCase();
    return {
      netbiosDomain: netbios(domain),
      netbiosComputer: netbios(hostName),
      dnsDomain: domain,
      dnsComputer: hostName,
    };
  }

  #stateOf(link: Link): LinkState {
    const known = this.#links.get(link);
    if (known) return known;
    const state = { sessions: new Map<string, Session>(), handshakes: new Map<string, Handshake>() };
    this.#links.set(link, state);
    return state;
  }
}
