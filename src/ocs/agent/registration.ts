import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { BridgeError } from '../../presence/errors.js';
import type { AttemptStore } from '../auth/attempts.js';
import type { Handshake } from '../auth/handshake.js';
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
  /** Refused passwords after which no further try is made. */
  readonly maxPasswordFailures?: number;
}

/** Runs the registrar's decisions over one connection. */
export class Registration {
  readonly #terms: RegisterTerms;
  readonly #core: OcsCore;
  readonly #transport: OcsTransport;
  readonly #newHandshake: () => Handshake;
  readonly #listener: RegistrationListener;
  readonly #ports: RegistrationPorts;
  readonly #timers = new Map<'refresh' | 'renewal', () => void>();
  #state: RegistrarState;
  #handshake: Handshake | undefined;
  #sequence = 0;

  constructor(
    terms: RegisterTerms,
    wiring: { readonly core: OcsCore; readonly transport: OcsTransport; readonly newHandshake: () => Handshake },
    listener: RegistrationListener,
    ports: RegistrationPorts,
  ) {
    this.#terms = terms;
    this.#core = wiring.core;
    this.#transport = wiring.transport;
    this.#newHandshake = wiring.newHandshake;
    this.#listener = listener;
    this.#ports = ports;
    this.#state = newRegistrar(ports.attempts.read(), ports.maxPasswordFailures);
  }

  start(): void {
    this.#feed({ type: 'start' });
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
    this.#feed({ type: 'renewal-due' });
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
      case 'count-failures':
        this.#ports.attempts.write(effect.failures);
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
    if (as === 'new') {
      this.#handshake = this.#newHandshake();
      this.#transport.begin(this.#handshake);
    } else if (as !== 'answer') {
      this.#handshake = undefined;
      this.#transport.abandon();
    }
    const draft = registerRequest(this.#terms, ++this.#sequence, as === 'sign-off' ? 'remove' : 'keep');
    this.#core.exchange(draft, (answer) => this.#onAnswer(answer));
  }

  #onAnswer(answer: Answer): void {
    this.#feed(this.#eventOf(answer));
  }

  #eventOf(answer: Answer): RegistrarEvent {
    if (answer === 'unsent') return { type: 'unsent' };
    if (answer === 'timeout') return { type: 'unanswered' };
    if (answer.status === 401 || answer.status === 407) return this.#challengeIn(answer);
    if (answer.status >= 300) return { type: 'rejected', rejection: rejectionOf(answer) };
    return { type: 'accepted', registration: registrationFactsOf(answer, this.#terms.instance) };
  }

  #challengeIn(answer: SipMessage): RegistrarEvent {
    if (this.#handshake === undefined) return { type: 'challenged', outcome: 'expired' };
    const turn = this.#handshake.receive(challengesOf(answer));
    if (turn.kind === 'unacceptable') return { type: 'unacceptable', reason: turn.reason };
    const skew = clockSkewOf(answer, this.#ports.clock.now());
    return { type: 'challenged', outcome: turn.kind, ...(skew === undefined ? {} : { skewSeconds: skew }) };
  }
}

/** Body of the notice (MS-SIPREGE 2.2.4): `deregistered;event=rejected`. */
function causeOf(body: Buffer): string {
  return /;\s*event\s*=\s*([\w-]{1,64})/i.exec(body.toString('latin1', 0, 1024))?.[1]?.toLowerCase() ?? 'unknown';
}
