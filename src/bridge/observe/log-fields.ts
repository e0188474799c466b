import { BridgeError } from '../../presence/errors.js';
import type { LogFields } from '../ports.js';
import { pseudonym } from './pseudonym.js';

export interface FieldLimits {
  /** Characters of one text. */
  readonly text: number;
  /** Fields of one object and entries of one list. */
  readonly entries: number;
  /** Objects within objects. */
  readonly depth: number;
}

export const DEFAULT_FIELD_LIMITS: FieldLimits = { text: 512, entries: 32, depth: 4 };

/** `pseudonyms`: addresses become keys, notes and names are left out. `in-clear`: as given, for debugging only. */
export type PeopleInLog = 'pseudonyms' | 'in-clear';

/** Fields whose name ends so hold a secret, at any depth. Compared in lower case without `-` and `_`. */
const SECRET_ENDINGS = [
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'gssapidata',
  'passphrase',
  'password',
  'privatekey',
  'secret',
  'sessionkey',
  'signingkey',
  'ticket',
  'token',
];

/** Fields that say something of a person which the key does not. */
const PERSONAL = new Set(['note', 'displayname', 'personname', 'subject', 'body']);

/** The fields the logger itself writes. */
const RESERVED = new Set(['level', 'time', 'event']);

/** Secrets inside a text: header values, ticket and token in addresses, and our tokens wherever they stand. */
const SECRET_TEXT =
  /\b(Bearer|NTLM|Negotiate|Kerberos|gssapi-data=|ticket=|token=|\bnpb_)(\s*"?)[A-Za-z0-9+/=._~-]{6,}/gi;

/**
 * Fields as they may stand in a log line: plain data, bounded in length, depth and number, without secrets, and
 * without people unless `people` says otherwise. Whatever is thrown at it, it does not throw.
 */
export function safeFields(
  fields: LogFields,
  people: PeopleInLog,
  limits: FieldLimits = DEFAULT_FIELD_LIMITS,
): Record<string, unknown> {
  const safe = safeObject(fields, people, limits, limits.depth);
  for (const name of RESERVED) {
    if (!(name in safe)) continue;
    safe[`_${name}`] = safe[name];
    delete safe[name];
  }
  return safe;
}

function safeObject(
  object: Readonly<Record<string, unknown>>,
  people: PeopleInLog,
  limits: FieldLimits,
  depth: number,
): Record<string, unknown> {
  const safe: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(object).slice(0, limits.entries)) {
    const plain = name.replace(/[-_]/g, '').toLowerCase();
    const key = safeText(name, people, limits);
    if (value === undefined || value === '') safe[key] = value;
    else if (SECRET_ENDINGS.some((ending) => plain.endsWith(ending))) safe[key] = '[secret]';
    else if (people === 'pseudonyms' && PERSONAL.has(plain)) safe[key] = '[person]';
    else safe[key] = safeValue(value, people, limits, depth - 1);
  }
  return safe;
}

function safeValue(value: unknown, people: PeopleInLog, limits: FieldLimits, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return safeText(value, people, limits);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return null;
  if (value instanceof Error) return safeError(value, people, limits);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth <= 0) return '[…]';
  if (value instanceof Map) return safeObject(Object.fromEntries(value), people, limits, depth);
  if (Array.isArray(value) || value instanceof Set) {
    return [...value].slice(0, limits.entries).map((entry) => safeValue(entry, people, limits, depth - 1));
  }
  return safeObject(value as Record<string, unknown>, people, limits, depth);
}

/** An error as `{ code, message, retry, next, details }`; a mistake in the program also with its place. */
function safeError(error: Error, people: PeopleInLog, limits: FieldLimits): Record<string, unknown> {
  const bridgeError = BridgeError.from(error);
  const { code, message, retry, next, details } = bridgeError;
  const origin = bridgeError.cause instanceof Error ? bridgeError.cause : error;
  return {
    code,
    message: safeText(message, people, limits),
    retry,
    next,
    details: safeObject(details, people, limits, 1),
    ...(code === 'INTERNAL' && { stack: safeText(origin.stack ?? '', people, limits) }),
  };
}

function safeText(text: string, people: PeopleInLog, limits: FieldLimits): string {
  // Cut first, so that no work is done on megabytes; never in the middle of a word, which could be half an address.
  const cut = text.length > 4 * limits.text ? text.slice(0, 4 * limits.text).replace(/\S*$/, '') : text;
  const clean = cut.replace(SECRET_TEXT, '$1$2[secret]');
  const named = people === 'pseudonyms' ? pseudonym(clean) : clean;
  if (named.length <= limits.text && cut === text) return named;
  return `${named.slice(0, limits.text - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
