import type { Clock, LinkState, Log, PresenceSourceListener, Random, WatchCounts } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import { DEFAULT_BACKOFF } from '../../presence/retry.js';
import { type ClientListener, OcsClient } from '../agent/client.js';
import type { OwnSide } from '../agent/own-side.js';
import type { RegistrationFacts } from '../agent/registration-facts.js';
import type { RequestBudget } from '../agent/request-budget.js';
import type { AttemptStore } from '../auth/attempts.js';
import type { NameLookUp } from '../link/discovery/look-up.js';
import type { DiscoveryStep } from '../link/discovery/step.js';
import type { ServerMemory } from '../link/last-good.js';
import type { PeerFacts } from '../link/peer-facts.js';
import type { ServerAddress } from '../link/server-address.js';
import { serverText } from '../link/server-text.js';
import { clientOptionsOf, type OcsSourceOptions } from '../options.js';
import { type FailoverEffect, type FailoverEvent, type FailoverState, newFailover, stepFailover } from './failover.js';
import { redirectDomains, ServerFinder } from './server-finder.js';

export interface SessionPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly names: NameLookUp;
  readonly attempts: AttemptStore;
  readonly servers: ServerMemory;
  readonly budget: RequestBudget;
  /** Speaks for the account itself. */
  readonly own?: OwnSide;
  /** Refused passwords after which no further try is made. */
  readonly maxPasswordFailures?: number;
}

/** What happens on the way to a sign-in, for those who want to explain it. */
export interface SessionTrace {
  onLookedUp?(steps: readonly DiscoveryStep[]): void;
  onConnecting?(server: ServerAddress): void;
  onConnected?(server: ServerAddress, peer: PeerFacts | undefined): void;
  onPassedOver?(server: ServerAddress, error: BridgeError): void;
  onRedirected?(from: ServerAddress, to: ServerAddress): void;
  onSignedIn?(facts: RegistrationFacts): void;
}

/** One account: finds a server, signs in, watches its people, and comes back by itself until it is stopped. */
export class AccountSession {
  readonly #options: OcsSourceOptions;
  readonly #ports: SessionPorts;
  readonly #listener: PresenceSourceListener;
  readonly #trace: SessionTrace;
  readonly #finder: ServerFinder;
  #failover: FailoverState;
  #wanted: ReadonlySet<SipUri> = new Set();
  #client: OcsClient | undefined;
  /** Counts what was begun; what comes back to an older number is of no interest any more. */
  #turn = 0;
  #cancelWait: () => void = () => {};
  #phase: 'new' | 'running' | 'stopped' = 'new';

  constructor(
    options: OcsSourceOptions,
    listener: PresenceSourceListener,
    ports: SessionPorts,
    trace: SessionTrace = {},
  ) {
    this.#options = options;
    this.#ports = ports;
    this.#listener = listener;
    this.#trace = trace;
    this.#finder = new ServerFinder(options, ports);
    const terms = { domains: redirectDomains(options), backoff: options.backoff ?? DEFAULT_BACKOFF };
    this.#failover = newFailover(terms, this.#finder.lastGood());
  }

