import type { SipUri } from '../../../presence/ids.js';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { Cursors } from './cursor.js';
import { Frame } from './frame.js';
import type { PeopleJournal } from './people-journal.js';
import type { PersonTexts } from './person-texts.js';
import type { Meaning } from './subscription.js';

export interface PeopleGroupOptions {
  readonly journal: PeopleJournal;
  readonly texts: Pick<PersonTexts, 'of'>;
  readonly cursors: Cursors;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long statuses may be shown when nothing more is heard, milliseconds. */
  readonly freshMs: number;
  /** Octets of a snapshot's part, about. */
  readonly part: number;
  /** Octets of a message of changes; who needs more gets a snapshot. */
  readonly changes: number;
}

/** A part of a snapshot, and where the next one begins. */
export interface SnapshotPart {
  readonly frame: Frame;
  /** Of the members; `undefined` after the last part. */
  readonly next: number | undefined;
}

/** What somebody gets who knows the group up to a number: nothing, one message, or everything anew. */
export type News = Frame | 'nothing' | 'everything';

/**
 * All streams that follow the same people with the same sight. Each message is made once for all of them. Knows nothing
 * of the streams: what each of them has is its own number of the journal.
 */
export class PeopleGroup {
  readonly words: readonly Vocabulary[];
  readonly #options: PeopleGroupOptions;
  #meaning: Meaning;
  /** Who changed after the number `#pendingSince`. */
  #pending = new Set<SipUri>();
  #pendingSince: number;
  #changedAt: number;
  /** Made since the last `settle`, by what they are made from. */
  readonly #parts = new Map<string, SnapshotPart>();
  readonly #news = new Map<number, News>();
  readonly #resumed = new Map<number, News>();

  constructor(meaning: Meaning, words: readonly Vocabulary[], options: PeopleGroupOptions) {
    this.#meaning = meaning;
    this.words = [...new Set(words)].sort();
    this.#options = options;
    this.#pendingSince = options.journal.sequence;
    this.#changedAt = options.journal.sequence;
  }

  /** Whoever knows it up to this number, or a later one, knows all. */
  get changedAt(): number {
    return this.#changedAt;
  }

  get members(): readonly SipUri[] {
    return this.#meaning.members;
  }

  /** Takes what the subscription means now; false when that is what it meant before. */
  follow(meaning: Meaning): boolean {
    if (meaning.key === this.#meaning.key) return false;
    this.#meaning = meaning;
    this.#changedAt = this.#options.journal.sequence;
    // All begin anew, so that nobody waits for what is pending.
    this.settle();
    return true;
  }

  /** A member changed. */
  note(uri: SipUri): void {
    this.#pending.add(uri);
    this.#changedAt = this.#options.journal.sequence;
    this.forget();
  }

  /** All streams that keep up were told of all changes; what was made for them is let go. */
  settle(): void {
    this.#pending.clear();
    this.#pendingSince = this.#options.journal.sequence;
    this.forget();
  }

  /** The number up to which a cursor's bearer knows this group; `undefined` when it has to begin anew. */
  resumedAt(cursor: string): number | undefined {
    const { cursors, journal } = this.#options;
    const sequence = cursors.open(cursor, this.#meaning.key);
    return sequence !== undefined && sequence <= journal.sequence ? sequence : undefined;
  }

  /** What changed after a number. With `resumed`, also that nothing did. */
  newsSince(known: number, resumed: boolean): News {
    if (known >= this.#changedAt && !resumed) return 'nothing';
    const ready = resumed ? this.#resumed : this.#news;
    const before = ready.get(known);
    if (before !== undefined) return before;
    const made = this.#makeNews(known, resumed);
    ready.set(known, made);
    return made;
  }

  /** `from` is where the part begins, `start` the number at which the snapshot was begun: its reader knows no more. */
  part(from: number, start: number): SnapshotPart {
    const known = this.#parts.get(String(from)) ?? this.#parts.get(`${from} ${start}`);
    if (known !== undefined) return known;
    const made = this.#makePart(from, start);
    // Only the last part differs by where its snapshot began.
    this.#parts.set(made.next === undefined ? `${from} ${start}` : String(from), made);
    return made;
  }

  #makeNews(known: number, resumed: boolean): News {
    const { journal, texts, cursors, now, changes } = this.#options;
    const candidates = known >= this.#pendingSince ? this.#pending : this.members;
    const people: string[] = [];
    let length = 0;
    for (const uri of candidates) {
      if (journal.changedAt(uri) <= known) continue;
      const json = texts.of(uri, this.words);
      if (json === undefined) continue;
      people.push(json);
      length += json.length;
      if (length > changes) return 'everything';
    }
    if (people.length === 0 && !resumed) return 'nothing';
    const cursor = cursors.seal(journal.sequence, this.#meaning.key);
    const head = JSON.stringify({ type: 'changes', cursor, at: now(), ...(resumed ? { resumed } : {}) });
    return new Frame('changes', withPeople(head, people), cursor);
  }

  #makePart(from: number, start: number): SnapshotPart {
    const { texts, cursors, now, freshMs, part } = this.#options;
    const people: string[] = [];
    let next = from;
    for (let length = 0; next < this.members.length && length < part; next++) {
      const uri = this.members[next];
      const json = uri && texts.of(uri, this.words);
      if (json === undefined) continue;
      people.push(json);
      length += json.length;
    }
    const isLast = next >= this.members.length;
    const cursor = isLast ? cursors.seal(start, this.#meaning.key) : undefined;
    const head = JSON.stringify({
      type: 'snapshot',
      ...(cursor === undefined ? {} : { cursor }),
      at: now(),
      freshUntil: now() + freshMs,
      ...(from === 0 ? { asked: this.#meaning.asked } : {}),
      ...(isLast ? {} : { more: true }),
    });
    // Who is cut off between two parts must not come back with the cursor of what it had before.
    const frame = new Frame('snapshot', withPeople(head, people), cursor ?? '');
    return { frame, next: isLast ? undefined : next };
  }

  /** Lets go what was made: it tells until when it counts. */
  forget(): void {
    this.#parts.clear();
    this.#news.clear();
    this.#resumed.clear();
  }
}

/** `head` is an object as JSON that is not empty. */
function withPeople(head: string, people: readonly string[]): string {
  return `${head.slice(0, -1)},"people":[${people.join()}]}`;
}
