/**
 * The same function with its last results kept by their text. Templates are checked in several languages and again after
 * each edit, and most of their formulas and scripts are the same every time. Oldest results go first.
 */
export function remembered<T>(limit: number, compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly result: T }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.result;
    const result = compute(text);
    const [oldest] = known.keys();
    if (known.size >= limit && oldest !== undefined) known.delete(oldest);
    known.set(text, { result });
    return result;
  };
}
