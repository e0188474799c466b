import { heartbeatRecord } from '../../src/bridge/engine/heartbeat.js';
import {
  createState,
  DEFAULT_ENGINE_CONFIG,
  type EngineConfig,
  type EngineState,
} from '../../src/bridge/engine/state.js';
import { step } from '../../src/bridge/engine/step.js';
import type { EngineEffect, EngineEvent, TimerName } from '../../src/bridge/engine/vocabulary.js';
import type { ListEntry } from '../../src/bridge/list-ports.js';
import type {
  HeartbeatRecord,
  Person,
  PersonRecord,
  Roster,
  StoreContents,
  WriteOutcome,
} from '../../src/bridge/ports.js';
import { BridgeError } from '../../src/presence/errors.js';
import type { SipKey, SipUri } from '../../src/presence/ids.js';
import { rosterOf } from './people.js';

export const ENGINE_CONFIG: EngineConfig = { ...DEFAULT_ENGINE_CONFIG, bridge: 'test', version: '0', notes: false };

const START = Date.UTC(2026, 0, 5, 8);
/** How long OCS takes to answer for people who are watched anew. */
const ANSWER_MS = 100;

/**
 * The engine alone, with a store in memory and a server that knows the truth. Time passes only in `passes`; calls to the
 * store are answered at once unless they are held.
 */
export class EngineRun {
  now = START;
  readonly state: EngineState;
  readonly documents = new Map<SipKey, PersonRecord>();
  /** Documents that somebody changed without changing the status. */
  readonly edited = new Set<SipKey>();
  readonly truth = new Map<SipUri, number>();
  readonly effects: EngineEffect[] = [];
  readonly writes: PersonRecord[] = [];
  /** Writes with an older turn than the one in the document. */
  outOfTurn = 0;
  readonly beats: HeartbeatRecord[] = [];
  watched: readonly SipUri[] = [];
  /** Lists that are shown as entries, by roster. */
  lists: (roster: Roster) => readonly ListEntry[] = () => [];
  /** While set, the store fails with it. */
  failure: BridgeError | undefined;
  /** While set, writes take effect and fail. */
  lostAnswer = false;
  refused: ReadonlySet<SipKey> = new Set();
  refusal = new BridgeError('NOTES_BAD_REQUEST', 'refused');
  mayWrite = true;
  /** While true, calls wait for `answer`. */
  held = false;
  /** How many documents were written at each moment at which one was. */
  readonly writtenAt = new Map<number, number>();
  readonly #timers = new Map<TimerName | 'open' | 'answers', number>();
  readonly #calls: EngineEffect[] = [];
  readonly #told = new Set<SipUri>();
  readonly #changedAt = new Map<SipUri, number>();
  #answering = false;
  #wasConnected = false;

  constructor(config: Partial<EngineConfig> = {}) {
    this.state = createState({ ...ENGINE_CONFIG, ...config }, this.now);
  }

  /** Signed in, everybody told, documents written. */
  begins(people: readonly Person[], availability = 3500): void {
    for (const { uri } of people) if (!this.truth.has(uri)) this.truth.set(uri, availability);
    const roster = rosterOf(people);
    this.does({ type: 'roster', roster, lists: this.lists(roster) });
    this.does({ type: 'start' });
    this.link('connected');
    this.passes(5_000);
  }

  roster(roster: Roster): void {
    for (const { uri } of roster.people) if (!this.truth.has(uri)) this.truth.set(uri, 18500);
    this.does({ type: 'roster', roster, lists: this.lists(roster) });
  }

