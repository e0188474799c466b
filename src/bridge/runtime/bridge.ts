import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import type { ListConfig } from '../config/config.js';
import { heartbeatRecord } from '../engine/heartbeat.js';
import type { ReconcileFacts } from '../engine/reconcile-facts.js';
import { createState, type EngineConfig, type EngineState } from '../engine/state.js';
import { step } from '../engine/step.js';
import type { EngineEffect, EngineEvent } from '../engine/vocabulary.js';
import type { Role } from '../lease-ports.js';
import type { OthersPresence } from '../list-ports.js';
import type { Clock, LinkReport, Log, PresenceSource, Random, Roster, StatusStore } from '../ports.js';
import type { BridgeStatus } from '../status.js';
import { bridgeStatus } from './bridge-status.js';
import { DailyTime } from './daily-time.js';
import { EngineTimers } from './engine-timers.js';
import { GapWatch } from './gap-watch.js';
import { othersPresence } from './others-presence.js';
import { notActive, ReconcileWaiters } from './reconcile-waiters.js';
import { RestartBudget } from './restart-budget.js';
import { SparingLog } from './sparing-log.js';
import { StoreCalls } from './store-calls.js';
import { Watched } from './watched.js';

export interface RunConfig extends EngineConfig {
  /** Local time of day, `HH:MM`, when all documents are compared with what they should say; absent for never. */
  readonly reconcileAt?: string;
  readonly lists?: readonly ListConfig[];
}

export interface BridgePorts {
  readonly source: PresenceSource;
  readonly store: StatusStore;
  /** Asked right before each write (see `Coordinator`); absent where no other bridge can be. */
  readonly mayWrite?: () => boolean;
  /** Called at the end, when the last document is written and the store still open (see `Coordinator.stop`). */
  readonly release?: () => Promise<void>;
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
  /** All documents were compared. */
  onReconciled?(facts: ReconcileFacts): void;
}

