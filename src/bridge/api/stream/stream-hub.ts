import { BridgeError } from '../../../presence/errors.js';
import type { Metrics } from '../../observe/metrics.js';
import type { Clock, Log, Messenger, Random } from '../../ports.js';
import type { BridgeStatus, PersonStatus } from '../../status.js';
import type { ViewFeed } from '../../view-ports.js';
import type { WatchedPeople } from '../../watched-ports.js';
import { ADMINISTRATOR, type Grant } from '../access/grant.js';
import type { RowOwners } from './audience.js';
import { type Frame, frameOf } from './frame.js';
import { IncomingTexts } from './incoming-texts.js';
import { PeopleStreams } from './people-streams.js';
import { errorMessage, parseClientMessage, type ViewLanguage, welcomeMessage } from './protocol.js';
import { StreamClient } from './stream-client.js';
import type { StreamLimits } from './stream-limits.js';
import type { SubscribeRequest } from './subscribe-request.js';
import { ViewStreams } from './view-streams.js';
import { CLOSE, type CloseCode, type Wire } from './wire.js';

export interface StreamHubOptions {
  readonly status: () => BridgeStatus;
  readonly people: () => readonly PersonStatus[];
  /** Without it nobody can be followed but in views. */
  readonly watched?: WatchedPeople | undefined;
  /** Without it nobody is told of instant messages. */
  readonly messages?: Pick<Messenger, 'onMessage'> | undefined;
  /** Without it a token with a person filter sees no rows. */
  readonly owners?: RowOwners | undefined;
  /** False once a grant was taken back or is over: its streams end. */
  readonly stands: (grant: Grant) => boolean;
  /** Throws `API_FORBIDDEN` unless the grant lets its holder be told of instant messages. */
  readonly demandMessages: (grant: Grant) => void;
  readonly views: ViewFeed;
  /** Language of `views`. */
  readonly language: ViewLanguage;
  /** How long statuses of people may be shown when nothing more is heard, milliseconds. */
  readonly freshMs: number;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly log: Log;
  readonly limits: StreamLimits;
}

type DropReason = 'slow' | 'silent' | 'flood' | 'revoked';

const GOODBYE = 'the bridge stops';

/** All open streams: who is there, who has to go, and which part of the bridge answers what they ask. */
export class StreamHub {
  readonly #options: StreamHubOptions;
  readonly #clients = new Set<StreamClient>();
  readonly #views: ViewStreams;
  readonly #people: PeopleStreams | undefined;
  readonly #texts: IncomingTexts | undefined;
  #cancelBeat: (() => void) | undefined;
  #whenEmpty: (() => void) | undefined;
  #closing = false;