  link(state: 'connected' | 'transient-disconnect'): void {
    this.does({ type: 'source-link', report: { state, since: this.now } });
    this.#wasConnected = state === 'connected';
    if (this.#wasConnected) this.#timers.set('answers', this.now + ANSWER_MS);
    else this.#told.clear();
  }

  /** Somebody's availability changes; the server tells it when it is being watched. */
  becomes({ uri }: Person, availability: number): void {
    if (this.truth.get(uri) !== availability) this.#changedAt.set(uri, this.now);
    this.truth.set(uri, availability);
    if (this.#wasConnected && this.#told.has(uri)) this.#says([uri], false);
  }

  does(event: EngineEvent): void {
    for (const effect of step(this.state, event, this.now).effects) this.#runs(effect);
    this.#answers();
  }

  /** Answers the calls that are held. */
  answer(): void {
    this.held = false;
    this.#answers();
  }

  passes(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const next = [...this.#timers].sort(([, a], [, b]) => a - b)[0];
      if (next === undefined || next[1] > end) break;
      const [name, at] = next;
      this.#timers.delete(name);
      this.now = Math.max(this.now, at);
      if (name === 'open') this.#calls.push({ type: 'open-store', attempt: 0, pace: 'backoff' });
      else if (name === 'answers') this.#tellsAll();
      else this.does({ type: 'timer', name });
      this.#answers();
    }
    this.now = end;
  }

  statusOf({ key }: Person): string | undefined {
    return this.documents.get(key)?.snapshot.status;
  }

  #tellsAll(): void {
    if (!this.#wasConnected) return;
    const untold = this.watched.filter((uri) => !this.#told.has(uri));
    for (const uri of untold) this.#told.add(uri);
    this.#says(untold, true);
  }

  #says(uris: readonly SipUri[], authoritative: boolean): void {
    const observations = uris.map((uri) => ({
      uri,
      state: {
        availability: this.truth.get(uri) ?? 18500,
        activity: '',
        publishedAt: this.#changedAt.get(uri) ?? START,
      },
    }));
    this.does({ type: 'observed', observations, authoritative });
  }

  #runs(effect: EngineEffect): void {
    this.effects.push(effect);
    switch (effect.type) {
      case 'set-timer':
        this.#timers.set(effect.name, this.now + effect.delayMs);
        return;
      case 'cancel-timer':
        this.#timers.delete(effect.name);
        return;
      case 'watch': {
        this.watched = effect.uris;
        const wanted = new Set(effect.uris);
        for (const uri of this.#told) if (!wanted.has(uri)) this.#told.delete(uri);
        if (this.#wasConnected) this.#timers.set('answers', this.now + ANSWER_MS);
        return;
      }
      case 'open-store':
        this.#timers.set(
          'open',
          this.now + (effect.pace === 'backoff' || effect.pace === 'patient' ? 1_000 * effect.attempt : 300_000),
        );
        return;
      case 'drop-calls':
        this.#calls.length = 0;
        this.#timers.delete('open');
        return;
      case 'write':
      case 'remove':
      case 'heartbeat':
        this.#calls.push(effect);
        return;
      default:
    }
  }

  #answers(): void {
    if (this.#answering || this.held) return;
    this.#answering = true;
    for (let call = this.#calls.shift(); call !== undefined; call = this.held ? undefined : this.#calls.shift()) {
      this.does(this.#answerTo(call));
    }
    this.#answering = false;
  }

  #answerTo(call: EngineEffect): EngineEvent {
    if (call.type === 'heartbeat') {
      if (!this.mayWrite) return { type: 'heartbeat-dropped' };
      if (this.failure) return { type: 'store-failed', error: this.failure };
      this.beats.push(heartbeatRecord(this.state, this.now));
      return { type: 'heartbeat-written' };
    }
    if (!this.mayWrite) return { type: 'fenced', begun: false };
    if (this.failure) return { type: 'store-failed', error: this.failure };
    if (call.type === 'open-store') return { type: 'store-opened', contents: this.#contents() };
    if (call.type === 'remove') {
      const [written, failed] = this.#sorted(call.keys);
      for (const key of written) this.documents.delete(key);
      return { type: 'removed', outcome: { written, failed } };
    }
    return call.type === 'write' ? this.#written(call.records) : { type: 'store-failed', error: this.refusal };
  }

  #written(records: readonly PersonRecord[]): EngineEvent {
    const [written, failed] = this.#sorted(records.map(({ person }) => person.key));
    for (const record of records) {
      if (failed.has(record.person.key)) continue;
      if ((this.documents.get(record.person.key)?.epoch ?? 0) > record.epoch) this.outOfTurn++;
      this.documents.set(record.person.key, record);
      this.edited.delete(record.person.key);
      this.writes.push(record);
      this.writtenAt.set(this.now, (this.writtenAt.get(this.now) ?? 0) + 1);
    }
    const error = new BridgeError('NOTES_TIMEOUT', 'no answer');
    if (this.lostAnswer) return { type: 'store-failed', error };
    return { type: 'written', outcome: { written, failed } };
  }

  #sorted(keys: readonly SipKey[]): [WriteOutcome['written'], Map<SipKey, BridgeError>] {
    const failed = new Map(keys.filter((key) => this.refused.has(key)).map((key) => [key, this.refusal]));
    return [keys.filter((key) => !failed.has(key)), failed];
  }

  #contents(): StoreContents {
    const people = [...this.documents.values()].map(({ person, snapshot, bridge, epoch, seq }) => ({
      ...{ key: person.key, uri: person.uri, name: person.name, otherNames: person.otherNames ?? [] },
      mailAddresses: person.mailAddresses ?? [],
      ...{ snapshot, bridge, epoch, seq, intact: !this.edited.has(person.key) },
    }));
    const highestEpoch = people.reduce((highest, { epoch }) => Math.max(highest, epoch), 0);
    return { people, highestEpoch, duplicates: 0, conflicts: 0, leftAlone: 0 };
  }
}