  start(): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    this.#report('connecting');
    this.#feed({ type: 'start' });
  }

  /** Sets the people to watch. */
  watch(people: ReadonlySet<SipUri>): void {
    this.#wanted = people;
    this.#client?.watch(people);
  }

  /** What it holds at the server; `undefined` while it is not signed in. */
  counts(): WatchCounts | undefined {
    return this.#client?.counts();
  }

  /** Signs off and closes. Resolves always. */
  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    const was = this.#phase;
    this.#phase = 'stopped';
    this.#turn++;
    this.#cancelWait();
    const client = this.#client;
    this.#client = undefined;
    await client?.stop();
    if (was === 'running') this.#report('stopped');
  }

  #feed(event: FailoverEvent): void {
    if (this.#phase !== 'running') return;
    const { state, effects } = stepFailover(this.#failover, event, this.#ports.clock.monotonic());
    this.#failover = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: FailoverEffect): void {
    const { log, clock } = this.#ports;
    switch (effect.type) {
      case 'find':
        this.#find();
        return;
      case 'connect':
        this.#trace.onConnecting?.(effect.server);
        this.#connect(effect.server);
        return;
      case 'passed-over': {
        const { server, error } = effect;
        log.warn('ocs.server-failed', {
          ...error.details,
          server: serverText(server),
          code: error.code,
          error: error.message,
        });
        this.#trace.onPassedOver?.(server, error);
        return;
      }
      case 'redirected':
        log.info('ocs.redirected', { from: serverText(effect.from), to: serverText(effect.to) });
        this.#trace.onRedirected?.(effect.from, effect.to);
        return;
      case 'remember':
        this.#finder.remember(effect.server);
        return;
      case 'forget':
        this.#finder.forget();
        return;
      case 'wait': {
        const { link, error, delay } = effect;
        log.warn('ocs.ended', {
          ...error.details,
          code: error.code,
          error: error.message,
          state: link,
          retryInMs: delay,
        });
        this.#cancelWait = clock.after(delay, () => this.#feed({ type: 'due' }));
        this.#report(link, error, delay);
        return;
      }
    }
  }

  #find(): void {
    const turn = ++this.#turn;
    const { random } = this.#ports;
    this.#finder
      .find()
      .then(({ candidates, steps, error }) => {
        if (turn !== this.#turn) return;
        if (steps.length > 0) this.#trace.onLookedUp?.(steps);
        const unit = random.unit();
        this.#feed(error === undefined ? { type: 'found', candidates, unit } : { type: 'not-found', error, unit });
      })
      .catch((thrown: unknown) => {
        if (turn === this.#turn)
          this.#feed({ type: 'not-found', error: BridgeError.from(thrown), unit: random.unit() });
      });
  }

  #connect(server: ServerAddress): void {
    const turn = ++this.#turn;
    this.#finder
      .locate(server)
      .then((located) => {
        if (turn !== this.#turn) return;
        if (located instanceof BridgeError) this.#onEnd(located, undefined);
        else this.#open(located, turn);
      })
      .catch((thrown: unknown) => {
        if (turn === this.#turn) this.#onEnd(BridgeError.from(thrown), undefined);
      });
  }

  #open(server: ServerAddress, turn: number): void {
    const { clock, random, log, attempts, budget, own, maxPasswordFailures } = this.#ports;
    const { onRefused, onDropped } = this.#options;
    const client = new OcsClient(clientOptionsOf(this.#options, server), this.#clientListener(server, turn), {
      clock,
      random,
      log,
      attempts,
      budget,
      ...(own === undefined ? {} : { own }),
      ...(maxPasswordFailures === undefined ? {} : { maxPasswordFailures }),
      count: (what, reason) => (what === 'document' ? onRefused : onDropped)?.(reason),
    });
    this.#client = client;
    client.watch(this.#wanted);
    client.start();
  }

  #clientListener(server: ServerAddress, turn: number): ClientListener {
    const { log } = this.#ports;
    const current = (): boolean => turn === this.#turn;
    return {
      onConnected: (peer) => {
        log.info('ocs.connected', {
          account: sipKeyOf(this.#options.account),
          server: serverText(server),
          protocol: peer?.protocol ?? 'none',
        });
        if (current()) this.#trace.onConnected?.(server, peer);
      },
      onSignedIn: (facts) => {
        if (!current()) return;
        log.info('ocs.signed-in', {
          account: sipKeyOf(this.#options.account),
          server: serverText(server),
          product: facts.product,
          expires: facts.expires,
        });
        this.#feed({ type: 'signed-in' });
        this.#trace.onSignedIn?.(facts);
        this.#report('connected');
      },
      onObservations: (observations, authoritative) => {
        if (current()) this.#listener.onObservations(observations, authoritative);
      },
      onLost: (uris, reason) => {
        if (current()) this.#listener.onLost(uris, reason);
      },
      onEnd: (error, retryAfterMs) => {
        if (current()) this.#onEnd(error, retryAfterMs);
      },
    };
  }

  #onEnd(error: BridgeError, retryAfterMs: number | undefined): void {
    this.#client = undefined;
    const unit = this.#ports.random.unit();
    this.#feed({ type: 'ended', error, retryAfterMs, watched: this.#wanted.size, unit });
  }

  #report(state: LinkState, error?: BridgeError, retryInMs?: number): void {
    const now = this.#ports.clock.now();
    this.#listener.onLink({
      state,
      since: now,
      ...(error === undefined ? {} : { error }),
      ...(retryInMs === undefined ? {} : { retryAt: now + retryInMs }),
    });
  }
}
