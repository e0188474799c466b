import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { BridgeError } from '../../../presence/errors.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Clock, Log } from '../../ports.js';
import type { BridgeStatus, PersonStatus } from '../../status.js';
import type { ViewFeed } from '../../view-ports.js';
import type { Grant } from '../grant.js';
import { Audience, encode, type RowOwners } from './audience.js';
import { errorMessage, parseClientMessage, type ViewLanguage, welcomeMessage } from './protocol.js';
import { CLOSE, type CloseCode, StreamClient } from './stream-client.js';
import type { StreamLimits } from './stream-limits.js';

export interface StreamHubOptions {
  readonly status: () => BridgeStatus;
  readonly people: () => readonly PersonStatus[];
  /** Without it a token with a person filter sees no rows. */
  readonly owners?: RowOwners | undefined;
  /** False once a grant was taken back or is over: its streams end. */
  readonly stands: (grant: Grant) => boolean;
  readonly views: ViewFeed;
  /** Language of `views`. */
  readonly language: ViewLanguage;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: StreamLimits;
}

/** What one client gets with one write. */
interface News {
  /** Changed rows or a whole view; when they are left out, the client needs a whole view later. */
  readonly rows?: Buffer | undefined;
  readonly others?: readonly Buffer[];
}

type DropReason = 'slow' | 'silent' | 'flood' | 'revoked';

const GOODBYE = 'the bridge stops';

/**
 * All open streams. Changes are collected for a tick; each message is made and serialised once, however many clients
 * get it; each client gets one write a tick.
 */
export class StreamHub {
  readonly #options: StreamHubOptions;
  readonly #clients = new Set<StreamClient>();
  readonly #stopListening: () => void;
  /** Rows changed since the last tick. */
  #changed = new Set<string>();
  /** By the key of their filter; one without streams goes with the next beat. */
  readonly #audiences = new Map<string, Audience>();
  #cancelTick: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  #lastTick = Number.NEGATIVE_INFINITY;
  #whenEmpty: (() => void) | undefined;
  #closing = false;

