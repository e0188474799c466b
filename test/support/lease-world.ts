import { leaseCoordinator } from '../../src/bridge/cluster/coordinator.js';
import type { Coordinator, Lease, LeaseStore, Role, StoredLease } from '../../src/bridge/lease-ports.js';
import type { Clock, Random } from '../../src/bridge/ports.js';
import { BridgeError } from '../../src/presence/errors.js';
import { silentLog } from './silent-log.js';
import { SimulatedClock, seededRandom, settle } from './simulated-clock.js';

/** Troubles of the way to the database; all figures are chances or milliseconds. */
export interface LeaseFaults {
  /** Longest delay of a request, and of its answer. */
  readonly delayMs: number;
  /** Chance that a request or an answer takes up to ten seconds. */
  readonly slow: number;
  /** Chances that a request, or the answer to one that took effect, is lost. */
  readonly lostRequest: number;
  readonly lostAnswer: number;
}

export const HEALTHY: LeaseFaults = { delayMs: 300, slow: 0, lostRequest: 0, lostAnswer: 0 };

const SLOW_MS = 10_000;
const LOST_AFTER_MS = 30_000;

/** A computer with a bridge on it: its clock goes at a rate of its own, it can stand still, and it can die. */
export class Contender implements Clock {
  readonly #world: LeaseWorld;
  readonly instance: string;
  readonly #rate: number;
  readonly #startedAt: number;
  readonly #deferred: (() => void)[] = [];
  isPaused = false;
  isDead = false;
  isCutOff = false;
  readonly roles: Role[] = [];
  readonly coordinator: Coordinator;

  constructor(world: LeaseWorld, instance: string, rate: number) {
    this.#world = world;
    this.instance = instance;
    this.#rate = rate;
    this.#startedAt = world.clock.monotonic();
    const options = { instance, instanceName: `host ${instance}`, durationMs: world.durationMs };
    const ports = { store: world.storeOf(this), clock: this, random: world.random, log: silentLog };
    this.coordinator = leaseCoordinator(options, ports);
  }

  start(): void {
    this.coordinator.start((role) => {
      this.roles.push(role);
      if (role.state === 'active') this.#world.turns.push({ epoch: role.epoch, by: this.instance });
    });
  }

  now(): number {
    return Date.UTC(2026, 0, 5) + this.monotonic();
  }

