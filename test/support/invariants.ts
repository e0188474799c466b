import type { Person, Roster } from '../../src/bridge/ports.js';
import type { BridgeStatus, PersonStatus } from '../../src/bridge/status.js';
import type { StoredItems } from '../../src/notes/drivers/embedded/stored-document.js';
import { isFresh } from '../../src/presence/freshness.js';
import type { SipKey } from '../../src/presence/ids.js';
import { type ChaosDomino, number, type PersonDocument, type RecordedWrite, text } from './chaos-domino.js';
import { CANARY, type PresenceTruth } from './chaos-source.js';

/** A running bridge as its applications and its machine see it. */
export interface WatchedBridge {
  status(): BridgeStatus;
  people(): readonly PersonStatus[];
  /** Timers of its process. */
  timers(): number;
}

/** What the checker must know of a world. */
export interface WatchedWorld {
  readonly people: readonly Person[];
  readonly domino: ChaosDomino;
  readonly truth: PresenceTruth;
  readonly logLines: readonly string[];
  now(): number;
  roster(): Roster;
  /** Those that run; of a pair, the active one speaks for both. */
  bridges(): readonly WatchedBridge[];
}

const SECOND = 1_000;

export interface Bounds {
  /**
   * How long readers may see "available" where it is not true: three heartbeats, and a call that just passed. What a slow
   * way adds comes on top: a heartbeat may go out while a change waits for the call before it.
   */
  readonly staleMs: number;
  /** Calls of one process to Domino in a minute: four writes in a second, each followed by a creation, and the rest. */
  readonly callsPerMinute: number;
  /** Timers of a process at rest. */
  readonly timersAtRest: number;
}

export const DEFAULT_BOUNDS: Bounds = { staleMs: 95 * SECOND, callsPerMinute: 300, timersAtRest: 10 };

/**
 * What must be true of every run, whatever goes wrong meanwhile (I1 to I8):
 * I1 readers who obey the heartbeat see nobody available who is not, beyond the bound; I2 a minute after the last trouble
 * API, documents and truth are one; I3 there is one document per person; I4 no write follows a later one; I5 Domino and
 * OCS are asked within their budgets; I6 nothing grows; I7 every refusal is counted and logged once; I8 no log and no
 * document holds what must stay secret.
 */
export class Invariants {
  readonly violations: string[] = [];
  /** What people changed by hand, until the next comparison of all documents; nobody answers for it before. */
  readonly tampered = new Set<SipKey>();
  /** Whose documents Domino refuses, and until when what they say cannot be helped: the next attempt comes after a pause. */
  readonly refused = new Map<SipKey, number>();
  /** Longest time for which somebody was wrongly seen as available, milliseconds. */
  longestStale = 0;
  /** Documents that bridges wrote. */
  writes = 0;
  /** Writes that were on their way while another bridge took over, and arrived after its own. */
  lateWrites = 0;
  readonly #epochSince = new Map<string, number>();
  readonly #world: WatchedWorld;
  readonly #bounds: Bounds;
  /** Longest time that a call took to Domino, one way, milliseconds. */
  #slowest = 0;
  readonly #staleSince = new Map<SipKey, number>();
  #calls: number[] = [];
  #mostCalls = 0;
  #refusals = { answered: 0, counted: 0 };

  constructor(world: WatchedWorld, bounds = DEFAULT_BOUNDS) {
    this.#world = world;
    this.#bounds = bounds;
  }

  /** Most calls to Domino in any minute. */
  get mostCalls(): number {
    return this.#mostCalls;
  }

  violated(what: string): void {
    const line = `${((this.#world.now() - START) / SECOND).toFixed(1)} s: ${what}`;
    // One of a kind tells enough.
    if (!this.violations.some((known) => known.endsWith(what))) this.violations.push(line);
  }

  called(): void {
    const now = this.#world.now();
    this.#calls = this.#calls.filter((at) => at > now - 60 * SECOND);
    this.#calls.push(now);
    this.#mostCalls = Math.max(this.#mostCalls, this.#calls.length);
  }

  answeredRefusals(count: number): void {
    this.#refusals.answered += count;
  }

  countedRefusal(): void {
    this.#refusals.counted++;
  }

  written(write: RecordedWrite): void {
    const { before, after } = write;
    const form = text(after.items['form']);
    if (form === 'Presence') this.writes++;
    if (JSON.stringify(after.items).includes(CANARY)) this.violated('I8: a note stands in a document');
    // The lease has rules of its own.
    if (form === 'PresenceLease' || before === undefined) return;
    if (this.tampered.has(text(before.items['sipkey']) as SipKey)) return;
    this.#checkOrder(form, write, before.items);
  }