  constructor(options: StreamHubOptions) {
    const { watched, messages, metrics } = options;
    const guard = (work: () => void): void => this.#guard(work);
    const send = (client: StreamClient, frames: readonly Frame[]): void => this.#send(client, frames);
    const sent = (count: number): void => this.#sent(count);
    this.#options = options;
    this.#views = new ViewStreams({
      ...options,
      clients: this.#clients,
      send,
      dropSlow: (client) => this.#drop(client, 'slow', CLOSE.tryAgainLater),
      guard,
    });
    this.#people = watched && new PeopleStreams({ ...options, watched, send, guard, sent });
    this.#texts =
      messages && new IncomingTexts({ messages, watched, metrics, send: (to, text) => this.#offer(to, text) });
  }

  /** Throws `API_BUSY` when there is no room for another stream of this grant. */
  admit({ holder }: Grant): void {
    const { clients, reserved } = this.#options.limits;
    // Applications may have filled it: somebody has to look.
    const room = holder === ADMINISTRATOR ? clients + reserved : clients;
    if (this.#clients.size < room) return;
    throw new BridgeError('API_BUSY', 'too many open streams', { details: { retryAfterSeconds: 30 } });
  }

  /** Takes over a stream of somebody who may have it, and welcomes it. */
  add(wire: Wire, grant: Grant, { views = false } = {}): StreamClient {
    const { clock, metrics, language, limits } = this.#options;
    const client: StreamClient = new StreamClient(
      { wire, grant, now: clock.monotonic() },
      {
        onText: (text) => this.#guard(() => this.#receive(client, text)),
        onDrain: () => this.#guard(() => this.#drained(client)),
        onClose: () => this.#remove(client),
      },
    );
    this.#clients.add(client);
    metrics.set('stream_clients', this.#clients.size);
    if (this.#closing) {
      client.close(CLOSE.goingAway, GOODBYE);
      return client;
    }
    this.#cancelBeat ??= clock.after(limits.beat, () => this.#beat());
    this.#guard(() => {
      if (views) this.#views.welcome(client, [frameOf(welcomeMessage(this.#options.views, language))], 'all');
      else this.#views.welcome(client, [], 'links');
    });
    return client;
  }

  /** The same for one that says nothing later; it ends when it cannot have what it asks for. */
  addFollower(wire: Wire, grant: Grant, request: SubscribeRequest): void {
    const client = this.add(wire, grant);
    this.#guard(() => {
      const refusal = this.#follow(client, request);
      if (refusal === undefined) return;
      this.#offer(client, frameOf(errorMessage(refusal)));
      client.close(CLOSE.tryAgainLater, refusal.code);
    });
  }

  /**
   * Follows people from now on, in place of those before. Throws `API_NOT_FOUND` where people cannot be followed,
   * `API_FORBIDDEN`, `API_BUSY`; what was followed then stays.
   */
  subscribe(client: StreamClient, { messages, cursor, ...subscription }: SubscribeRequest): void {
    const people = this.checked(client.grant, messages);
    people.subscribe(client, subscription, cursor);
    if (messages) this.#texts?.add(client);
    else this.#texts?.remove(client);
  }

  /** Throws what `subscribe` would throw whatever the people are. */
  checked(grant: Grant, messages: boolean): PeopleStreams {
    if (messages) this.#options.demandMessages(grant);
    if (this.#people !== undefined) return this.#people;
    throw new BridgeError('API_NOT_FOUND', 'people cannot be followed here');
  }

  /** Says goodbye to all; resolves when the last one is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#views.stop();
    this.#people?.stop();
    this.#cancelBeat?.();
    for (const client of [...this.#clients]) client.close(CLOSE.goingAway, GOODBYE);
    if (this.#clients.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  #receive(client: StreamClient, text: string): void {
    // What comes while the connection closes is late.
    if (!this.#clients.has(client)) return;
    if (client.received > this.#options.limits.messages) {
      this.#drop(client, 'flood', CLOSE.policy);
      return;
    }
    const refusal = this.#obey(client, text);
    if (refusal !== undefined) this.#offer(client, frameOf(errorMessage(refusal)));
  }

  #obey(client: StreamClient, text: string): BridgeError | undefined {
    const message = parseClientMessage(text);
    if (!message.ok) return new BridgeError('API_BAD_REQUEST', message.reason);
    if (message.value.type === 'watch') {
      const isView = this.#views.watch(client, message.value.view);
      return isView ? undefined : new BridgeError('API_BAD_REQUEST', 'there is no such view');
    }
    return this.#follow(client, message.value);
  }

  #follow(client: StreamClient, request: SubscribeRequest): BridgeError | undefined {
    try {
      this.subscribe(client, request);
      return undefined;
    } catch (thrown) {
      const error = BridgeError.from(thrown);
      if (!error.code.startsWith('API_')) throw error;
      return error;
    }
  }

  #drained(client: StreamClient): void {
    if (!this.#clients.has(client)) return;
    this.#views.drained(client);
    this.#people?.drained(client);
  }

  #beat(): void {
    const { clock, limits } = this.#options;
    this.#cancelBeat = this.#clients.size === 0 ? undefined : clock.after(limits.beat, () => this.#beat());
    this.#endOver();
    this.#views.beat();
    this.#guard(() => this.#people?.beat());
    const now = clock.monotonic();
    for (const client of this.#clients) {
      if (client.received > limits.messages) this.#drop(client, 'flood', CLOSE.policy);
      else if (now - (client.people?.waitingSince ?? now) >= limits.behind)
        this.#drop(client, 'slow', CLOSE.tryAgainLater);
      else if (now - client.pingedAt < limits.ping) continue;
      else if (client.answeredPing) client.ping(now);
      else this.#drop(client, 'silent', 'terminate');
    }
  }

  /** Ends streams whose token does not count any more. */
  #endOver(): void {
    for (const client of this.#clients) {
      if (!this.#options.stands(client.grant)) this.#drop(client, 'revoked', CLOSE.policy);
    }
  }

  /** For what is not worth waiting for: nothing for a client that has not taken what it was sent before. */
  #offer(client: StreamClient, frame: Frame): void {
    if (client.buffered <= this.#options.limits.buffered) this.#send(client, [frame]);
  }

  #send(client: StreamClient, frames: readonly Frame[]): void {
    client.send(frames);
    this.#sent(frames.length);
  }

  /** Once for all who get the same: a counter looks up its labels each time. */
  #sent(messages: number): void {
    this.#options.metrics.inc('stream_messages_total', messages);
  }

  #drop(client: StreamClient, reason: DropReason, how: CloseCode | 'terminate'): void {
    if (!this.#clients.has(client)) return;
    this.#options.metrics.inc('stream_dropped_total', 1, { reason });
    this.#options.log.warn('stream.dropped', { reason, holder: client.grant.holder, buffered: client.buffered });
    this.#remove(client);
    if (how === 'terminate') client.terminate();
    else client.close(how, reason);
  }

  #remove(client: StreamClient): void {
    if (!this.#clients.delete(client)) return;
    this.#people?.unsubscribe(client);
    this.#texts?.remove(client);
    this.#options.metrics.set('stream_clients', this.#clients.size);
    if (this.#clients.size > 0) return;
    this.#whenEmpty?.();
    this.#views.rest();
  }

  /** What fails for one must not end the process, nor the other streams. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#options.log.error('stream-failed', { error: BridgeError.from(thrown) });
    }
  }
}
