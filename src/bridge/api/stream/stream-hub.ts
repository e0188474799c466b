import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { BridgeError } from '../../../presence/errors.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Clock, Log } from '../../ports.js';
import type { BridgeStatus } from '../../status.js';
import type { ViewFeed } from '../../view-ports.js';
import type { Grant } from '../grant.js';
import {
  errorMessage,
  parseClientMessage,
  rowsMessage,
  type ServerMessage,
  statusMessage,
  type ViewLanguage,
  viewMessage,
  welcomeMessage,
} from './protocol.js';
import { CLOSE, type CloseCode, StreamClient } from './stream-client.js';
import type { StreamLimits } from './stream-limits.js';

export interface StreamHubOptions {
  readonly status: () => BridgeStatus;
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
  /** Serialised views as they are now; emptied by every change. */
  readonly #snapshots = new Map<string, Buffer>();
  #cancelTick: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  #lastTick = Number.NEGATIVE_INFINITY;
  #sentStatus = '';
  #sentStatusAt = Number.NEGATIVE_INFINITY;
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
    const { clock, metrics, status, views, language } = this.#options;
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
        others: [encode(welcomeMessage(views, language)), Buffer.from(statusMessage(status(), clock.now()))],
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
    this.#snapshots.clear();
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
    this.#guard(() => this.#flush());
    const now = clock.monotonic();
    for (const client of this.#clients) {
      if (client.received > limits.messages) this.#drop(client, 'flood', CLOSE.policy);
      else if (now - client.pingedAt < limits.ping) continue;
      else if (client.answeredPing) client.ping(now);
      else this.#drop(client, 'silent', 'terminate');
    }
  }

  /** One write to each client: the changed rows of its view and, when there is news, the status. */
  #flush(): void {
    const changed = this.#changed;
    const others = this.#statusNews();
    const rows = new Map<string, Buffer | undefined>();
    const rowsOf = (view: string): Buffer | undefined => {
      if (changed.size === 0) return undefined;
      if (!rows.has(view)) {
        const message = rowsMessage(this.#options.views, view, changed);
        rows.set(view, message && encode(message));
      }
      return rows.get(view);
    };
    for (const client of this.#clients) {
      const news = { rows: client.view === undefined ? undefined : rowsOf(client.view), others };
      if (client.behind) this.#awaitCatchUp(client, news);
      else this.#send(client, news);
    }
    // Only now: should a view fail above, the next beat tries again with the same rows.
    this.#changed = new Set();
  }

  /** The status when it changed or was silent for long, else nothing. */
  #statusNews(): readonly Buffer[] {
    const { status, clock, limits } = this.#options;
    const current = status();
    const compared = statusMessage(current, 0);
    const due = clock.monotonic() - this.#sentStatusAt >= limits.statusEvery;
    if (compared === this.#sentStatus && !due) return [];
    this.#sentStatus = compared;
    this.#sentStatusAt = clock.monotonic();
    return [Buffer.from(statusMessage(current, clock.now()))];
  }

  /** Tells a client that has caught up how things are now; gives up on one that does not catch up. */
  #awaitCatchUp(client: StreamClient, missed: News): void {
    const { clock, limits, status } = this.#options;
    const { behind } = client;
    if (behind === undefined) return;
    const rows = behind.rows || missed.rows !== undefined;
    if (client.buffered === 0) {
      client.behind = undefined;
      const current = Buffer.from(statusMessage(status(), clock.now()));
      this.#send(client, { rows: rows ? this.#viewOf(client) : undefined, others: [current] });
    } else if (clock.monotonic() - behind.since >= limits.behind) {
      this.#drop(client, 'slow', CLOSE.tryAgainLater);
    } else {
      client.behind = { since: behind.since, rows };
    }
  }

  /** The client's view as it is now; serialised once for all who ask before the next change. */
  #viewOf({ view }: StreamClient): Buffer | undefined {
    if (view === undefined) return undefined;
    const known = this.#snapshots.get(view);
    if (known) return known;
    const message = viewMessage(this.#options.views, view);
    if (message === undefined) return undefined;
    const snapshot = encode(message);
    this.#snapshots.set(view, snapshot);
    return snapshot;
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

  #drop(client: StreamClient, reason: 'slow' | 'silent' | 'flood', how: CloseCode | 'terminate'): void {
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

function encode(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}
