import type { SipUri } from '../../../presence/ids.js';
import type { SipMessage } from '../codec/message.js';
import { CATEGORIES_TYPE } from '../documents/categories.js';
import { carryOut } from '../faults/acts.js';
import type { ServerAct } from '../faults/fault.js';
import type { ServerSettings } from '../options.js';
import { type PresenceChange, PresenceStore, type TruthListener } from '../presence/presence-store.js';
import type { SimulatedPresence } from '../presence/simulated-presence.js';
import { Accounts } from '../security/accounts.js';
import { Authenticator } from './authenticator.js';
import { ContactLists, type ServerContext } from './context.js';
import { type Counters, newCounters } from './counters.js';
import { sendDeregistration } from './deregistration.js';
import { Dispatcher } from './dispatcher.js';
import { watchedDocument } from './event-state.js';
import type { Link } from './link.js';
import { Notifier } from './notifier.js';
import { type Binding, type GoneReason, Registrar } from './registrar.js';
import { Relay } from './relay.js';
import { Subscriptions } from './subscriptions.js';
import { Vias } from './vias.js';

/** The server without sockets: messages in, messages out through the links they came from. */
export class SipServer {
  readonly counters: Counters = newCounters();
  readonly #context: ServerContext;
  readonly #authenticator: Authenticator;
  readonly #relay: Relay;
  readonly #dispatcher: Dispatcher;

  constructor(settings: ServerSettings) {
    const accounts = new Accounts(settings.accounts);
    const subscriptions = new Subscriptions();
    const vias = new Vias(settings.hostName, settings.random);
    this.#context = {
      settings,
      subscriptions,
      vias,
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
    this.#authenticator = new Authenticator(settings, accounts, this.counters);
    this.#relay = new Relay(this.#context);
    this.#dispatcher = new Dispatcher(this.#context, this.#authenticator, this.#relay);
  }

  receive(link: Link, message: SipMessage): void {
    this.#dispatcher.receive(link, message);
  }

  /** True once somebody signed in over this connection. */
  isSignedIn(link: Link): boolean {
    return this.#authenticator.hasSession(link);
  }

  /** To be called when a connection is gone: all that was tied to it ends. */
  disconnected(link: Link): void {
    for (const session of this.#authenticator.forget(link)) {
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

  /** Stops all timers. */
  close(): void {
    for (const dialog of [...this.#context.subscriptions.all()]) this.#context.subscriptions.remove(dialog);
    this.#context.registrar.clear();
    this.#relay.clear();
  }

  #tellWatchers({ person, categories }: PresenceChange): void {
    for (const dialog of this.#context.subscriptions.watchersOf(person.uri)) {
      const wanted = [...(dialog.watched.get(person.uri) ?? [])].filter((category) => categories.has(category));
      if (wanted.length === 0) continue;
      const body = watchedDocument(person, dialog.session.account.uri, wanted);
      this.#context.notifier.notify(dialog, CATEGORIES_TYPE, body);
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
    if (reason === 'quota') sendDeregistration(this.#context, binding);
    this.#context.subscriptions.removeAll(binding.session);
    // An endpoint that came back over another connection keeps what it published; its new binding follows at once.
    if (reason !== 'replaced') this.#countEndpoints(binding, binding.session.endpoint);
  }
}
