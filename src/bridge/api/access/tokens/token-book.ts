import { timingSafeEqual } from 'node:crypto';
import type { Clock, Log } from '../../../ports.js';
import { createGrant, type Grant } from '../grant.js';
import { type IsOnList, parsePersonFilter } from '../person-filter.js';
import { hashOf, type TokenRecord } from './token-record.js';
import type { TokenSource } from './token-source.js';

export interface TokenBookPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Without it nobody is on any list. */
  readonly isOnList?: IsOnList | undefined;
  /** Called with the name of a token that was revoked or changed: what was said with it counts no more. */
  readonly onEnded?: (holder: string) => void;
}

interface Entry {
  readonly record: TokenRecord;
  readonly hash: Buffer;
  readonly grant: Grant;
}

/** Between two looks at what was created and revoked. */
const LOOK_MS = 1_000;
/** Least time between two looks for the sake of tokens that nobody knows. */
const LOOK_AGAIN_MS = 100;

/** The tokens of applications and what they grant, kept current while the bridge runs. */
export class TokenBook {
  readonly #source: TokenSource;
  readonly #ports: TokenBookPorts;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #standing: ReadonlySet<Grant> = new Set();
  #cancel: () => void = () => undefined;
  /** Monotonic. */
  #lookedAt: number | undefined;

  constructor(source: TokenSource, ports: TokenBookPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#look();
  }

  /** What a token grants; `undefined` when there is no such token (any more), `expired` when its time is over. */
  find(token: string): Grant | 'expired' | undefined {
    const hash = hashOf(token);
    const key = hash.toString('hex');
    // Looking up takes a time that depends on the hash only; nobody comes from parts of a hash to a token.
    const entry = this.#entries.get(key) ?? this.#created(key);
    if (entry === undefined || !timingSafeEqual(entry.hash, hash)) return undefined;
    const now = this.#ports.clock.now();
    if (isOver(entry.grant, now)) return 'expired';
    this.#source.used(key, now);
    return entry.grant;
  }

  /** False once the token is revoked, changed or expired. */
  stands(grant: Grant): boolean {
    return this.#standing.has(grant) && !isOver(grant, this.#ports.clock.now());
  }

  close(): void {
    this.#cancel();
  }

  #look(): void {
    this.#read();
    this.#cancel = this.#ports.clock.after(LOOK_MS, () => this.#look());
  }

  #read(): void {
    const records = this.#source.changed();
    if (records !== undefined) this.#take(records);
    this.#lookedAt = this.#ports.clock.monotonic();
  }

  /** Whoever has just created a token uses it at once. */
  #created(key: string): Entry | undefined {
    if (this.#ports.clock.monotonic() - (this.#lookedAt ?? 0) < LOOK_AGAIN_MS) return undefined;
    this.#read();
    return this.#entries.get(key);
  }

  #take(records: readonly TokenRecord[]): void {
    const before = this.#entries;
    const entries = records.map((record): [string, Entry] => {
      const known = before.get(record.hash);
      // Streams that are open keep their grant as long as nothing about their token changes.
      return [record.hash, known && isSame(known.record, record) ? known : entryOf(record, this.#ports)];
    });
    this.#entries = new Map(entries);
    this.#standing = new Set(entries.map(([, { grant }]) => grant));
    for (const { grant } of before.values()) if (!this.#standing.has(grant)) this.#ports.onEnded?.(grant.holder);
    if (this.#lookedAt === undefined) return;
    for (const [hash, { record }] of this.#entries) if (!before.has(hash)) this.#audit('audit.token-created', record);
    for (const [hash, { record }] of before) if (!this.#entries.has(hash)) this.#audit('audit.token-revoked', record);
  }

  #audit(event: string, { name, scopes, people, expires }: TokenRecord): void {
    // Patterns may name people: of how many there are the log may know.
    const everybody = people[0] === '*';
    this.#ports.log.info(event, { holder: name, scopes, everybody, patterns: everybody ? 0 : people.length, expires });
  }
}

function entryOf(record: TokenRecord, { isOnList }: TokenBookPorts): Entry {
  const { name, hash, scopes, people, expires } = record;
  const filter = parsePersonFilter(people, isOnList);
  // Read already by whoever read the record; should it ever fail, nobody is seen.
  const seen = filter.ok ? filter.value : { patterns: [], everybody: false, key: 'nobody', sees: () => false };
  return {
    record,
    hash: Buffer.from(hash, 'hex'),
    grant: createGrant({ holder: name, scopes, filter: seen, expires }),
  };
}

function isSame(one: TokenRecord, other: TokenRecord): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isOver({ expires }: Grant, now: number): boolean {
  return expires !== undefined && now >= expires;
}
