import { BridgeError } from '../../../presence/errors.js';
import type { SipUri } from '../../../presence/ids.js';
import type { Clock, Random } from '../../ports.js';
import type { BridgeStatus } from '../../status.js';
import type { WatchedPeople } from '../../watched-ports.js';
import type { Grant } from '../access/grant.js';
import { type Doubt, doubtOf } from '../people/person-answer.js';
import { Cursors } from './cursor.js';
import { DueWork } from './due-work.js';
import { Followers } from './followers.js';
import type { Frame } from './frame.js';
import { tellInStep } from './in-step.js';
import { PeopleGroup } from './people-group.js';
import { PeopleJournal } from './people-journal.js';
import { PeopleReader, type ReaderPace } from './people-reader.js';
import { PersonTexts } from './person-texts.js';
import type { StreamClient } from './stream-client.js';
import type { StreamLimits } from './stream-limits.js';
import { groupKeyOf, Resolver, type Subscription } from './subscription.js';
import { Ticker } from './ticker.js';

export interface PeopleStreamsOptions {
  readonly watched: WatchedPeople;
  readonly status: () => Pick<BridgeStatus, 'role' | 'ocs'>;
  /** How long statuses may be shown when nothing more is heard, milliseconds. */
  readonly freshMs: number;
  readonly random: Pick<Random, 'bytes'>;
  readonly clock: Clock;
  readonly limits: StreamLimits;
  readonly send: (client: StreamClient, frames: readonly Frame[]) => void;
  /** Counts messages that were sent to clients without `send`. */
  readonly sent: (messages: number) => void;
  /** Runs work whose failure must not end the process. */
  readonly guard: (work: () => void) => void;
}

/** Streams that follow the same. */
interface Group {
  readonly key: string;
  readonly grant: Grant;
  readonly subscription: Subscription;
  readonly messages: PeopleGroup;
  readonly clients: Set<StreamClient>;
}

/**
 * People in all streams: who is followed by whom, and what they are told. Begins to listen with the first subscription,
 * and goes on, so that whoever comes back later can be told what changed.
 */
export class PeopleStreams {
  readonly #options: PeopleStreamsOptions;
  readonly #journal = new PeopleJournal();
  readonly #cursors: Cursors;
  readonly #texts: PersonTexts;
  readonly #ticker: Ticker;
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<StreamClient, Group>();
  readonly #followers = new Followers<Group>();
  /** Groups with changes that were not told yet. */
  readonly #changed = new Set<Group>();
  #revision: number | undefined;
  /** Groups that were not looked up in this roster yet. They are told nothing: somebody may have left their filter. */
  readonly #unresolved: DueWork<Group>;
  /** By filter, of this roster. */
  readonly #resolvers = new Map<string, Resolver>();
  #doubt: Doubt;
  #stopListening: (() => void) | undefined;