  monotonic(): number {
    return (this.#world.clock.monotonic() - this.#startedAt) * this.#rate;
  }

  after(delay: number, callback: () => void): () => void {
    let isCancelled = false;
    const cancel = this.#world.clock.after(delay / this.#rate, () =>
      this.run(() => {
        if (!isCancelled) callback();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Runs something on this computer: now, when it goes on, or never. */
  run(task: () => void): void {
    if (this.isDead) return;
    if (this.isPaused) this.#deferred.push(task);
    else task();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    for (const task of this.#deferred.splice(0)) this.run(task);
  }

  /** Whether it would write at this moment: one that stands still or is dead writes nothing. */
  get writes(): boolean {
    return !this.isDead && !this.isPaused && this.coordinator.mayWrite();
  }
}

/** One database and several bridges that compete for its lease, in simulated time. */
export class LeaseWorld {
  readonly clock = new SimulatedClock(0);
  readonly random: Random;
  readonly isConditional: boolean;
  readonly durationMs: number;
  faults: LeaseFaults = HEALTHY;
  readonly contenders: Contender[] = [];
  readonly turns: { readonly epoch: number; readonly by: string }[] = [];
  stored: Lease | undefined;
  #revision = 0;
  /** Longest time in which two wrote, and the present one. */
  longestOverlapMs = 0;
  #overlapSince: number | undefined;

  constructor(seed: number, { isConditional = true, durationMs = 15_000 } = {}) {
    this.random = seededRandom(seed);
    this.isConditional = isConditional;
    this.durationMs = durationMs;
  }

  /** A clock with a rate within 1 % of the right one. */
  add(instance: string): Contender {
    const contender = new Contender(this, instance, 0.99 + 0.02 * this.random.unit());
    this.contenders.push(contender);
    contender.start();
    return contender;
  }

  get writers(): readonly Contender[] {
    return this.contenders.filter(({ writes }) => writes);
  }

  /** Moves on in steps that are short beside all waiting times, looking at each who may write. */
  async advance(milliseconds: number, stepMs = 50): Promise<void> {
    for (let left = milliseconds; left > 0; left -= stepMs) {
      await this.clock.advance(Math.min(stepMs, left));
      this.look();
    }
  }

  /** Moves on until somebody writes; gives how long that took, at most `limitMs`. */
  async untilSomebodyWrites(limitMs: number): Promise<number> {
    const start = this.clock.monotonic();
    while (this.writers.length === 0 && this.clock.monotonic() - start < limitMs) await this.advance(50);
    return this.clock.monotonic() - start;
  }

  look(): void {
    const now = this.clock.monotonic();
    if (this.writers.length < 2) this.#overlapSince = undefined;
    else {
      this.#overlapSince ??= now - 1;
      this.longestOverlapMs = Math.max(this.longestOverlapMs, now - this.#overlapSince);
    }
  }

  storeOf(contender: Contender): LeaseStore {
    const through = <T>(task: () => T): Promise<T> => this.#through(contender, task);
    return {
      isConditional: this.isConditional,
      read: () => through(() => this.#copy()),
      write: async (lease, expected) => {
        if (this.isConditional) return through(() => this.#write(lease, expected));
        const isThere = await through(() => isSame(this.#copy(), expected));
        return isThere ? through(() => this.#put(lease)) : 'changed';
      },
    };
  }

  #copy(): StoredLease | undefined {
    return this.stored && { lease: this.stored, revision: this.isConditional ? String(this.#revision) : undefined };
  }

  #write(lease: Lease, expected: StoredLease | undefined): 'written' | 'changed' {
    const isThere = this.stored === undefined ? expected === undefined : expected?.revision === String(this.#revision);
    return isThere ? this.#put(lease) : 'changed';
  }

  #put(lease: Lease): 'written' {
    this.stored = lease;
    this.#revision++;
    return 'written';
  }

  /** A request there, and its answer back. */
  #through<T>(contender: Contender, task: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (): void => contender.run(() => reject(new BridgeError('NOTES_TIMEOUT', 'lost')));
      const lose = (): void => void this.clock.after(this.random.unit() * LOST_AFTER_MS, fail);
      if (contender.isCutOff || this.random.unit() < this.faults.lostRequest) return lose();
      this.clock.after(this.#delay(), () => {
        const result = task();
        if (contender.isCutOff || this.random.unit() < this.faults.lostAnswer) return lose();
        this.clock.after(this.#delay(), () => contender.run(() => resolve(result)));
      });
    });
  }

  #delay(): number {
    const { slow, delayMs } = this.faults;
    return this.random.unit() * (this.random.unit() < slow ? SLOW_MS : delayMs);
  }
}

function isSame(found: StoredLease | undefined, expected: StoredLease | undefined): boolean {
  return JSON.stringify(found?.lease) === JSON.stringify(expected?.lease);
}

/** Something happens to one of the contenders, or to the way to the database. */
export async function disturb(world: LeaseWorld): Promise<void> {
  const { random, contenders } = world;
  const at = Math.floor(random.unit() * contenders.length);
  const one = contenders[at];
  if (one === undefined) return;
  const time = random.unit() * 45_000;
  const kind = Math.floor(random.unit() * 5);
  if (kind === 0) {
    one.pause();
    await world.advance(time);
    // What it would write before it hears of anything.
    one.isPaused = false;
    world.look();
    one.resume();
  } else if (kind === 1) {
    one.isCutOff = true;
    await world.advance(time);
    one.isCutOff = false;
  } else if (kind === 2) {
    for (const each of contenders) each.isCutOff = true;
    await world.advance(time);
    for (const each of contenders) each.isCutOff = false;
  } else if (kind === 3) {
    one.isDead = true;
    await world.advance(time);
    contenders.splice(at, 1);
    world.add(one.instance);
  } else {
    const stopped = one.coordinator.stop();
    await world.advance(2_500);
    await stopped;
    one.isDead = true;
    contenders.splice(at, 1);
    world.add(one.instance);
  }
  await settle();
}
