import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { BridgeError } from '../../presence/errors.js';
import { type SipKey, sipKeyOf } from '../../presence/ids.js';
import type { AttemptStore } from '../auth/attempts.js';
import type { Handshake, HandshakeTurn } from '../auth/handshake.js';
import type { OcsTransport } from '../link/ocs-transport.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer, OcsCore } from './core.js';
import { type RegisterTerms, registerRequest } from './register-request.js';
import {
  newRegistrar,
  type RegistrarEffect,
  type RegistrarEvent,
  type RegistrarState,
  stepRegistrar,
} from './registrar.js';
import {
  challengesOf,
  clockSkewOf,
  diagnosticsOf,
  preferredRegistrarOf,
  type RegistrationFacts,
  registrationFactsOf,
  rejectionOf,
} from './registration-facts.js';
import type { RequestBudget } from './request-budget.js';

export interface RegistrationListener {
  onSignedIn(facts: RegistrationFacts): void;
  onFailed(error: BridgeError, retryAfterMs: number | undefined): void;
  onSignedOff(): void;
}

export interface RegistrationPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly attempts: AttemptStore;
  /** Refused passwords after which tries become rare. */
  readonly maxPasswordFailures?: number;
  readonly budget?: Pick<RequestBudget, 'spend'>;
}

export interface RegistrationWiring {
  readonly core: Pick<OcsCore, 'exchange'>;
  readonly transport: Pick<OcsTransport, 'begin' | 'establish' | 'abandon'>;
  readonly newHandshake: () => Handshake;
  /** Everything that a server could refuse, see `secretOf`. */
  readonly secret: string;
}

/** Kerberos fails at 300 s, so this leaves time to mend it. */
const SKEW_WARNING_S = 60;

/** Runs the registrar's decisions over one connection. */
export class Registration {
  readonly #terms: RegisterTerms;
  readonly #core: RegistrationWiring['core'];
  readonly #transport: RegistrationWiring['transport'];
  readonly #newHandshake: () => Handshake;
  readonly #listener: RegistrationListener;
  readonly #ports: RegistrationPorts;
  readonly #timers = new Map<'refresh' | 'renewal' | 'expiry', () => void>();
  readonly #key: SipKey;
  readonly #secret: string;
  #skewWarned = false;
  #state: RegistrarState;
  #handshake: Handshake | undefined;
  #sequence = 0;

  constructor(
    terms: RegisterTerms,
    wiring: RegistrationWiring,
    listener: RegistrationListener,
    ports: RegistrationPorts,
  ) {
    this.#terms = terms;
    this.#core = wiring.core;
    this.#transport = wiring.transport;
    this.#newHandshake = wiring.newHandshake;
    this.#listener = listener;
    this.#ports = ports;
    this.#key = sipKeyOf(terms.account);
    this.#secret = wiring.secret;
    this.#state = newRegistrar(ports.attempts.read(this.#key), ports.maxPasswordFailures);
  }

