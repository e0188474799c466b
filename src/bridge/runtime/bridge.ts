import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import { backoffDelay } from '../../presence/retry.js';
import type { ReconcileFacts } from '../engine/reconcile-facts.js';
import { createState, type EngineConfig, type EngineState, isStale, shown } from '../engine/state.js';
import { step } from '../engine/step.js';
import type { EngineEffect, EngineEvent, TimerName } from '../engine/vocabulary.js';
import type { Role } from '../lease-ports.js';
import type { Clock, LinkReport, Log, PresenceSource, Random, Roster, StatusStore } from '../ports.js';
import type { BridgeStatus, PersonStatus } from '../status.js';
import { RestartBudget } from './restart-budget.js';
import { SerialQueue } from './serial-queue.js';

export interface BridgePorts {
  readonly source: PresenceSource;
  readonly store: StatusStore;
  /** Asked right before each write (see `Coordinator`); absent where no other bridge can be. */
  readonly mayWrite?: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What others may want to hear of a running bridge. All are called at once and must not throw. */
export interface BridgeListener {
  onLink?(partner: 'ocs' | 'notes', report: LinkReport): void;
  /** A single document was refused; the others were written. */
  onRefused?(error: BridgeError): void;
  /** Milliseconds from the arrival of a change to its confirmed write. */
  onWritten?(milliseconds: readonly number[]): void;
}

/** The role of a bridge that has no coordinator. */
const ALONE: Role = { state: 'active', epoch: 0 };
const STOP_BUDGET_MS = 5_000;
const STOP_POLL_MS = 10;

/**
 * Failures of the first opening that no waiting mends. Later ones are waited out, and so is a refused sign-in to OCS:
 * somebody has to write `unknown` meanwhile and to say why.
 */
const HOPELESS: ReadonlySet<ErrorCode> = new Set(['NOTES_DRIVER_MISSING', 'NOTES_SCHEMA']);

/**
 * Runs the engine: turns its effects into calls of source, store and timers, and what they report into events. Holds no
 * decision of its own.
 */
export class Bridge {
  readonly #state: EngineState;
  readonly #ports: BridgePorts;
  readonly #listener: BridgeListener;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #storeQueue = new SerialQueue();
  readonly #mistakes = new RestartBudget();
  readonly #failed: Promise<BridgeError>;
  #fail: (error: BridgeError) => void = () => undefined;
  #cancelOpen: () => void = () => undefined;
  /** When the store is opened next; `undefined` while nothing waits for it. */
  #openAt: number | undefined;
  #everOpened = false;
  #closed = false;

  constructor(config: EngineConfig, ports: BridgePorts, listener: BridgeListener = {}) {
    this.#state = createState(config, ports.clock.now());
    this.#ports = ports;
    this.#listener = listener;
    this.#failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  /** Resolves with the reason when the bridge cannot go on by itself; the process should then end with its exit code. */
  get failed(): Promise<BridgeError> {
    return this.#failed;
  }

  /** `role`: whether this bridge writes from the beginning; one with a coordinator begins on standby. */
  start(roster: Roster, role: Role = ALONE): void {
    this.#ports.log.info('bridge.start', { bridge: this.#state.config.bridge, people: roster.people.length });
    this.#handle({ type: 'role', role });
    this.#handle({ type: 'roster', roster });
    this.#handle({ type: 'start' });
    this.#ports.source.start({
      onLink: (report) => this.#handle({ type: 'source-link', report }),
      onObservations: (observations, authoritative) => this.#handle({ type: 'observed', observations, authoritative }),
      onLost: (uris, reason, passing = false) => {
        this.#ports.log.info('bridge.presence-lost', { people: uris.length, reason });
        this.#handle({ type: 'lost', uris, passing });
      },
    });
  }

  /** Replaces the roster. */
  setRoster(roster: Roster): void {
    this.#handle({ type: 'roster', roster });
  }

  /** What the coordinator decided. A bridge on standby stays signed in, but watches nobody and writes nothing. */
  setRole(role: Role): void {
    this.#handle({ type: 'role', role });
  }

  /**
   * Reads all documents now and writes those that differ from what they should say. Resolves once they are compared.
   * Rejects with `BRIDGE_STANDBY` when this bridge does not write, with a `NOTES_…` code when the store cannot be read.
   */
  reconcile(): Promise<ReconcileFacts> {
    return Promise.reject(new BridgeError('BRIDGE_STANDBY', 'Not wired yet.'));
  }