  /** Without conditional writes nothing stops a call that was on its way when another bridge took over. */
  #checkOrder(form: string, { sentAt, at, after }: RecordedWrite, before: StoredItems): void {
    const [was, is] = [number(before['epoch']), number(after.items['epoch'])];
    if (is !== was) {
      const since = this.#epochSince.get(after.unid) ?? 0;
      this.#epochSince.set(after.unid, at);
      if (is > was) return;
      if (sentAt < since) this.lateWrites++;
      else this.violated(`I4: ${form} of epoch ${was} was overwritten by epoch ${is}`);
    } else if (number(after.items['seq']) < number(before['seq'])) {
      this.violated(`I4: ${form} of epoch ${is} was overwritten by an earlier write of it`);
    }
  }

  /** To be called at least once in a second of simulated time. */
  look(): void {
    const { people, truth, domino } = this.#world;
    this.#slowest = Math.max(this.#slowest, domino.travelMs);
    const now = this.#world.now();
    const { optedOut, people: watched } = this.#world.roster();
    const wanted = new Set(watched.map(({ key }) => key));
    const seenAvailable = new Set(this.seenAvailable());
    for (const { uri, key } of people) {
      const isTrue = wanted.has(key) && !optedOut.has(key) && isAvailable(truth.shown(uri));
      if (isTrue || !seenAvailable.has(key) || this.tampered.has(key) || now < (this.refused.get(key) ?? 0)) {
        this.#staleSince.delete(key);
        continue;
      }
      const since = this.#staleSince.get(key) ?? now;
      this.#staleSince.set(key, since);
      this.longestStale = Math.max(this.longestStale, now - since);
      if (now - since > this.#bounds.staleMs + 4 * this.#slowest)
        this.violated(`I1: ${uri} is seen as available and is not`);
    }
    for (const bridge of this.#world.bridges()) {
      const { pendingWrites } = bridge.status();
      if (pendingWrites > 2 * people.length) this.violated(`I6: ${pendingWrites} people wait to be written`);
    }
  }

  /** Whom readers who obey the heartbeat see as available now. */
  seenAvailable(): readonly SipKey[] {
    const now = this.#world.now();
    const documents = [...this.#world.domino.people.values()];
    return documents.filter((document) => this.#isSeenAvailable(document, now)).map(({ key }) => key);
  }

  /** What is not as it should be when nothing is wrong, one line each; empty when all is well. */
  differences(): readonly string[] {
    const { domino, truth } = this.#world;
    const { people } = this.#world.roster();
    const lines: string[] = [];
    const shown = new Map(this.#api().map((one) => [one.key, one.status]));
    for (const { uri, key, name } of people) {
      const status = truth.shown(uri);
      if (shown.get(key) !== status)
        lines.push(`I2: the API shows ${uri} as ${shown.get(key)}, the truth is ${status}`);
      const documents = domino.documentsOf(key);
      if (documents.length !== 1) lines.push(`I3: ${uri} has ${documents.length} documents`);
      for (const document of documents) {
        if (document.status !== status)
          lines.push(`I2: the document of ${uri} says ${document.status}, the truth is ${status}`);
        if (document.name !== (name ?? '')) lines.push(`I2: the document of ${uri} has the name ${document.name}`);
      }
    }
    if (shown.size !== people.length) lines.push(`I2: the API shows ${shown.size} people of ${people.length}`);
    const wanted = new Set(people.map(({ key }) => key));
    for (const { key, address } of domino.people.values()) {
      if (!wanted.has(key)) lines.push(`I3: ${address || key} has a document and should have none`);
    }
    return lines;
  }

  /** A minute after the last trouble. */
  atRest(): void {
    for (const line of this.differences()) this.violated(line);
    for (const bridge of this.#world.bridges()) {
      const { pendingWrites } = bridge.status();
      if (pendingWrites > 0) this.violated(`I6: ${pendingWrites} people still wait to be written`);
      const timers = bridge.timers();
      if (timers > this.#bounds.timersAtRest) this.violated(`I6: ${timers} timers run at rest`);
    }
    if (this.#mostCalls > this.#bounds.callsPerMinute) this.violated(`I5: ${this.#mostCalls} calls in a minute`);
    this.#logged();
  }

  #logged(): void {
    const lines = this.#world.logLines;
    const logged = lines.filter((line) => line.includes('"event":"bridge.document-refused"')).length;
    const { answered, counted } = this.#refusals;
    // A refused change may be tried once more as a creation, or be looked into by a call that fails as a whole.
    const isLost = counted === 0 && answered > 0 && !lines.some((line) => line.includes('"bridge.store-failed"'));
    if (logged !== counted || counted > answered || isLost)
      this.violated(`I7: ${answered} documents were refused, ${counted} counted, ${logged} logged`);
    if (lines.some((line) => line.includes(CANARY))) this.violated('I8: a note stands in the log');
    if (lines.some((line) => line.includes('@contoso.example') || line.includes('CN=')))
      this.violated('I8: a person stands in the log');
  }

  #api(): readonly PersonStatus[] {
    return this.#world.bridges()[0]?.people() ?? [];
  }

  #isSeenAvailable(document: PersonDocument, now: number): boolean {
    return isAvailable(document.status) && isFresh(this.#world.domino.heartbeats.get(document.bridge), now);
  }
}

/** When simulated worlds begin. */
const START = Date.UTC(2026, 0, 5, 8, 0, 0);

function isAvailable(status: string): boolean {
  return status === 'available' || status === 'available-idle';
}
