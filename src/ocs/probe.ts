import { hostname } from 'node:os';
import { BridgeError } from '../presence/errors.js';
import { AccountSession } from './account/account-session.js';
import { epidFor } from './agent/endpoint.js';
import type { RegistrationFacts } from './agent/registration-facts.js';
import { ARRIVAL_SLACK, RequestBudget } from './agent/request-budget.js';
import { memoryAttempts } from './auth/attempts.js';
import { dnsLookUp } from './link/discovery/dns-look-up.js';
import { type DiscoveryStep, describeStep } from './link/discovery/step.js';
import { memoryServers } from './link/last-good.js';
import type { PeerFacts } from './link/peer-facts.js';
import type { ServerAddress } from './link/server-address.js';
import { hostAndPort, serverText } from './link/server-text.js';
import { type OcsSourceOptions, REQUESTS_PER_SECOND } from './options.js';
import type { OcsPorts } from './source.js';

/** `note` only tells the way; `warn` is what somebody should look at although it stops nothing yet. */
export type Outcome = 'pass' | 'note' | 'warn' | 'fail';

export interface ProbeStep {
  /** `discovery` comes as often as something was looked up, passed over or redirected; the others once per server. */
  readonly name: 'discovery' | 'connect' | 'certificate' | 'sign-in';
  readonly outcome: Outcome;
  /** One sentence for people. */
  readonly detail: string;
  /** The look-up behind a step of the name `discovery`. */
  readonly lookUp?: DiscoveryStep;
  /** Why it failed. */
  readonly error?: BridgeError;
}

export interface ProbeResult {
  /** In order; ends with the first step that failed. */
  readonly steps: readonly ProbeStep[];
}

/** Milliseconds for everything. */
const PROBE_TIMEOUT_MS = 45_000;
const DAY_MS = 86_400_000;
/** A certificate that ends sooner was forgotten: those that renew themselves are new by then. */
const RENEW_DAYS = 14;

/**
 * Finds a server, connects, signs in and signs off again, once, and tells each step: what DNS was asked and said (RFC
 * 2782), which server was taken and why, redirects (RFC 3261 §8.1.3.4), certificate and TLS exception, sign-in
 * (MS-SIPREGE). A wrong password is tried once only. Resolves always.
 */
export function probeOcs(options: OcsSourceOptions, ports: OcsPorts): Promise<ProbeResult> {
  return new Promise((resolve) => new Probe(options, ports, (steps) => resolve({ steps })).start());
}

class Probe {
  readonly #ports: OcsPorts;
  readonly #onFinished: (steps: readonly ProbeStep[]) => void;
  readonly #session: AccountSession | BridgeError;
  readonly #steps: ProbeStep[] = [];
  #finished = false;
  #cancel: () => void = () => {};
  #cancelLookUps: () => void = () => {};
  #candidates = 0;
  /** The last failure: only when another server is tried after it, it was not the end. */
  #passedOver: { readonly server: ServerAddress; readonly error: BridgeError } | undefined;
  #stage: 'finding' | 'connecting' | 'signing-in' = 'finding';
  #server: ServerAddress | undefined;

  constructor(options: OcsSourceOptions, ports: OcsPorts, onFinished: (steps: readonly ProbeStep[]) => void) {
    this.#ports = ports;
    this.#onFinished = onFinished;
    this.#session = this.#sessionFor(options);
  }

