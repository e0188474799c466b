import type { Items } from '../../notes/item-value.js';

/** What a listener is told: documents that are new, other or gone. */
export type DocumentListener = (ids: readonly string[]) => void;

/** Documents by id, and who wants to hear of changes. */
export class DocumentTable {
  readonly #documents = new Map<string, Items>();
  readonly #listeners = new Set<DocumentListener>();

  get(id: string): Items | undefined {
    return this.#documents.get(id);
  }

  entries(): Iterable<readonly [id: string, items: Items]> {
    return this.#documents;
  }

  get size(): number {
    return this.#documents.size;
  }

  put(...documents: readonly (readonly [id: string, items: Items])[]): void {
    for (const [id, items] of documents) this.#documents.set(id, items);
    this.#tell(documents.map(([id]) => id));
  }

  remove(id: string): void {
    if (this.#documents.delete(id)) this.#tell([id]);
  }

  /** Becomes equal to `documents`; listeners hear only of what differs. */
  replaceAll(documents: ReadonlyMap<string, Items>): void {
    const gone = [...this.#documents.keys()].filter((id) => !documents.has(id));
    const changed = [...documents].filter(([id, items]) => !sameItems(this.#documents.get(id), items));
    for (const id of gone) this.#documents.delete(id);
    for (const [id, items] of changed) this.#documents.set(id, items);
    this.#tell([...gone, ...changed.map(([id]) => id)]);
  }

  onChange(listener: DocumentListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(ids: readonly string[]): void {
    if (ids.length > 0) for (const listener of this.#listeners) listener(ids);
  }
}

function sameItems(a: Items | undefined, b: Items): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