  /** Signs off, writes what is left and the last heartbeat, closes. Takes at most about ten seconds; resolves always. */
  async stop(): Promise<void> {
    if (this.#closed) return;
    const { source, store, log, clock } = this.#ports;
    log.info('bridge.stop', {});
    const signedOff = source.stop();
    this.#handle({ type: 'stop' });
    const deadline = clock.monotonic() + STOP_BUDGET_MS;
    while (this.#hasWork() && clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => clock.after(STOP_POLL_MS, resolve));
    }
    await signedOff;
    this.#closed = true;
    this.#cancelOpen();
    for (const cancelTimer of this.#timers.values()) cancelTimer();
    this.#storeQueue.drop();
    // A call to Domino that hangs must not hold up the end of the process.
    const closed = this.#storeQueue.idle().then(() => store.close());
    let cancel = (): void => undefined;
    const timedOut = new Promise<void>((resolve) => {
      cancel = clock.after(STOP_BUDGET_MS, resolve);
    });
    await Promise.race([closed, timedOut]).catch((thrown: unknown) => {
      log.warn('bridge.store-close', { error: BridgeError.from(thrown) });
    });
    cancel();
    log.info('bridge.stopped', { written: this.#state.counters.written });
  }

  #hasWork(): boolean {
    const { store, pending, inFlight, leaving } = this.#state;
    return store.state === 'connected' && (pending.size > 0 || inFlight !== undefined || leaving.size > 0);
  }

  status(): BridgeStatus {
    const state = this.#state;
    const oldest = state.pending.oldest();
    return {
      bridge: state.config.bridge,
      version: state.config.version,
      startedAt: state.startedAt,
      epoch: state.epoch,
      ocs: state.source,
      notes: { ...state.store, ...(this.#openAt === undefined ? {} : { retryAt: this.#openAt }) },
      people: state.entries.size,
      counts: { ...state.counts },
      watching: this.#ports.source.counts?.(),
      pendingWrites: state.pending.size + (state.inFlight?.size ?? 0),
      oldestPendingMs: oldest === undefined ? 0 : Math.max(0, this.#ports.clock.now() - oldest),
      writtenTotal: state.counters.written,
      failedDocuments: state.counters.failedDocuments,
      heartbeatAt: state.heartbeatAt,
      role: {
        state: state.role.state,
        since: state.roleSince,
        holder: state.role.state === 'standby' ? state.role.holder : '',
      },
      doubtful: state.doubtful,
      reconciled: state.reconciled,
      refused: [],
    };
  }

  /** Counters since the start. */
  get counters(): Readonly<EngineState['counters']> {
    return this.#state.counters;
  }

  people(): readonly PersonStatus[] {
    return [...this.#state.entries.values()].map((entry) => {
      const { person, observedAt } = entry;
      const { status, activity, activityText, outOfOffice, note, since, displayName } = shown(entry);
      return {
        key: person.key,
        uri: person.uri,
        name: person.name,
        displayName: person.displayName || displayName,
        status,
        activity,
        activityText,
        outOfOffice,
        note,
        since,
        observedAt: entry.confirmed ? observedAt : undefined,
        written: !isStale(entry),
      };
    });
  }

  #handle(event: EngineEvent): void {
    if (this.#closed) return;
    for (const effect of step(this.#state, event, this.#ports.clock.now()).effects) this.#run(effect);
  }

  #run(effect: EngineEffect): void {
    const { source, store, log } = this.#ports;
    switch (effect.type) {
      case 'watch':
        source.watch(effect.uris);
        return;
      case 'open-store':
        this.#openStore(effect.attempt);
        return;
      case 'write':
        this.#store('write', async () => ({ type: 'written', outcome: await store.write(effect.records) }));
        return;
      case 'remove':
        this.#store('remove', async () => ({ type: 'removed', outcome: await store.remove(effect.keys) }));
        return;
      case 'heartbeat':
        this.#store('heartbeat', async () => {
          await store.heartbeat(effect.record);
          return { type: 'heartbeat-written' };
        });
        return;
      case 'set-timer':
        this.#setTimer(effect.name, effect.delayMs);
        return;
      case 'cancel-timer':
        this.#timers.get(effect.name)?.();
        this.#timers.delete(effect.name);
        return;
      case 'link':
        this.#logLink(effect.partner, effect.report);
        return;
      case 'latency':
        this.#listener.onWritten?.(effect.milliseconds);
        return;
      case 'document-refused':
        log.warn('bridge.document-refused', { key: effect.key, error: effect.error });
        this.#listener.onRefused?.(effect.error);
        return;
    }
  }

  #openStore(attempt: number): void {
    this.#storeQueue.drop();
    const { clock, random, store } = this.#ports;
    const delay = attempt === 0 ? 0 : backoffDelay(attempt - 1, random.unit());
    this.#cancelOpen();
    this.#openAt = clock.now() + delay;
    this.#cancelOpen = clock.after(delay, () => {
      this.#openAt = undefined;
      this.#store('open', async () => {
        const contents = await store.open();
        this.#everOpened = true;
        return { type: 'store-opened', contents };
      });
    });
  }

  #store(operation: string, task: () => Promise<EngineEvent>): void {
    void this.#storeQueue.add(async () => {
      const event = await task().catch((thrown: unknown): EngineEvent => {
        const error = BridgeError.from(thrown);
        this.#ports.log.warn('bridge.store-failed', { operation, error });
        if (error.code === 'INTERNAL') this.#mistake(error);
        if (!this.#everOpened && HOPELESS.has(error.code)) this.#fail(error);
        return { type: 'store-failed', error };
      });
      this.#handle(event);
    });
  }

  /** A mistake of the program: tolerated a few times, then passed upward. */
  #mistake(error: BridgeError): void {
    if (!this.#mistakes.spend(this.#ports.clock.monotonic())) this.#fail(error);
  }

  #setTimer(name: TimerName, delay: number): void {
    this.#timers.get(name)?.();
    const cancel = this.#ports.clock.after(delay, () => {
      this.#timers.delete(name);
      this.#handle({ type: 'timer', name });
    });
    this.#timers.set(name, cancel);
  }

  #logLink(partner: 'ocs' | 'notes', report: LinkReport): void {
    const good = report.state === 'connected' || report.state === 'connecting' || report.state === 'starting';
    this.#ports.log[good ? 'info' : 'warn']('bridge.link', { partner, state: report.state, error: report.error });
    this.#listener.onLink?.(partner, report);
  }
}
