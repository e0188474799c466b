import type { Clock } from '../../ports.js';
import type { ViewFeed } from '../../view-ports.js';
import { Audience, type AudienceOptions, type StatusInterest } from './audience.js';
import type { Frame } from './frame.js';
import type { StreamClient } from './stream-client.js';
import type { StreamLimits } from './stream-limits.js';
import { Ticker } from './ticker.js';

export interface ViewStreamsOptions extends Omit<AudienceOptions, 'statusEvery'> {
  readonly views: ViewFeed;
  readonly clock: Clock;
  readonly limits: StreamLimits;
  /** All open streams. */
  readonly clients: ReadonlySet<StreamClient>;
  readonly send: (client: StreamClient, frames: readonly Frame[]) => void;
  /** It does not catch up. */
  readonly dropSlow: (client: StreamClient) => void;
  /** Runs work whose failure must not end the process. */
  readonly guard: (work: () => void) => void;
}

/** What one client gets with one write. */
interface News {
  /** Changed rows or a whole view; when they are left out, the client needs a whole view later. */
  readonly rows?: Frame | undefined;
  readonly others?: readonly Frame[];
}

/**
 * Views and the bridge's status in all streams. Changes are collected for a tick; each message is made and serialised
 * once, however many clients get it; each client gets one write a tick.
 */
export class ViewStreams {
  readonly #options: ViewStreamsOptions;
  readonly #ticker: Ticker;
  readonly #stopListening: () => void;
  /** Rows changed since the last tick. */
  #changed = new Set<string>();
  /** By the key of their filter; one without streams goes with the next beat. */
  readonly #audiences = new Map<string, Audience>();

  constructor(options: ViewStreamsOptions) {
    const { clock, limits, guard } = options;
    this.#options = options;
    this.#ticker = new Ticker(clock, limits.tick, () => guard(() => this.#flush()));
    this.#stopListening = options.views.onChange((ids) => this.#noteChange(ids));
  }

  /** The first messages of a stream: `before`, and the status. */
  welcome(client: StreamClient, before: readonly Frame[], interest: StatusInterest): void {
    this.#send(client, { others: [...before, this.#audienceOf(client).status(interest)] });
  }

  /** False when there is no such view. */
  watch(client: StreamClient, view: string): boolean {
    if (!this.#options.views.views().some(({ id }) => id === view)) return false;
    client.view = view;
    this.#send(client, { rows: this.#viewOf(client) });
    return true;
  }

  /** Sends what is due, and follows the roster. To be called every second. */
  beat(): void {
    this.#options.guard(() => this.#followRoster());
    this.#options.guard(() => this.#flush({ isBeat: true }));
  }

  /** A client has taken all that it was sent: who missed something gets it now. */
  drained(client: StreamClient): void {
    if (client.behind !== undefined) this.#awaitCatchUp(client, {});
  }

  /** The last stream ended. */
  rest(): void {
    this.#changed.clear();
  }

  stop(): void {
    this.#stopListening();
    this.#ticker.stop();
  }

  #noteChange(ids: ReadonlySet<string>): void {
    for (const audience of this.#audiences.values()) audience.forget();
    if (this.#options.clients.size === 0) return;
    for (const id of ids) this.#changed.add(id);
    this.#ticker.wish();
  }

  /** One write to each client: the changed rows of its view and, when there is news, the status. */
  #flush({ isBeat = false } = {}): void {
    const changed = this.#changed;
    const all = onceEach((audience: Audience) => (audience.isNarrow && !isBeat ? [] : audience.statusNews('all')));
    const links = onceEach((audience: Audience) => (isBeat ? audience.statusNews('links') : []));
    const rows = onceEach((audience: Audience) => onceEach((view: string) => audience.rows(view, changed)));
    for (const client of this.#options.clients) {
      const audience = this.#audienceOf(client);
      const news = {
        rows: client.view === undefined ? undefined : rows(audience)(client.view),
        others: interestOf(client) === 'links' ? links(audience) : all(audience),
      };
      if (client.behind) this.#awaitCatchUp(client, news);
      else this.#send(client, news);
    }
    // Only now: should a view fail above, the next beat tries again with the same rows.
    this.#changed = new Set();
  }

  /** A new roster may put rows inside a filter or outside without any row changing. */
  #followRoster(): void {
    const { clients } = this.#options;
    const used = new Set([...clients].map((client) => this.#audienceOf(client)));
    for (const [key, audience] of this.#audiences) {
      if (!used.has(audience)) this.#audiences.delete(key);
    }
    const moved = onceEach((audience: Audience) => audience.moved());
    for (const client of clients) {
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
    const { clock, limits, dropSlow } = this.#options;
    const { behind } = client;
    if (behind === undefined) return;
    const rows = behind.rows || missed.rows !== undefined;
    if (client.buffered === 0) {
      client.behind = undefined;
      const current = this.#audienceOf(client).status(interestOf(client));
      this.#send(client, { rows: rows ? this.#viewOf(client) : undefined, others: [current] });
    } else if (clock.monotonic() - behind.since >= limits.behind) {
      dropSlow(client);
    } else {
      client.behind = { since: behind.since, rows };
    }
  }

  #viewOf(client: StreamClient): Frame | undefined {
    return client.view === undefined ? undefined : this.#audienceOf(client).view(client.view);
  }

  /** Nothing is added for a client that has not taken what it was sent before. */
  #send(client: StreamClient, { rows, others = [] }: News): void {
    const frames = rows ? [rows, ...others] : others;
    if (frames.length === 0) return;
    const { limits, send, clock } = this.#options;
    if (client.buffered > limits.buffered) {
      const since = client.behind?.since ?? clock.monotonic();
      client.behind = { since, rows: client.behind?.rows === true || rows !== undefined };
      return;
    }
    send(client, frames);
  }
}

function interestOf({ view, people }: StreamClient): StatusInterest {
  return view === undefined && people !== undefined ? 'links' : 'all';
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
