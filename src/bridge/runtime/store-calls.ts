import { BridgeError } from '../../presence/errors.js';
import type { SipKey } from '../../presence/ids.js';
import { backoffDelay, DEFAULT_BACKOFF } from '../../presence/retry.js';
import type { EngineEvent, OpenPace } from '../engine/vocabulary.js';
import type { Clock, HeartbeatRecord, Log, PersonRecord, Random, StatusStore } from '../ports.js';
import { SerialQueue } from './serial-queue.js';

export interface StoreCallPorts {
  readonly store: StatusStore;
  readonly mayWrite?: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A server that is back should not wait for the bridge longer than a minute. */
const BACKOFFS = { backoff: { baseMs: 1_000, capMs: 60_000 }, patient: DEFAULT_BACKOFF } as const;
/** How long failures are waited out that no waiting mends by itself, milliseconds. */
const PACES = { slow: 300_000, rare: 1_800_000 } as const;

/**
 * Calls the store, one call after the other, and turns answers into events. What was dropped before its turn is never
 * sent, and what was under way when it was dropped is not reported.
 */
export class StoreCalls {
  readonly #ports: StoreCallPorts;
  readonly #handle: (event: EngineEvent) => void;
  readonly #onError: (error: BridgeError) => void;
  readonly #queue = new SerialQueue();
  /** Grows when everything before no longer counts. */
  #turn = 0;
  #cancelOpen: () => void = () => undefined;
  /** When the store is opened next; `undefined` while nothing waits for it. */
  #openAt: number | undefined;

  constructor(ports: StoreCallPorts, handle: (event: EngineEvent) => void, onError: (error: BridgeError) => void) {
    this.#ports = ports;
    this.#handle = handle;
    this.#onError = onError;
  }

  get openAt(): number | undefined {
    return this.#openAt;
  }

  open(attempt: number, pace: OpenPace): void {
    const { clock } = this.#ports;
    const delay = this.#delay(attempt, pace);
    this.#cancelOpen();
    this.#openAt = clock.now() + delay;
    this.#cancelOpen = clock.after(delay, () => this.openNow());
  }

  /** Ends the wait for the next opening, if one is waited for. */
  openNow(): void {
    if (this.#openAt === undefined) return;
    this.#cancelOpen();
    this.#openAt = undefined;
    // A store that finds duplicates removes them.
    this.#write('open', async () => ({ type: 'store-opened', contents: await this.#ports.store.open() }));
  }

  write(records: readonly PersonRecord[]): void {
    this.#write('write', async () => ({ type: 'written', outcome: await this.#ports.store.write(records) }));
  }

  remove(keys: readonly SipKey[]): void {
    this.#write('remove', async () => ({ type: 'removed', outcome: await this.#ports.store.remove(keys) }));
  }

  /** `record` is asked for when the turn of the heartbeat has come. */
  heartbeat(record: () => HeartbeatRecord): void {
    this.#add(async () => {
      if (!this.#mayWrite()) return { type: 'heartbeat-dropped' };
      try {
        await this.#ports.store.heartbeat(record());
        return { type: 'heartbeat-written' };
      } catch (thrown) {
        const error = BridgeError.from(thrown);
        return error.code === 'BRIDGE_STANDBY' ? { type: 'heartbeat-dropped' } : this.#failed('heartbeat', error);
      }
    });
  }

  /** Forgets all that waits, and what is under way. */
  drop(): void {
    this.#turn++;
    this.#queue.drop();
    this.#cancelOpen();
    this.#openAt = undefined;
  }

  /** Resolves when the call under way has ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #write(operation: string, task: () => Promise<EngineEvent>): void {
    this.#add(async () => {
      if (!this.#mayWrite()) return { type: 'fenced', begun: false };
      try {
        return await task();
      } catch (thrown) {
        const error = BridgeError.from(thrown);
        return error.code === 'BRIDGE_STANDBY' ? { type: 'fenced', begun: true } : this.#failed(operation, error);
      }
    });
  }

  #add(task: () => Promise<EngineEvent>): void {
    const turn = this.#turn;
    void this.#queue.add(async () => {
      const event = await task();
      if (turn === this.#turn) this.#handle(event);
    });
  }

  #failed(operation: string, error: BridgeError): EngineEvent {
    this.#ports.log.warn('bridge.store-failed', { operation, error });
    this.#onError(error);
    return { type: 'store-failed', error };
  }

  #mayWrite(): boolean {
    return this.#ports.mayWrite?.() ?? true;
  }

  #delay(attempt: number, pace: OpenPace): number {
    const unit = this.#ports.random.unit();
    if (pace === 'slow' || pace === 'rare') return Math.round(PACES[pace] * (0.9 + 0.2 * unit));
    return attempt === 0 ? 0 : backoffDelay(attempt - 1, unit, BACKOFFS[pace]);
  }
}
