import { BridgeError, type ErrorCode } from '../../presence/errors.js';

/** Codes of the module's own error objects (`name` is `DominoDbError`). */
const BY_DOMINO_CODE: Readonly<Record<string, ErrorCode>> = {
  ERR_BAD_REQUEST: 'NOTES_BAD_REQUEST',
  ERR_FORBIDDEN: 'NOTES_FORBIDDEN',
  ERR_INTERNAL_ERROR: 'NOTES_INTERNAL',
  ERR_NOT_AUTHORIZED: 'NOTES_FORBIDDEN',
  ERR_NOT_CONNECTED: 'NOTES_UNREACHABLE',
  ERR_NOT_FOUND: 'NOTES_NOT_FOUND',
  ERR_NOT_MODIFIED: 'NOTES_BAD_REQUEST',
  ERR_PRECONDITION_FAILED: 'NOTES_BAD_REQUEST',
};

/** Status numbers of gRPC that say something about the transport or the caller's identity. */
const BY_GRPC_STATUS: Readonly<Record<number, ErrorCode>> = {
  4: 'NOTES_TIMEOUT',
  7: 'NOTES_FORBIDDEN',
  8: 'NOTES_UNREACHABLE',
  13: 'NOTES_UNREACHABLE',
  14: 'NOTES_UNREACHABLE',
  16: 'NOTES_FORBIDDEN',
};

const NODE_CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Whatever a call of domino-db rejected with, as a `BridgeError`. `operation` names the call. Errors are known by name and code,
 * since the module does not export their class. An error nobody knows is `NOTES_INTERNAL`: trying again may help, and whether a
 * write took effect stays open.
 */
export function bridgeErrorOf(thrown: unknown, operation: string): BridgeError {
  const chain = causes(thrown);
  const own = chain.find((error) => error instanceof BridgeError);
  if (own instanceof BridgeError) return own;
  const code = transportCode(chain) ?? dominoCode(chain) ?? 'NOTES_INTERNAL';
  const details = { operation, dominoCode: text(field(thrown, 'code')), status: protonStatus(chain) };
  return new BridgeError(code, firstLine(thrown), { cause: thrown, details });
}

/** The `@error` of one document in an answer. Only its `message` is certain to be there. */
export function documentErrorOf(error: unknown, operation: string): BridgeError {
  const chain = causes(error);
  const code = dominoCode(chain) ?? 'NOTES_BAD_REQUEST';
  return new BridgeError(code, firstLine(error), { cause: error, details: { operation, status: protonStatus(chain) } });
}

/** COMPAT(proton): `@all` on a database without documents is refused with this message instead of finding none. */
export function saysDatabaseIsEmpty(thrown: unknown): boolean {
  return text(field(thrown, 'message'))?.startsWith('No documents have been modified since') ?? false;
}

const MAX_CAUSES = 8;

function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let error = thrown; error !== undefined && error !== null && chain.length < MAX_CAUSES; ) {
    chain.push(error);
    error = field(error, 'cause');
  }
  return chain;
}

function transportCode(chain: readonly unknown[]): ErrorCode | undefined {
  for (const error of chain) {
    const code = field(error, 'code');
    if (NODE_CODES.has(code)) return 'NOTES_UNREACHABLE';
    // A Notes status of the server is a number too, but comes in an object of that name.
    if (typeof code === 'number' && field(error, 'name') !== 'ProtonError') return BY_GRPC_STATUS[code];
  }
  return undefined;
}

function dominoCode(chain: readonly unknown[]): ErrorCode | undefined {
  for (const error of chain) {
    const code = field(error, 'code');
    if (typeof code === 'string' && Object.hasOwn(BY_DOMINO_CODE, code)) return BY_DOMINO_CODE[code];
  }
  return undefined;
}

/** Notes status number such as 3849, for the administrator's search. */
function protonStatus(chain: readonly unknown[]): number | undefined {
  const code = field(
    chain.find((error) => field(error, 'name') === 'ProtonError'),
    'code',
  );
  return typeof code === 'number' ? code : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Later lines repeat the query, and with it keys of people. */
function firstLine(thrown: unknown): string {
  const message = text(field(thrown, 'message')) ?? String(thrown);
  return (message.split('\n')[0] ?? '').slice(0, 300);
}
