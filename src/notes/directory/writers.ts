import type { NotesName } from '../../presence/ids.js';
import { UPDATED_BY_ITEM } from '../fields.js';
import { textsOf } from '../item-access.js';
import type { Items } from '../item-value.js';
import { type NameKey, readName } from './names.js';

/** For whom a document speaks: everybody it names, or only its own writer; `not-known` when nobody says who wrote it. */
export type Authority = 'everybody' | { readonly only: NotesName } | 'not-known';

/**
 * Whom documents of the presence database may speak for, by who wrote them last. Domino keeps that in `$UpdatedBy`,
 * whose last value is the newest writer; a person with Author access can write any other item, so no other is asked.
 */
export class Writers {
  readonly #administrators: ReadonlySet<NameKey>;

  /** Notes names. None: whoever can write speaks for everybody, since then only administrators can. */
  constructor(administrators: readonly string[]) {
    this.#administrators = new Set(administrators.flatMap((name) => readName(name)?.key ?? []));
  }

  authorityOf(items: Items): Authority {
    if (this.#administrators.size === 0) return 'everybody';
    const writer = readName(textsOf(items, UPDATED_BY_ITEM).at(-1) ?? '');
    if (writer === undefined) return 'not-known';
    return this.#administrators.has(writer.key) ? 'everybody' : { only: writer.name };
  }
}