  constructor(options: StreamHubOptions) {
    this.#options = options;
    this.#stopListening = options.views.onChange((ids) => this.#noteChange(ids));
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Takes over a stream whose upgrade was granted. `connection` is the socket below it. */
  add(socket: WebSocket, connection: Duplex, grant: Grant): void {
    const { clock, metrics, views, language } = this.#options;
    const client: StreamClient = new StreamClient(
      { socket, connection, grant, now: clock.monotonic() },
      {
        onText: (text) => this.#guard(() => this.#receive(client, text)),
        onClose: () => this.#remove(client),
      },
    );
    this.#clients.add(client);
    metrics.set('stream_clients', this.#clients.size);
    if (this.#closing) {
      client.close(CLOSE.goingAway, GOODBYE);
      return;
    }
    this.#cancelBeat ??= clock.after(this.#options.limits.beat, () => this.#beat());
    this.#guard(() => {
      this.#send(client, {
        others: [encode(welcomeMessage(views, language)), this.#audienceOf(client).status()],
      });
    });
  }

  /** Says goodbye to all; resolves when the last one is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#stopListening();
    this.#cancelTick?.();
    this.#cancelBeat?.();
    for (const client of this.#clients) client.close(CLOSE.goingAway, GOODBYE);
    if (this.#clients.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  #receive(client: StreamClient, text: string): void {
    if (client.received > this.#options.limits.messages) {
      this.#drop(client, 'flood', CLOSE.policy);
      return;
    }
    const message = parseClientMessage(text);
    const known = message.ok && this.#options.views.views().some(({ id }) => id === message.value.view);
    if (message.ok && known) {
      client.view = message.value.view;
      this.#send(client, { rows: this.#viewOf(client) });
      return;
    }
    const reason = message.ok ? 'there is no such view' : message.reason;
    this.#send(client, { others: [encode(errorMessage(new BridgeError('API_BAD_REQUEST', reason)))] });
  }

  #noteChange(ids: ReadonlySet<string>): void {
    for (const audience of this.#audiences.values()) audience.forget();
    if (this.#clients.size === 0) return;
    for (const id of ids) this.#changed.add(id);
    const { clock, limits } = this.#options;
    // The first change after a quiet time leaves at once; under load the tick sets the pace.
    const delay = Math.max(0, this.#lastTick + limits.tick - clock.monotonic());
    this.#cancelTick ??= clock.after(delay, () => this.#tick());
  }

  #tick(): void {
    this.#cancelTick = undefined;
    this.#lastTick = this.#options.clock.monotonic();
    this.#guard(() => this.#flush());
  }

  #beat(): void {
    const { clock, limits } = this.#options;
    this.#cancelBeat = this.#clients.size === 0 ? undefined : clock.after(limits.beat, () => this.#beat());
    this.#endOver();
    this.#guard(() => this.#followRoster());
    this.#guard(() => this.#flush({ isBeat: true }));
    const now = clock.monotonic();
    for (const client of this.#clients) {
      if (client.received > limits.messages) this.#drop(client, 'flood', CLOSE.policy);
      else if (now - client.pingedAt < limits.ping) continue;
      else if (client.answeredPing) client.ping(now);
      else this.#drop(client, 'silent', 'terminate');
    }
  }

  /** One write to each client: the changed rows of its view and, when there is news, the status. */
  #flush({ isBeat = false } = {}): void {
    const changed = this.#changed;
    const others = onceEach((audience: Audience) => (audience.isNarrow && !isBeat ? [] : audience.statusNews()));
    const rows = onceEach((audience: Audience) => onceEach((view: string) => audience.rows(view, changed)));
    for (const client of this.#clients) {
      const audience = this.#audienceOf(client);
      const news = {
        rows: client.view === undefined ? undefined : rows(audience)(client.view),
        others: others(audience),
      };
      if (client.behind) this.#awaitCatchUp(client, news);
      else this.#send(client, news);
    }
    // Only now: should a view fail above, the next beat tries again with the same rows.
    this.#changed = new Set();
  }

  /** Ends streams whose token does not count any more. */
  #endOver(): void {
    for (const client of this.#clients) {
      if (!this.#options.stands(client.grant)) this.#drop(client, 'revoked', CLOSE.policy);
    }
  }

  /** A new roster may put rows inside a filter or outside without any row changing. */
  #followRoster(): void {
    const used = new Set([...this.#clients].map((client) => this.#audienceOf(client)));
    for (const [key, audience] of this.#audiences) {
      if (!used.has(audience)) this.#audiences.delete(key);
    }
    const moved = onceEach((audience: Audience) => audience.moved());
    for (const client of this.#clients) {
      if (client.view === undefined || !moved(this.#audienceOf(client)).has(client.view)) continue;
      if (client.behind) client.behind = { since: client.behind.since, rows: true };
      else this.#send(client, { rows: this.#viewOf(client) });
    }
  }

  #audienceOf({ grant }: StreamClient): Audience {
    const { key } = grant.filter;
    const known = this.#audiences.get(key);
    if (known !== undefined) return known;
    const audience = new Audience(grant, { ...this.#options, statusEvery: this.#options.limits.statusEvery });
    this.#audiences.set(key, audience);
    return audience;
  }

  /** Tells a client that has caught up how things are now; gives up on one that does not catch up. */
  #awaitCatchUp(client: StreamClient, missed: News): void {
    const { clock, limits } = this.#options;
    const { behind } = client;
    if (behind === undefined) return;
    const rows = behind.rows || missed.rows !== undefined;
    if (client.buffered === 0) {
      client.behind = undefined;
      const current = this.#audienceOf(client).status();
      this.#send(client, { rows: rows ? this.#viewOf(client) : undefined, others: [current] });
    } else if (clock.monotonic() - behind.since >= limits.behind) {
      this.#drop(client, 'slow', CLOSE.tryAgainLater);
    } else {
      client.behind = { since: behind.since, rows };
    }
  }

  #viewOf(client: StreamClient): Buffer | undefined {
    return client.view === undefined ? undefined : this.#audienceOf(client).view(client.view);
  }

  /** The only way out: nothing is added for a client that has not taken what it was sent before. */
  #send(client: StreamClient, { rows, others = [] }: News): void {
    const messages = rows ? [rows, ...others] : others;
    if (messages.length === 0) return;
    const { limits, metrics, clock } = this.#options;
    if (client.buffered > limits.buffered) {
      const since = client.behind?.since ?? clock.monotonic();
      client.behind = { since, rows: client.behind?.rows === true || rows !== undefined };
      return;
    }
    client.send(messages);
    metrics.inc('stream_messages_total', messages.length);
  }

  #drop(client: StreamClient, reason: DropReason, how: CloseCode | 'terminate'): void {
    this.#options.metrics.inc('stream_dropped_total', 1, { reason });
    this.#options.log.warn('stream.dropped', { reason, holder: client.grant.holder, buffered: client.buffered });
    this.#remove(client);
    if (how === 'terminate') client.terminate();
    else client.close(how, reason);
  }

  #remove(client: StreamClient): void {
    if (!this.#clients.delete(client)) return;
    this.#options.metrics.set('stream_clients', this.#clients.size);
    if (this.#clients.size > 0) return;
    this.#whenEmpty?.();
    this.#changed.clear();
  }

  /** A view that cannot be made must not end the process, nor the other streams. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#options.log.error('stream-failed', { error: BridgeError.from(thrown) });
    }
  }
}

/** The function with its answers kept. */
function onceEach<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, { readonly value: Value }>();
  return (key) => {
    const known = made.get(key) ?? { value: make(key) };
    made.set(key, known);
    return known.value;
  };
}
