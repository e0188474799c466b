/** Several values under each key, found without looking at the others. */
export class KeyIndex<K, V> {
  readonly #byKey = new Map<K, Set<V>>();

  /** The value that was added first of those still there. */
  first(key: K): V | undefined {
    return this.#byKey.get(key)?.values().next().value;
  }

  add(key: K, value: V): void {
    const values = this.#byKey.get(key);
    if (values) values.add(value);
    else this.#byKey.set(key, new Set([value]));
  }

  delete(key: K, value: V): void {
    const values = this.#byKey.get(key);
    values?.delete(value);
    if (values?.size === 0) this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }
}
