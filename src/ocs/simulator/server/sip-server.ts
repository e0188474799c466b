import type { SipUri } from '../../../presence/ids.js';
import type { SipMessage } from '../codec/message.js';
import { presenceList } from '../documents/presence-list.js';
import { carryOut } from '../faults/acts.js';
import type { ServerAct } from '../faults/fault.js';
import type { Home, ServerSettings } from '../options.js';
import { type Access, type PresenceChange, PresenceStore, type TruthListener } from '../presence/presence-store.js';
import type { SimulatedPresence } from '../presence/simulated-presence.js';
import { Accounts } from '../security/accounts.js';
import { Authenticator } from './authenticator.js';
import { ContactLists, type ServerContext } from './context.js';
import { type Counters, newCounters } from './counters.js';
import { type DeregistrationEvent, sendDeregistration } from './deregistration.js';
import { Dispatcher } from './dispatcher.js';
import { watchedDocument, watchedState } from './event-state.js';
import type { Link } from './link.js';
import { Notifier } from './notifier.js';
import { type Pool, Pools } from './pools.js';
import { type Binding, type GoneReason, Registrar } from './registrar.js';
import { Relay } from './relay.js';
import { Subscriptions } from './subscriptions.js';
import { Vias } from './vias.js';
import { poolFqdnFor } from './watching.js';

/** Which word an endpoint gets when the server removes it; those that are gone by themselves get none. */
const NOTICES: Readonly<Partial<Record<GoneReason, DeregistrationEvent>>> = {
  quota: 'unregistered',
  disabled: 'rejected',
  moved: 'deactivated',
};

/** The site without sockets: messages in, messages out through the links they came from. All pools share one presence. */
export class SipServer {
  readonly counters: Counters = newCounters();
  readonly #context: ServerContext;
  readonly #authenticators: ReadonlyMap<Pool, Authenticator>;
  readonly #relay: Relay;
  readonly #dispatcher: Dispatcher;
  /** People who changed while nobody could be told. */
  readonly #missed = new Set<SipUri>();

