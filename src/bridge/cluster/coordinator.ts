import { BridgeError } from '../../presence/errors.js';
import type { Coordinator, LeaseStore, Role } from '../lease-ports.js';
import type { Clock, Log, Random } from '../ports.js';
import { step } from './lease.js';
import { leaseTimes } from './lease-times.js';
import { createLeaseState, type LeaseEffect, type LeaseEvent, type LeaseState, mayWrite } from './lease-vocabulary.js';

export interface LeaseCoordinatorOptions {
  /** Identity of this process, stable over its restarts. */
  readonly instance: string;
  /** Where it runs, for people who read it in the other bridge's status. */
  readonly instanceName: string;
  /** How long the lease counts without a renewal, milliseconds. */
  readonly durationMs: number;
}

export interface LeaseCoordinatorPorts {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const STOP_BUDGET_MS = 2_000;
/** Calls that nobody answered and nobody waits for any more: beyond that, no new one is made. */
const MAX_UNANSWERED = 4;

/** Competes for the lease in a database: several bridges of one name, of which one writes. */
export function leaseCoordinator(options: LeaseCoordinatorOptions, ports: LeaseCoordinatorPorts): Coordinator {
  return new LeaseCoordinator(options, ports);
}

class LeaseCoordinator implements Coordinator {
  readonly #state: LeaseState;
  readonly #ports: LeaseCoordinatorPorts;
  #onRole: (role: Role) => void = () => undefined;
  #cancelTimer: () => void = () => undefined;
  #unanswered = 0;
  #hasTrouble = false;
  /** Wall clock when the last write was sent, and when the last one was that gave a right. */
  #sentAt = 0;
  #renewedAt = 0;
  #stopped: Promise<void> | undefined;
  #resolveStop: () => void = () => undefined;

  constructor({ instance, instanceName, durationMs }: LeaseCoordinatorOptions, ports: LeaseCoordinatorPorts) {
    const times = leaseTimes(durationMs, ports.random.unit());
    const { isConditional } = ports.store;
    this.#state = createLeaseState({ instance, instanceName, isConditional, times });
    this.#ports = ports;
  }

  start(onRole: (role: Role) => void): void {
    this.#onRole = onRole;
    this.#handle({ type: 'start' });
  }

  mayWrite(): boolean {
    const { clock } = this.#ports;
    // A machine that slept: its monotonic clock may have slept too, its wall clock did not.
    const byWallClock = clock.now() - this.#renewedAt;
    return mayWrite(this.#state, clock.monotonic()) && byWallClock < this.#state.terms.times.fence;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const { clock, log } = this.#ports;
    const ended = new Promise<'ended'>((resolve) => {
      this.#resolveStop = () => resolve('ended');
    });
    let cancel = (): void => undefined;
    const late = new Promise<'late'>((resolve) => {
      cancel = clock.after(STOP_BUDGET_MS, () => resolve('late'));
    });
    this.#handle({ type: 'stop' });
    const outcome = await Promise.race([ended, late]);
    cancel();
    this.#cancelTimer();
    this.#state.phase = 'stopped';
    if (outcome === 'late') log.warn('lease.not-released', { waitedMs: STOP_BUDGET_MS });
  }

  #handle(event: LeaseEvent): void {
    const { fenceAt } = this.#state;
    const { effects } = step(this.#state, event, this.#ports.clock.monotonic());
    if (this.#state.fenceAt > fenceAt) this.#renewedAt = this.#sentAt;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: LeaseEffect): void {
    const { store, clock } = this.#ports;
    switch (effect.type) {
      case 'read':
        this.#call(effect.call, async () => ({ type: 'read', call: effect.call, found: await store.read() }));
        return;
      case 'write': {
        const { call, lease, expected } = effect;
        this.#sentAt = clock.now();
        this.#call(call, async () => ({ type: 'wrote', call, result: await store.write(lease, expected) }));
        return;
      }
      case 'timer':
        this.#cancelTimer();
        this.#cancelTimer = clock.after(effect.delayMs, () => this.#handle({ type: 'timer' }));
        return;
      case 'role':
        this.#tell(effect);
        return;
      case 'stopped':
        this.#cancelTimer();
        this.#resolveStop();
    }
  }

  #call(call: number, run: () => Promise<LeaseEvent>): void {
    if (this.#unanswered >= MAX_UNANSWERED) {
      // The timer of the call ends it; a database that answers nothing gets no more calls.
      return;
    }
    this.#unanswered++;
    run()
      .then(
        (event) => {
          this.#unanswered--;
          this.#well();
          return event;
        },
        (thrown: unknown): LeaseEvent => {
          this.#unanswered--;
          const error = BridgeError.from(thrown);
          this.#trouble(error);
          return { type: 'failed', call, passes: error.retry === 'later' };
        },
      )
      .then((event) => this.#handle(event))
      .catch((thrown: unknown) => this.#ports.log.error('lease.mistake', { error: BridgeError.from(thrown) }));
  }

  #tell({ role, reason }: LeaseEffect & { readonly type: 'role' }): void {
    const { log } = this.#ports;
    if (role.state === 'active') log.info('lease.taken', { epoch: role.epoch });
    else if (reason === 'fenced' || reason === 'changed') log.warn('lease.lost', { reason, holder: role.holder });
    else log.info('lease.standby', { reason, holder: role.holder });
    this.#onRole(role);
  }

  #trouble(error: BridgeError): void {
    const { log } = this.#ports;
    if (this.#hasTrouble) log.debug('lease.store', { error });
    else log.warn('lease.store', { error });
    this.#hasTrouble = true;
  }

  #well(): void {
    if (this.#hasTrouble) this.#ports.log.info('lease.store-again', {});
    this.#hasTrouble = false;
  }
}