/** The role of a bridge that has no coordinator. */
const ALONE: Role = { state: 'active', epoch: 0 };
const STOP_BUDGET_MS = 5_000;
const STOP_POLL_MS = 10;
/** How often the bridge looks at its clocks. */
const TICK_MS = 10_000;

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
  /** Whom this bridge watches, as it knows them now. */
  readonly watched: Watched;
  /** What applications may say of them, by their leave. */
  readonly others: OthersPresence;
  readonly #state: EngineState;
  readonly #ports: BridgePorts;
  readonly #listener: BridgeListener;
  readonly #timers: EngineTimers;
  readonly #calls: StoreCalls;
  readonly #mistakes = new RestartBudget();
  readonly #refusals: SparingLog;
  readonly #hiddenLists: SparingLog;
  readonly #waiters = new ReconcileWaiters();
  readonly #gaps: GapWatch;
  readonly #nightly: DailyTime | undefined;
  readonly #failed: Promise<BridgeError>;
  #fail: (error: BridgeError) => void = () => undefined;
  #cancelTick: () => void = () => undefined;
  #everOpened = false;
  #closed = false;

  constructor({ reconcileAt, lists, ...config }: RunConfig, ports: BridgePorts, listener: BridgeListener = {}) {
    const { clock } = ports;
    this.#state = createState(config, clock.now());
    this.watched = new Watched(this.#state, lists);
    this.others = othersPresence({
      state: this.#state,
      person: (key) => this.watched.byKey(key),
      handle: (event) => this.#handle(event),
      now: () => clock.now(),
    });
    this.#ports = ports;
    this.#listener = listener;
    this.#calls = new StoreCalls(
      ports,
      (event) => this.#handle(event),
      (error) => this.#storeFailed(error),
    );
    this.#refusals = new SparingLog('bridge.document-refused', ports);
    this.#hiddenLists = new SparingLog('bridge.list-not-shown', ports);
    this.#timers = new EngineTimers(clock, (name) => this.#handle({ type: 'timer', name }));
    this.#gaps = new GapWatch(clock.monotonic());
    this.#nightly = reconcileAt === undefined ? undefined : new DailyTime(reconcileAt, clock.now());
    this.#failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  /** Resolves with the reason when the bridge cannot go on by itself; the process should then end with its exit code. */
  get failed(): Promise<BridgeError> {
    return this.#failed;
  }

  /**
   * Begins to sign in. `roster`: without one, documents are neither read nor written until `setRoster` gives the first.
   * `role`: whether this bridge writes from the beginning; one with a coordinator begins on standby.
   */
  start(roster: Roster | undefined, role: Role = ALONE): void {
    const { bridge } = this.#state.config;
    this.#ports.log.info('bridge.start', { bridge, role: role.state, people: roster?.people.length });
    this.#gaps.passed(this.#ports.clock.monotonic());
    this.#handle({ type: 'role', role });
    if (roster !== undefined) this.setRoster(roster);
    this.#handle({ type: 'start' });
    this.#ports.source.start({
      onLink: (report) => this.#handle({ type: 'source-link', report }),
      onObservations: (observations, authoritative) => this.#handle({ type: 'observed', observations, authoritative }),
      onLost: (uris, reason, passing = false) => {
        this.#ports.log.info('bridge.presence-lost', { people: uris.length, reason });
        this.#handle({ type: 'lost', uris, passing });
      },
    });
    this.#tick();
  }

  /** Replaces the roster. Documents of people who opted out are removed at once, whichever bridge wrote them. */
  setRoster(roster: Roster): void {
    const lists = this.watched.take(roster);
    for (const hidden of lists.hidden) this.#hiddenLists.warn({ ...hidden });
    this.#handle({ type: 'roster', roster, lists: lists.entries() });
  }

  /** What the coordinator decided. A bridge on standby stays signed in, but watches nobody and writes nothing. */
  setRole(role: Role): void {
    this.#handle({ type: 'role', role });
  }

  /**
   * Reads all documents now and writes those that differ from what they should say. Resolves once they are compared; the
   * writes follow. Rejects with `BRIDGE_STANDBY` when this bridge does not write, with a `NOTES_…` code when the store
   * cannot be read. While the store is away, the wait for its next opening ends.
   */
  reconcile(): Promise<ReconcileFacts> {
    const { role, stopping, rosterKnown } = this.#state;
    if (role.state === 'standby' || stopping || !rosterKnown) return Promise.reject(notActive());
    const result = this.#waiters.wait();
    this.#calls.openNow();
    this.#handle({ type: 'reconcile', cause: 'demand' });
    return result;
  }

  /** Signs off, writes what is left and the last heartbeat, closes. Takes at most about fifteen seconds; resolves always. */
  async stop(): Promise<void> {
    if (this.#closed) return;
    const { source, store, log, clock, release } = this.#ports;
    log.info('bridge.stop', {});
    const signedOff = source.stop();
    this.#handle({ type: 'stop' });
    const deadline = clock.monotonic() + STOP_BUDGET_MS;
    while (this.#hasWork() && clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => clock.after(STOP_POLL_MS, resolve));
    }
    await signedOff;
    this.#closed = true;
    this.#cancelTick();
    this.#timers.clear();
    this.#calls.drop();
    this.#waiters.failed(notActive());
    // Calls to Domino that hang must not hold up the end of the process.
    await this.#withinBudget(this.#calls.idle());
    await this.#withinBudget(release?.().then(() => store.close()) ?? store.close());
    log.info('bridge.stopped', { written: this.#state.counters.written });
  }

  /** Waits for the end of a task, but not for long. Resolves always. */
  async #withinBudget(task: Promise<unknown>): Promise<void> {
    const { clock, log } = this.#ports;
    let cancel = (): void => undefined;
    const timedOut = new Promise<void>((resolve) => {
      cancel = clock.after(STOP_BUDGET_MS, resolve);
    });
    await Promise.race([task, timedOut]).catch((thrown: unknown) => {
      log.warn('bridge.store-close', { error: BridgeError.from(thrown) });
    });
    cancel();
  }

  #hasWork(): boolean {
    const { store, pending, inFlight, leaving } = this.#state;
    return store.state === 'connected' && (pending.size > 0 || inFlight !== undefined || leaving.size > 0);
  }

  status(): BridgeStatus {
    return bridgeStatus(this.#state, {
      now: this.#ports.clock.now(),
      openAt: this.#calls.openAt,
      watching: this.#ports.source.counts?.(),
    });
  }

  /** Counters since the start. */
  get counters(): Readonly<EngineState['counters']> {
    return this.#state.counters;
  }

  #handle(event: EngineEvent): void {
    if (this.#closed) return;
    this.#noteGap();
    if (event.type === 'store-opened') this.#everOpened = true;
    this.#step(event);
    if (event.type === 'store-failed') this.#waiters.failed(event.error);
  }

  #step(event: EngineEvent): void {
    for (const effect of step(this.#state, event, this.#ports.clock.now()).effects) this.#run(effect);
  }

  /** Before anything else is made of what comes after a gap: nothing that was known before it counts. */
  #noteGap(): void {
    const gap = this.#gaps.passed(this.#ports.clock.monotonic());
    if (gap === 0) return;
    this.#ports.log.warn('bridge.gap', { seconds: Math.round(gap / 1000) });
    this.#step({ type: 'gap' });
  }

  #tick(): void {
    this.#noteGap();
    if (this.#nightly?.isDue(this.#ports.clock.now())) this.#handle({ type: 'reconcile', cause: 'nightly' });
    this.#cancelTick = this.#ports.clock.after(TICK_MS, () => this.#tick());
  }

  #run(effect: EngineEffect): void {
    const { source, clock, log } = this.#ports;
    switch (effect.type) {
      case 'watch':
        source.watch(effect.uris);
        return;
      case 'open-store':
        this.#calls.open(effect.attempt, effect.pace);
        return;
      case 'drop-calls':
        this.#calls.drop();
        return;
      case 'write':
        this.#calls.write(effect.records);
        return;
      case 'remove':
        this.#calls.remove(effect.keys);
        return;
      case 'heartbeat':
        this.#calls.heartbeat(() => heartbeatRecord(this.#state, clock.now()));
        return;
      case 'role':
        log.info('bridge.role', effect.role);
        if (effect.role.state === 'standby') this.#waiters.failed(notActive());
        return;
      case 'reconciled':
        log.info('bridge.reconciled', { ...effect.facts });
        if (effect.facts.overtaken > 0) log.error('bridge.overtaken', { documents: effect.facts.overtaken });
        this.#listener.onReconciled?.(effect.facts);
        this.#waiters.compared(effect.facts);
        return;
      case 'presence':
        this.watched.tell(effect.uris);
        return;
      case 'set-timer':
        this.#timers.set(effect.name, effect.delayMs);
        return;
      case 'cancel-timer':
        this.#timers.cancel(effect.name);
        return;
      case 'link':
        this.#logLink(effect.partner, effect.report);
        return;
      case 'latency':
        this.#listener.onWritten?.(effect.milliseconds);
        return;
      case 'document-refused':
        this.#refusals.warn({ key: effect.key, error: effect.error });
        this.#listener.onRefused?.(effect.error);
        return;
    }
  }

  #storeFailed(error: BridgeError): void {
    if (error.code === 'INTERNAL') this.#mistake(error);
    if (!this.#everOpened && HOPELESS.has(error.code)) this.#fail(error);
  }

  /** A mistake of the program: tolerated a few times, then passed upward. */
  #mistake(error: BridgeError): void {
    if (!this.#mistakes.spend(this.#ports.clock.monotonic())) this.#fail(error);
  }

  #logLink(partner: 'ocs' | 'notes', report: LinkReport): void {
    const good = report.state === 'connected' || report.state === 'connecting' || report.state === 'starting';
    this.#ports.log[good ? 'info' : 'warn']('bridge.link', { partner, state: report.state, error: report.error });
    this.#listener.onLink?.(partner, report);
  }
}