  constructor(options: PeopleStreamsOptions) {
    this.#options = options;
    this.#cursors = new Cursors(options.random);
    this.#doubt = doubtOf(options.status());
    this.#texts = new PersonTexts({
      journal: this.#journal,
      person: (uri) => options.watched.byAddress(uri),
      doubt: () => this.#doubt,
    });
    const { clock, limits, guard } = options;
    this.#ticker = new Ticker(clock, limits.tick, () => guard(() => this.#flush()));
    this.#unresolved = new DueWork({
      clock,
      most: limits.slice,
      work: (group) => this.#resolve(group),
      onTurn: () => guard(() => this.#resolveMore()),
    });
  }

  get groups(): number {
    return this.#groups.size;
  }

  /** Throws `API_BUSY` when there is no room; the client then follows what it followed before. */
  subscribe(client: StreamClient, subscription: Subscription, cursor: string | undefined): void {
    this.#stopListening ??= this.#options.watched.onPresence((uris) => this.#note(uris));
    this.#followNow();
    const group = this.#groupFor(client, subscription);
    if (this.#unresolved.doNow(group)) this.#ticker.wish();
    this.unsubscribe(client, group);
    group.clients.add(client);
    this.#groupOf.set(client, group);
    client.people = new PeopleReader(cursor === undefined ? undefined : group.messages.resumedAt(cursor));
    this.#pump(client);
  }

  /** It follows nobody any more. `next` is the group that it is about to join. */
  unsubscribe(client: StreamClient, next?: Group): void {
    const group = this.#groupOf.get(client);
    if (group === undefined) return;
    this.#groupOf.delete(client);
    client.people = undefined;
    group.clients.delete(client);
    if (group.clients.size > 0 || group === next) return;
    this.#groups.delete(group.key);
    this.#changed.delete(group);
    this.#unresolved.remove(group);
    this.#followers.leave(group, group.messages.members);
    if (this.#groups.size === 0) this.#texts.forget();
  }

  /** To be called every second: roster, lists and state of the bridge may have changed, and readers may have caught up. */
  beat(): void {
    if (this.#groups.size === 0) return;
    for (const { messages } of this.#groups.values()) messages.forget();
    this.#resolveMore();
    const pace = this.#pace();
    for (const client of this.#groupOf.keys()) this.#pump(client, pace);
  }

  /** Gives a client what it may get now. */
  drained(client: StreamClient): void {
    if (!this.#groupOf.has(client)) return;
    // Of whom it may know may have changed since the last part of its snapshot.
    if (this.#options.watched.revision() !== this.#revision) this.#followNow();
    this.#pump(client);
  }

  stop(): void {
    this.#ticker.stop();
    this.#unresolved.stop();
    this.#stopListening?.();
  }

  #note(uris: Iterable<SipUri>): void {
    this.#journal.note(uris);
    if (this.#tell(uris)) this.#ticker.wish();
  }

  /** Notes it with the groups that hold them; true when there are any. */
  #tell(uris: Iterable<SipUri>): boolean {
    for (const uri of uris) {
      for (const group of this.#followers.of(uri)) {
        group.messages.note(uri);
        this.#changed.add(group);
      }
    }
    return this.#changed.size > 0;
  }

  #flush(): void {
    // Who left a filter since must not be told of any more.
    this.#follow();
    this.#tellChanged();
  }

  #tellChanged(): void {
    const pace = this.#pace();
    for (const group of this.#changed) {
      if (this.#unresolved.has(group)) continue;
      const { clients, messages } = group;
      this.#options.sent(tellInStep(clients, messages, pace, (client) => this.#pump(client, pace)));
      messages.settle();
      this.#changed.delete(group);
    }
  }

  /** Takes roster, lists and what is doubted as they are now. */
  #follow(): void {
    const { watched, status } = this.#options;
    const doubt = doubtOf(status());
    const revision = watched.revision();
    if (revision !== this.#revision) {
      this.#revision = revision;
      // Of people who left nothing is kept.
      this.#texts.forget();
      this.#tell(this.#journal.follow(watched.all()));
      this.#resolvers.clear();
      this.#unresolved.add(this.#groups.values());
      this.#resolveSlice();
    }
    if (doubt !== this.#doubt) {
      this.#doubt = doubt;
      const unconfirmed = watched.all().filter(({ observedAt }) => observedAt === undefined);
      const uris = unconfirmed.map(({ uri }) => uri);
      this.#journal.note(uris);
      this.#tell(uris);
    }
  }

  /** The same between two ticks; others are told with the next one. */
  #followNow(): void {
    this.#follow();
    if (this.#changed.size > 0) this.#ticker.wish();
  }

  /** The next slice, of the newest roster. */
  #resolveMore(): void {
    const before = this.#revision;
    this.#follow();
    if (this.#revision === before) this.#resolveSlice();
    this.#tellChanged();
  }

  #resolveSlice(): void {
    this.#unresolved.go();
    if (this.#unresolved.isDone) this.#resolvers.clear();
  }

  /** Gives how many names and members that were. */
  #resolve(group: Group): number {
    const { grant, subscription, messages } = group;
    const { members: before } = messages;
    const meaning = this.#resolverOf(grant).meaningOf(subscription);
    if (messages.follow(meaning)) {
      this.#followers.leave(group, before);
      this.#followers.join(group, messages.members);
      for (const client of group.clients) client.people?.beginAnew();
      this.#changed.add(group);
    }
    return subscription.people.length + meaning.members.length;
  }

  #resolverOf(grant: Grant): Resolver {
    const { key } = grant.filter;
    const resolver = this.#resolvers.get(key) ?? new Resolver(this.#options.watched, grant);
    this.#resolvers.set(key, resolver);
    return resolver;
  }

  #groupFor({ grant }: StreamClient, subscription: Subscription): Group {
    const key = groupKeyOf(subscription, grant);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const { watched, limits, clock, freshMs } = this.#options;
    const meaning = new Resolver(watched, grant).meaningOf(subscription);
    const memberships = this.#followers.memberships + meaning.members.length;
    if (this.#groups.size >= limits.groups || memberships > limits.memberships) {
      throw new BridgeError('API_BUSY', 'too many different subscriptions are open');
    }
    const messages = new PeopleGroup(meaning, subscription.words, {
      journal: this.#journal,
      texts: this.#texts,
      cursors: this.#cursors,
      now: () => clock.now(),
      freshMs,
      part: limits.part,
      changes: limits.changes,
    });
    const group: Group = { key, grant, subscription, messages, clients: new Set() };
    this.#groups.set(key, group);
    this.#followers.join(group, messages.members);
    return group;
  }

  #pace(): ReaderPace {
    const { limits, clock } = this.#options;
    return { sequence: this.#journal.sequence, now: clock.monotonic(), limit: limits.buffered };
  }

  #pump(client: StreamClient, pace = this.#pace()): void {
    const group = this.#groupOf.get(client);
    if (group === undefined) return;
    if (this.#unresolved.has(group)) {
      this.#changed.add(group);
      return;
    }
    const { messages } = group;
    for (;;) {
      const frame = client.people?.next(messages, client.buffered, pace);
      if (frame === undefined) return;
      this.#options.send(client, [frame]);
      if (!client.people?.lacks(messages)) return;
    }
  }
}
