import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { bad, ok, type Result } from '../../../../presence/result.js';
import { ADMINISTRATOR, ALL_SCOPES, ANYBODY, type Scope } from '../grant.js';
import { MAX_PATTERNS, parsePersonFilter } from '../person-filter.js';

/** A token as it is kept: all about it but the token. */
export interface TokenRecord {
  /** For people and logs; one at a time has it. */
  readonly name: string;
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** Patterns of `parsePersonFilter`. */
  readonly people: readonly string[];
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Milliseconds since 1970; absent for a token without an end. */
  readonly expires?: number | undefined;
}

export const MAX_TOKENS = 500;
const FORMAT = 1;
const TOKEN_BYTES = 32;
/** By it scanners of source code and logs know what they found. */
const PREFIX = 'npb_';
const LATEST = 8_640_000_000_000_000;

const time = z.int().min(0).max(LATEST);

const tokenSchema = z
  .strictObject({
    name: z.string().refine((name) => isTokenName(name)),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    scopes: z.array(z.enum(ALL_SCOPES)).min(1).max(ALL_SCOPES.length),
    people: z.array(z.string().max(1_100)).min(1).max(MAX_PATTERNS),
    created: time,
    expires: time.optional(),
  })
  .refine((record) => faultOf(record) === undefined);

const fileSchema = z.strictObject({ format: z.literal(FORMAT), tokens: z.array(tokenSchema).max(MAX_TOKENS) });

/** 256 random bits as text of RFC 6750's token characters. */
export function newToken(): string {
  return `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
}

/**
 * As tokens are kept. A hash made to be slow would protect passwords, which can be guessed; nobody guesses 256 random
 * bits, and each request would have to pay for it.
 */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** Short words without blanks, so that they can stand in commands and log lines. */
export function isTokenName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && name !== ADMINISTRATOR && name !== ANYBODY;
}

/** What is wrong with scopes and people together, a sentence without a full stop; `undefined` when they are good. */
export function faultOf({ scopes, people }: Pick<TokenRecord, 'scopes' | 'people'>): string | undefined {
  const filter = parsePersonFilter(people);
  if (!filter.ok) return filter.reason;
  // It sees documents of everybody, and errors that name them.
  if (scopes.includes('operate') && !filter.value.everybody) {
    return 'the scope "operate" reaches all documents: it goes with everybody ("*") only';
  }
  return undefined;
}

/** Reads the whole file or nothing of it: half of the tokens with half of their filters must not open anything. */
export function parseTokens(text: string): Result<readonly TokenRecord[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad('it is not JSON');
  }
  const read = fileSchema.safeParse(json);
  if (!read.success) return bad(`it is not valid at "${read.error.issues[0]?.path.join('.')}"`);
  const { tokens } = read.data;
  for (const key of ['name', 'hash'] as const) {
    if (new Set(tokens.map((token) => token[key])).size !== tokens.length) return bad(`a ${key} stands there twice`);
  }
  return ok(tokens);
}

export function tokensText(tokens: readonly TokenRecord[]): string {
  return JSON.stringify({ format: FORMAT, tokens }, undefined, 2);
}
