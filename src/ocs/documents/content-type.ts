/** A `Content-Type` value taken apart (RFC 2045 §5.1, RFC 3261 §20.15). */
export interface ContentType {
  /** `type/subtype` in lower case; empty when the value does not begin with one. */
  readonly type: string;
  /** By name in lower case; values as they stand, without quotation marks. The first of two equal names counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TYPE = /^[ \t]*([A-Za-z0-9!#$&^_.+-]{1,127}\/[A-Za-z0-9!#$&^_.+-]{1,127})/;
/**
 * One parameter, from its `;`, or an empty one. A quoted value may hold anything, a bare one anything but `;` and
 * space.
 */
const PARAMETER =
  /[ \t\r\n]*;[ \t\r\n]*(?:([A-Za-z0-9!#$%&'*+.^_`|~-]{1,127})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;" \t\r\n]*)))?/y;
const MAX_LENGTH = 2048;

/** Values without parameters, which come again and again. */
const known = new Map<string, ContentType>();
const MAX_KNOWN = 64;
const LONGEST_KNOWN = 128;

/** Reads the value of a header field. Never throws; what cannot be read ends the parameters. */
export function parseContentType(value: string): ContentType {
  const before = known.get(value);
  if (before !== undefined) return before;
  const read = readContentType(value);
  // A copy of the text: what was cut from a message would keep the message alive.
  if (read.parameters.size === 0 && value.length <= LONGEST_KNOWN && known.size < MAX_KNOWN) {
    known.set(Buffer.from(value).toString(), read);
  }
  return read;
}

function readContentType(value: string): ContentType {
  const text = value.slice(0, MAX_LENGTH);
  const start = TYPE.exec(text);
  const parameters = new Map<string, string>();
  if (start === null) return { type: '', parameters };
  PARAMETER.lastIndex = start[0].length;
  for (let match = PARAMETER.exec(text); match !== null; match = PARAMETER.exec(text)) {
    const [, name, quoted, bare] = match;
    if (name === undefined || parameters.has(name.toLowerCase())) continue;
    parameters.set(name.toLowerCase(), quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'));
  }
  return { type: (start[1] ?? '').toLowerCase(), parameters };
}