  constructor(settings: ServerSettings) {
    const accounts = new Accounts(settings.accounts);
    const subscriptions = new Subscriptions();
    const pools = new Pools(settings);
    const vias = new Vias(pools, settings.random);
    this.#context = {
      settings,
      pools,
      subscriptions,
      vias,
      conditions: { disabled: new Set(), userServicesDown: false },
      counters: this.counters,
      notifier: new Notifier(settings, subscriptions, vias, this.counters),
      contacts: new ContactLists(settings.limits.contacts),
      presence: new PresenceStore(settings.clock, settings.limits.publicationsPerUser, (change) =>
        this.#tellWatchers(change),
      ),
      registrar: new Registrar(settings, {
        onRegistered: (binding, isNew) => {
          if (isNew) this.#endpointCame(binding);
        },
        onGone: (binding, reason) => this.#endpointGone(binding, reason),
      }),
    };
    for (const { uri, displayName } of settings.accounts) this.#context.presence.add(uri, displayName);
    this.#authenticators = new Map(
      pools.all.map((pool) => [
        pool,
        new Authenticator({ ...settings, hostName: pool.hostName }, accounts, this.counters),
      ]),
    );
    this.#relay = new Relay(this.#context);
    this.#dispatcher = new Dispatcher(this.#context, (link) => this.#authenticatorOf(link), this.#relay);
  }

  get pools(): readonly Pool[] {
    return this.#context.pools.all;
  }

  /** To be called when a connection was accepted, before anything else: over which pool's port it came in. */
  connected(link: Link, pool: Pool): void {
    this.#context.pools.connect(link, pool);
  }

  receive(link: Link, message: SipMessage): void {
    this.#dispatcher.receive(link, message);
  }

  /** True once somebody signed in over this connection. */
  isSignedIn(link: Link): boolean {
    return this.#authenticatorOf(link).hasSession(link);
  }

  /** To be called when a connection is gone: all that was tied to it ends. */
  disconnected(link: Link): void {
    for (const session of this.#authenticatorOf(link).forget(link)) {
      this.#relay.forget(session);
      this.#context.subscriptions.removeAll(session);
      this.#context.registrar.remove(session, 'disconnected');
    }
  }

  setPerson(uri: SipUri, presence: SimulatedPresence): void {
    this.#context.presence.assign(uri, presence);
  }

  presenceOf(uri: SipUri): SimulatedPresence | undefined {
    return this.#context.presence.find(uri)?.presence();
  }

  onTruth(listener: TruthListener): () => void {
    return this.#context.presence.onTruth(listener);
  }

  /** Does what a fault or a scenario asks of the server, to endpoints of `user` or to all. */
  act(act: ServerAct, user: SipUri | undefined): void {
    carryOut(this.#context, act, user);
  }

  /** Ends the user's registrations, and refuses further requests until the account is enabled again. */
  setEnabled(user: SipUri, enabled: boolean): void {
    if (enabled) {
      this.#context.conditions.disabled.delete(user);
      return;
    }
    this.#context.conditions.disabled.add(user);
    this.#endAll(user, 'disabled');
  }

  /** Gives somebody another home. Their endpoints are sent away; watchers are told where to ask from now on. */
  movePerson(user: SipUri, home: Home): void {
    const { pools, subscriptions, notifier, settings } = this.#context;
    const before = pools.homeOf(user);
    pools.move(user, home);
    const after = pools.homeOf(user);
    if (before === after) return;
    this.#endAll(user, 'moved');
    for (const dialog of [...subscriptions.watchersOf(user)]) {
      if (dialog.form === 'single' || dialog.pool === after) continue;
      subscriptions.unwatch(dialog, user);
      const listed = { state: 'resubscribe', poolFqdn: poolFqdnFor(dialog, after) } as const;
      const list = presenceList(
        dialog.localUri,
        [{ uri: user, listed }],
        `----${settings.random.bytes(12).toString('hex')}`,
      );
      notifier.notify(dialog, list.type, list.body);
    }
  }

  /** Decides for a person what a watcher sees; known watchers are told at once (RLMI `pending`, or the new state). */
  setAccess(watched: SipUri, watcher: SipUri, access: Access): void {
    const { presence, subscriptions, notifier } = this.#context;
    const person = presence.find(watched) ?? presence.add(watched, '');
    presence.setAccess(person, watcher, access);
    presence.announceRights(person);
    if (access !== 'undecided') return;
    for (const dialog of subscriptions.watchersOf(watched)) {
      if (dialog.session.account.uri !== watcher || dialog.form !== 'list') continue;
      const verdict = { kind: 'watched', wanted: dialog.watched.get(watched) ?? new Set<string>() } as const;
      const { type, body } = watchedState(this.#context, dialog, new Map([[watched, verdict]]));
      notifier.notify(dialog, type, body);
    }
  }

  /** While down, SUBSCRIBE and SERVICE get 504 and nobody is told of changes; dialogs stay, and catch up afterwards. */
  setUserServicesDown(down: boolean): void {
    this.#context.conditions.userServicesDown = down;
    if (down) return;
    const missed = [...this.#missed];
    this.#missed.clear();
    for (const uri of missed) {
      const person = this.#context.presence.find(uri);
      if (person) this.#context.presence.announceRights(person);
    }
  }

  /** Stops all timers. */
  close(): void {
    for (const dialog of [...this.#context.subscriptions.all()]) this.#context.subscriptions.remove(dialog);
    this.#context.registrar.clear();
    this.#context.presence.clear();
    this.#relay.clear();
  }

  #authenticatorOf(link: Link): Authenticator {
    const authenticator = this.#authenticators.get(this.#context.pools.of(link));
    if (!authenticator) throw new Error('a connection belongs to a pool of another site');
    return authenticator;
  }

  #endAll(user: SipUri, reason: GoneReason): void {
    for (const { session } of this.#context.registrar.endpointsOf(user)) {
      this.#context.registrar.remove(session, reason);
    }
  }

  #tellWatchers({ person, categories }: PresenceChange): void {
    if (this.#context.conditions.userServicesDown) {
      this.#missed.add(person.uri);
      return;
    }
    for (const dialog of [...this.#context.subscriptions.watchersOf(person.uri)]) {
      if (person.undecided.has(dialog.session.account.uri)) continue;
      const wanted = [...(dialog.watched.get(person.uri) ?? [])].filter((category) => categories.has(category));
      if (wanted.length === 0) continue;
      const { type, body } = watchedDocument(person, dialog, wanted);
      this.#context.notifier.notify(dialog, type, body);
    }
  }

  #endpointCame(binding: Binding): void {
    const { account, endpoint, link } = binding.session;
    const { expires } = binding;
    const facts = { user: account.uri, endpoint, transport: link.transport, expires };
    this.#context.settings.log.debug('simulator.signed-in', facts);
    this.#countEndpoints(binding);
  }

  #countEndpoints({ session }: Binding, gone?: string): void {
    const { presence, registrar } = this.#context;
    const { uri, displayName } = session.account;
    const person = presence.find(uri) ?? presence.add(uri, displayName);
    presence.setEndpoints(person, registrar.endpointsOf(uri).length, gone);
  }

  #endpointGone(binding: Binding, reason: GoneReason): void {
    const { account, endpoint } = binding.session;
    this.#context.settings.log.debug('simulator.signed-off', { user: account.uri, endpoint, reason });
    const notice = NOTICES[reason];
    if (notice) sendDeregistration(this.#context, binding, notice);
    this.#context.subscriptions.removeAll(binding.session);
    // An endpoint that came back over another connection keeps what it published; its new binding follows at once.
    if (reason !== 'replaced') this.#countEndpoints(binding, binding.session.endpoint);
  }
}
