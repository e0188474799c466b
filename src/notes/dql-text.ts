/**
 * A text as a DQL literal, in single quotes, with quotes inside doubled (Domino Query Language, "Query syntax").
 * Throws `RangeError` for control characters, which no key of ours holds.
 */
export function dqlText(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new RangeError('a DQL literal cannot hold control characters');
  return `'${text.replaceAll("'", "''")}'`;
}

/** The term `Form = '…'`, alone or with a second condition. Domino asks for blanks around operators. */
export function dqlForm(form: string, and?: string): string {
  const term = `Form = ${dqlText(form)}`;
  return and === undefined ? term : `${term} and ${and}`;
}

/** The term `item in ('a', 'b')`. */
export function dqlIn(item: string, values: readonly string[]): string {
  return `${item} in (${values.map(dqlText).join(', ')})`;
}