  start(): void {
    const { attempts, clock } = this.#ports;
    const before = attempts.read(this.#key);
    const secretChanged = before !== undefined && before.mark !== attempts.markOf(this.#secret);
    this.#feed({ type: 'start', now: clock.now(), secretChanged });
  }

  signOff(): void {
    this.#feed({ type: 'sign-off' });
  }

  /** Makes the server answer something, and keeps the registration. */
  refresh(): void {
    this.#feed({ type: 'refresh-due' });
  }

  /** The server does not know our association any more. */
  renew(): void {
    this.#feed({ type: 'renewal-due', forgotten: true });
  }

  /** True for notices about this registration (MS-SIPREGE 3.2.5). */
  owns(message: SipMessage): boolean {
    return message.callId === this.#terms.callId && message.event?.package === 'registration-notify';
  }

  /** The server ended the registration. */
  receive(notice: SipMessage): void {
    const cause = causeOf(notice.body);
    const targets = preferredRegistrarOf(notice);
    this.#feed({ type: 'deregistered', cause, diagnostics: diagnosticsOf(notice), targets });
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#abandon();
  }

  #feed(event: RegistrarEvent): void {
    const { state, effects } = stepRegistrar(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: RegistrarEffect): void {
    switch (effect.type) {
      case 'register':
        this.#register(effect.as);
        return;
      case 'establish':
        this.#transport.establish();
        this.#handshake = undefined;
        return;
      case 'arm':
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#ports.clock.after(effect.delay, () => this.#feed({ type: `${effect.timer}-due` })),
        );
        return;
      case 'disarm':
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        return;
      case 'count-failures':
        this.#count(effect.failures);
        return;
      case 'signed-in':
        this.#listener.onSignedIn(effect.registration);
        return;
      case 'failed':
        this.#listener.onFailed(effect.error, effect.retryAfterMs);
        return;
      case 'signed-off':
        this.#listener.onSignedOff();
        return;
    }
  }

  #register(as: 'new' | 'answer' | 'refresh' | 'sign-off'): void {
    if (as !== 'answer') this.#abandon();
    if (as === 'new') {
      this.#handshake = this.#newHandshake();
      this.#transport.begin(this.#handshake);
    }
    const draft = registerRequest(this.#terms, ++this.#sequence, as === 'sign-off' ? 'remove' : 'keep');
    this.#ports.budget?.spend();
    this.#core.exchange(draft, (answer) => this.#onAnswer(answer));
  }

  #abandon(): void {
    this.#handshake?.close();
    this.#handshake = undefined;
    this.#transport.abandon();
  }

  #count(failures: number): void {
    const { attempts, clock } = this.#ports;
    const record = { failures, at: clock.now(), mark: attempts.markOf(this.#secret) };
    attempts.write(this.#key, failures === 0 ? undefined : record);
  }

  #onAnswer(answer: Answer): void {
    if (answer === 'unsent') this.#feed({ type: 'unsent' });
    else if (answer === 'timeout') this.#feed({ type: 'unanswered' });
    else if (answer.status === 401 || answer.status === 407) this.#onChallenge(answer);
    else if (answer.status >= 300) this.#feed({ type: 'rejected', rejection: rejectionOf(answer) });
    else {
      const registration = registrationFactsOf(answer, this.#terms.instance);
      this.#feed({ type: 'accepted', registration, lifetimeMs: this.#handshake?.association?.lifetimeMs });
    }
  }

  #onChallenge(answer: SipMessage): void {
    const handshake = this.#handshake;
    if (handshake === undefined) {
      this.#feed({ type: 'challenged', outcome: 'expired' });
      return;
    }
    const skew = this.#skewIn(answer);
    const turn = handshake.receive(challengesOf(answer));
    if (turn instanceof Promise) {
      void turn.then((later) => {
        // Meanwhile the sign-in may have been given up.
        if (this.#handshake === handshake) this.#feed(this.#eventOf(later, skew));
      });
    } else {
      this.#feed(this.#eventOf(turn, skew));
    }
  }

  #skewIn(answer: SipMessage): { readonly skewSeconds?: number } {
    const skewSeconds = clockSkewOf(answer, this.#ports.clock.now());
    if (skewSeconds === undefined) return {};
    if (Math.abs(skewSeconds) >= SKEW_WARNING_S && !this.#skewWarned) {
      this.#skewWarned = true;
      this.#ports.log.warn('ocs.clock-skew', { seconds: skewSeconds });
    }
    return { skewSeconds };
  }

  #eventOf(turn: HandshakeTurn, skew: { readonly skewSeconds?: number }): RegistrarEvent {
    switch (turn.kind) {
      case 'unacceptable':
        return { type: 'unacceptable', reason: turn.reason };
      case 'failed':
        return { type: 'unproven', error: turn.error, ...skew };
      case 'refused':
        return { type: 'challenged', outcome: 'refused', ...skew, ...(turn.reason && { reason: turn.reason }) };
      case 'answer':
        if (turn.instead) this.#ports.log.warn('ocs.scheme-failed', { error: turn.instead.message });
        return { type: 'challenged', outcome: 'answer', ...skew };
    }
  }
}

/** Body of the notice (MS-SIPREGE 2.2.4): `deregistered;event=rejected`. */
function causeOf(body: Buffer): string {
  return /;\s*event\s*=\s*([\w-]{1,64})/i.exec(body.toString('latin1', 0, 1024))?.[1]?.toLowerCase() ?? 'unknown';
}
