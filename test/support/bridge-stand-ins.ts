import type {
  HeartbeatRecord,
  LinkState,
  PersonRecord,
  PresenceSource,
  PresenceSourceListener,
  StatusStore,
  StoreContents,
  WriteOutcome,
} from '../../src/bridge/ports.js';
import type { BridgeError } from '../../src/presence/errors.js';
import type { SipKey, SipUri } from '../../src/presence/ids.js';
import type { Observation } from '../../src/presence/snapshot.js';
import type { SimulatedClock } from './simulated-clock.js';

/** A presence source that a test plays by hand. */
export class ScriptedSource implements PresenceSource {
  watched: readonly SipUri[] = [];
  stopped = false;
  #listener: PresenceSourceListener | undefined;
  readonly #clock: SimulatedClock;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  start(listener: PresenceSourceListener): void {
    this.#listener = listener;
  }

  watch(uris: readonly SipUri[]): void {
    this.watched = uris;
  }

  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }

  link(state: LinkState): void {
    this.#listener?.onLink({ state, since: this.#clock.now() });
  }

  says(observation: Observation, first: 'first' | 'later' = 'later'): void {
    this.#listener?.onObservations([observation], first === 'first');
  }

  loses(uri: SipUri, passing = false): void {
    this.#listener?.onLost([uri], 'rejected', passing);
  }
}

/** A store in memory whose failures a test switches. */
export class MemoryStore implements StatusStore {
  readonly records = new Map<SipKey, PersonRecord>();
  readonly heartbeats: HeartbeatRecord[] = [];
  readonly refused = new Map<SipKey, BridgeError>();
  /** Documents that somebody changed without changing the status. */
  readonly edited = new Set<SipKey>();
  writes = 0;
  opened = 0;
  closed = false;
  /** While set, every call fails with it. */
  failure: BridgeError | undefined;
  /** While true, openings and writes never return. */
  hangs = false;
  /** While set, a write takes effect and then fails. */
  lostAnswer: BridgeError | undefined;
  /** While set, writes, heartbeats and removals fail though opening succeeds. */
  writeFailure: BridgeError | undefined;
  /** While set, a write takes effect at once and is answered when this resolves. */
  answerAfter: Promise<void> | undefined;

  open(): Promise<StoreContents> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.hangs) return new Promise(() => undefined);
    this.opened++;
    const people = [...this.records.values()].map(({ person, snapshot, bridge, epoch, seq }) => ({
      key: person.key,
      uri: person.uri,
      name: person.name,
      otherNames: person.otherNames ?? [],
      mailAddresses: person.mailAddresses ?? [],
      intact: !this.edited.has(person.key),
      snapshot,
      bridge,
      epoch,
      seq,
    }));
    const highestEpoch = people.reduce((highest, { epoch }) => Math.max(highest, epoch), 0);
    return Promise.resolve({ people, highestEpoch, duplicates: 0, conflicts: 0, leftAlone: 0 });
  }

  write(records: readonly PersonRecord[]): Promise<WriteOutcome> {
    if (this.hangs) return new Promise(() => undefined);
    const failure = this.failure ?? this.writeFailure;
    if (failure) return Promise.reject(failure);
    const failed = new Map<SipKey, BridgeError>();
    for (const record of records) {
      const refusal = this.refused.get(record.person.key);
      if (refusal) failed.set(record.person.key, refusal);
      else {
        this.records.set(record.person.key, record);
        this.edited.delete(record.person.key);
        this.writes++;
      }
    }
    if (this.lostAnswer) return Promise.reject(this.lostAnswer);
    const outcome = { written: records.map((r) => r.person.key).filter((key) => !failed.has(key)), failed };
    return (this.answerAfter ?? Promise.resolve()).then(() => outcome);
  }

  heartbeat(record: HeartbeatRecord): Promise<void> {
    const failure = this.failure ?? this.writeFailure;
    if (failure) return Promise.reject(failure);
    this.heartbeats.push(record);
    return Promise.resolve();
  }

  remove(keys: readonly SipKey[]): Promise<WriteOutcome> {
    const failure = this.failure ?? this.writeFailure;
    if (failure) return Promise.reject(failure);
    const failed = new Map([...this.refused].filter(([key]) => keys.includes(key)));
    const written = keys.filter((key) => !failed.has(key));
    for (const key of written) this.records.delete(key);
    return Promise.resolve({ written, failed });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
