/** A `From`, `To`, `Contact` or `Route` value taken apart. */
export interface Address {
  /** Text between `<` and `>`, or up to the first `;` when there are no brackets; exactly as received. */
  readonly uri: string;
  /** Header parameters by lower-case name, quotes removed. */
  readonly params: ReadonlyMap<string, string>;
}

/** Reads a name-addr or addr-spec with parameters (RFC 3261 §20.10). Never throws: what is missing is empty. */
export function readAddress(value: string): Address {
  const open = indexOutsideQuotes(value, '<', 0);
  const close = open < 0 ? -1 : value.indexOf('>', open);
  if (open >= 0 && close >= 0) {
    return { uri: value.slice(open + 1, close), params: readParams(value.slice(close + 1)) };
  }
  const end = value.indexOf(';');
  const uri = (end < 0 ? value : value.slice(0, end)).trim();
  return { uri, params: end < 0 ? new Map() : readParams(value.slice(end)) };
}

/** Parameters of a URI itself, by lower-case name. */
export function uriParams(uri: string): ReadonlyMap<string, string> {
  const start = uri.indexOf(';');
  return start < 0 ? new Map() : readParams(uri.slice(start));
}

function readParams(text: string): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const part of splitOutsideQuotes(text, ';')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== '' && !params.has(name)) params.set(name, equals < 0 ? '' : unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

/** Splits at a separator that does not stand inside double quotes. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = indexOutsideQuotes(text, separator, 0); at >= 0; at = indexOutsideQuotes(text, separator, start)) {
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

function indexOutsideQuotes(text: string, wanted: string, from: number): number {
  let quoted = false;
  for (let index = from; index < text.length; index += 1) {
    const char = text[index];
    if (char === '"') quoted = !quoted;
    else if (char === '\\' && quoted) index += 1;
    else if (char === wanted && !quoted) return index;
  }
  return -1;
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
