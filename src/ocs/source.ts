import type { Clock, LinkState, Log, PresenceSource, PresenceSourceListener, Random } from '../bridge/ports.js';
import { BridgeError } from '../presence/errors.js';
import type { SipUri } from '../presence/ids.js';
import { DEFAULT_BACKOFF } from '../presence/retry.js';
import { OcsClient } from './agent/client.js';
import { type AttemptStore, memoryAttempts } from './auth/attempts.js';
import type { ServerAddress } from './link/connection.js';
import { clientOptionsOf, type OcsSourceOptions } from './options.js';
import { reconnectAfter } from './reconnect.js';

export type { OcsSourceOptions } from './options.js';

export interface OcsPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Presence from an OCS server: signs in, watches, and comes back by itself whenever the connection is lost. */
export function createOcsSource(options: OcsSourceOptions, ports: OcsPorts): PresenceSource {
  return new OcsSource(options, ports);
}

/** A connection that held so long was a good one: the next failure is a first one again. */
const STABLE_MS = 60_000;

/** The server of the options when it was set by hand. Throws `CFG_INVALID` when it is to be found through DNS. */
export function fixedServer(server: OcsSourceOptions['server']): ServerAddress {
  if ('host' in server) return server;
  throw new BridgeError('CFG_INVALID', `The server of ${server.domain} has to be named.`);
}

class OcsSource implements PresenceSource {
  readonly #options: OcsSourceOptions;
  readonly #ports: OcsPorts;
  readonly #attempts: AttemptStore;
  #listener: PresenceSourceListener | undefined;
  #wanted: ReadonlySet<SipUri> = new Set();
  #client: OcsClient | undefined;
  /** Failures in a row. */
  #failures = 0;
  #signedInAt: number | undefined;
  #cancelRetry: () => void = () => {};
  #phase: 'new' | 'running' | 'stopped' = 'new';

  constructor(options: OcsSourceOptions, ports: OcsPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#attempts = options.attempts ?? memoryAttempts();
  }

  start(listener: PresenceSourceListener): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    this.#listener = listener;
    this.#report('connecting');
    this.#connect();
  }

  watch(uris: readonly SipUri[]): void {
    this.#wanted = new Set(uris);
    this.#client?.watch(this.#wanted);
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    this.#phase = 'stopped';
    this.#cancelRetry();
    await this.#client?.stop();
    this.#client = undefined;
    this.#report('stopped');
  }

  #connect(): void {
    const client = new OcsClient(
      clientOptionsOf(this.#options, fixedServer(this.#options.server)),
      {
        onConnected: (peer) => this.#ports.log.info('ocs.connected', { protocol: peer?.protocol ?? 'none' }),
        onSignedIn: ({ product, expires }) => {
          this.#signedInAt = this.#ports.clock.monotonic();
          this.#ports.log.info('ocs.signed-in', { product, expires });
          this.#report('connected');
        },
        onObservations: (observations, authoritative) => {
          if (this.#phase === 'running') this.#listener?.onObservations(observations, authoritative);
        },
        onLost: (uris, reason) => {
          if (this.#phase === 'running') this.#listener?.onLost(uris, reason);
        },
        onEnd: (error, retryAfterMs) => this.#onEnd(error, retryAfterMs),
      },
      {
        ...this.#ports,
        attempts: this.#attempts,
        count: (what, reason) => (what === 'document' ? this.#options.onRefused : this.#options.onDropped)?.(reason),
      },
    );
    this.#client = client;
    client.watch(this.#wanted);
    client.start();
  }

  #onEnd(error: BridgeError, retryAfterMs: number | undefined): void {
    if (this.#phase !== 'running') return;
    this.#client = undefined;
    const { clock, random, log } = this.#ports;
    if (this.#signedInAt !== undefined && clock.monotonic() - this.#signedInAt >= STABLE_MS) this.#failures = 0;
    this.#signedInAt = undefined;
    const limits = this.#options.backoff ?? DEFAULT_BACKOFF;
    const { state, delay } = reconnectAfter(error, this.#failures, random.unit(), limits, retryAfterMs);
    this.#failures += 1;
    log.warn('ocs.ended', { code: error.code, error: error.message, state, retryInMs: delay, ...error.details });
    this.#report(state, error, delay);
    if (delay !== undefined) this.#cancelRetry = clock.after(delay, () => this.#connect());
  }

  #report(state: LinkState, error?: BridgeError, retryInMs?: number): void {
    const now = this.#ports.clock.now();
    this.#listener?.onLink({
      state,
      since: now,
      ...(error === undefined ? {} : { error }),
      ...(retryInMs === undefined ? {} : { retryAt: now + retryInMs }),
    });
  }
}
