import { MAX_NAME_LENGTH, MAX_PEOPLE_ASKED } from '../subscription.js';

/** Who is asked for by the readers of one page. Pure. */
export class Queries<Reader> {
  readonly #readers = new Map<string, Set<Reader>>();

  add(query: string, reader: Reader): void {
    const readers = this.#readers.get(query);
    if (readers === undefined) this.#readers.set(query, new Set([reader]));
    else readers.add(reader);
  }

  remove(query: string, reader: Reader): void {
    const readers = this.#readers.get(query);
    readers?.delete(reader);
    if (readers?.size === 0) this.#readers.delete(query);
  }

  /** As many as the bridge takes, those who were there first. */
  followed(): readonly string[] {
    const followed: string[] = [];
    for (const query of this.#readers.keys()) {
      if (followed.length === MAX_PEOPLE_ASKED) break;
      if (query.length <= MAX_NAME_LENGTH) followed.push(query);
    }
    return followed;
  }

  entries(): Iterable<readonly [query: string, readers: Iterable<Reader>]> {
    return this.#readers.entries();
  }
}