  start(): void {
    if (this.#session instanceof BridgeError) {
      this.#fail(this.#session);
      return;
    }
    this.#cancel = this.#ports.clock.after(PROBE_TIMEOUT_MS, () => {
      const where = this.#server === undefined ? 'The name service' : serverText(this.#server);
      this.#fail(new BridgeError('OCS_TIMEOUT', `${where} did not complete the sign-in in time.`));
    });
    this.#session.start();
  }

  #sessionFor(options: OcsSourceOptions): AccountSession | BridgeError {
    const { clock, random, log } = this.#ports;
    const nameServers = 'host' in options.server ? [] : (options.server.nameServers ?? []);
    try {
      const names = dnsLookUp(nameServers, clock);
      this.#cancelLookUps = () => names.close();
      return new AccountSession(
        // An endpoint of its own: a bridge that runs with this account on this machine keeps its registration.
        { ...options, epid: epidFor(options.account, `${hostname()} probe`) },
        {
          onLink: ({ error }) => {
            if (error !== undefined) this.#fail(error);
          },
          onObservations: () => {},
          onLost: () => {},
        },
        {
          clock,
          random,
          log,
          names,
          attempts: options.attempts ?? memoryAttempts(),
          servers: memoryServers(),
          budget: new RequestBudget(options.requestsPerSecond ?? REQUESTS_PER_SECOND, clock, ARRIVAL_SLACK),
          maxPasswordFailures: 1,
        },
        {
          onLookedUp: (steps) => this.#lookedUp(steps),
          onConnecting: (server) => this.#connecting(server),
          onConnected: (server, peer) => this.#connected(server, peer),
          onPassedOver: (server, error) => {
            this.#passedOver = { server, error };
          },
          onRedirected: (from, to) => {
            this.#steps.push(
              onTheWay(`${serverText(from)} sends this account to ${serverText(to)}, which is followed.`),
            );
          },
          onSignedIn: (facts) => this.#finish({ name: 'sign-in', outcome: 'pass', detail: describeServer(facts) }),
        },
      );
    } catch (thrown) {
      return BridgeError.from(thrown);
    }
  }

  #lookedUp(steps: readonly DiscoveryStep[]): void {
    this.#candidates = steps.reduce((sum, { accepted }) => sum + accepted.length, 0);
    for (const lookUp of steps) {
      // Somebody published it, and it will not be used.
      const outcome = lookUp.refused.length > 0 ? 'warn' : 'note';
      this.#steps.push({ ...onTheWay(describeStep(lookUp), outcome), lookUp });
    }
  }

  #connecting(server: ServerAddress): void {
    if (this.#passedOver !== undefined) this.#tellPassedOver();
    else if (this.#stage === 'finding' && this.#candidates > 0) {
      const why = this.#candidates === 1 ? 'the only server found' : `first of ${this.#candidates} servers found`;
      this.#steps.push(
        onTheWay(`${serverText(server)} is tried first: ${why}, by order of look-up, priority and weight.`),
      );
    }
    this.#stage = 'connecting';
    this.#server = server;
  }

  #tellPassedOver(): void {
    if (this.#passedOver === undefined) return;
    const { server, error } = this.#passedOver;
    this.#passedOver = undefined;
    this.#steps.push(onTheWay(`${serverText(server)} was passed over: ${error.code}: ${error.message}`, 'warn'));
  }

  #connected(server: ServerAddress, peer: PeerFacts | undefined): void {
    this.#stage = 'signing-in';
    const at = server.addresses?.[0];
    const where = at === undefined || at === server.host ? '' : ` (${server.addresses?.join(', ')})`;
    this.#steps.push({ name: 'connect', outcome: 'pass', detail: `Connected to ${hostAndPort(server)}${where}.` });
    if (peer === undefined) return;
    this.#steps.push({ name: 'certificate', ...describePeer(peer, this.#ports.clock.now()) });
  }

  #fail(error: BridgeError): void {
    // Of several servers that failed, the end tells the most telling failure, which need not be the last one.
    if (this.#passedOver?.error !== error) this.#tellPassedOver();
    this.#finish({ name: this.#failedStep(error), outcome: 'fail', detail: error.message, error });
  }

  #failedStep({ code }: BridgeError): ProbeStep['name'] {
    if (code === 'OCS_TLS_NAME' || code === 'OCS_TLS_UNTRUSTED') return 'certificate';
    if (code === 'OCS_NOT_FOUND' || code === 'OCS_REDIRECT' || this.#stage === 'finding') return 'discovery';
    return this.#stage === 'connecting' ? 'connect' : 'sign-in';
  }

  #finish(step: ProbeStep): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#steps.push(step);
    this.#cancel();
    this.#cancelLookUps();
    const done = (): void => this.#onFinished(this.#steps);
    if (this.#session instanceof BridgeError) done();
    else this.#session.stop().then(done, done);
  }
}

function onTheWay(detail: string, outcome: 'note' | 'warn' = 'note'): ProbeStep {
  return { name: 'discovery', outcome, detail };
}

function describePeer(
  { protocol, subject, names, validTo, exception }: PeerFacts,
  now: number,
): Pick<ProbeStep, 'outcome' | 'detail'> {
  const days = Math.floor((validTo - now) / DAY_MS);
  const until = new Date(validTo).toISOString().slice(0, 10);
  const text = `${protocol}; certificate "${subject}" for ${names.join(', ')}, valid until ${until} (${days} days).`;
  if (exception === undefined) return { outcome: days < RENEW_DAYS ? 'warn' : 'pass', detail: text };
  const { host, minVersion, securityLevel } = exception;
  const weak = `TLS exception for ${host}: from ${minVersion} on, security level ${securityLevel}.`;
  const perhaps = /^TLSv1\.[23]$/.test(protocol) ? ` It may no longer be needed: the server speaks ${protocol}.` : '';
  return { outcome: 'warn', detail: `${text} ${weak}${perhaps}` };
}

function describeServer({ product, expires }: RegistrationFacts): string {
  return `Signed in; server "${product || 'unnamed'}", registration for ${expires} s.`;
}
