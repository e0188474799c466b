import { BridgeError, type ErrorCode } from '../../../presence/errors.js';
import { cleanText } from '../../../presence/snapshot.js';
import { withoutSecrets } from '../sent-texts.js';
import { codeOfNotesStatus, NO_DOCUMENTS_STATUS } from './notes-status.js';
import { codeOfTransport } from './transport-trouble.js';

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

/**
 * Whatever a call of domino-db rejected with, as a `BridgeError`. `operation` names the call. Errors are known by name and code,
 * since the module does not export their class. An error nobody knows is `NOTES_INTERNAL`: trying again may help, and whether a
 * write took effect stays open. `secrets`: texts that were sent and that the message may repeat.
 */
export function bridgeErrorOf(thrown: unknown, operation: string, secrets: readonly string[] = []): BridgeError {
  const chain = causes(thrown);
  const own = chain.find((error) => error instanceof BridgeError);
  if (own instanceof BridgeError) return own;
  const code = transportCode(chain) ?? statusCode(chain) ?? dominoCode(chain) ?? 'NOTES_INTERNAL';
  const details = { operation, dominoCode: dominoText(thrown), status: protonStatus(chain) };
  return new BridgeError(code, firstLine(thrown, secrets), { cause: thrown, details });
}

/** The `@error` of one document in an answer. Only its `message` is certain to be there. */
export function documentErrorOf(error: unknown, operation: string, secrets: readonly string[] = []): BridgeError {
  const chain = causes(error);
  const own = chain.find((one) => one instanceof BridgeError);
  if (own instanceof BridgeError) return own;
  const code = statusCode(chain) ?? dominoCode(chain) ?? 'NOTES_BAD_REQUEST';
  const details = { operation, dominoCode: dominoText(error), status: protonStatus(chain) };
  return new BridgeError(code, firstLine(error, secrets), { cause: error, details });
}

/** COMPAT(proton): `@all` on a database without documents is refused with this message instead of finding none. */
export function saysDatabaseIsEmpty(thrown: unknown): boolean {
  const said = text(field(thrown, 'message'))?.startsWith('No documents have been modified since') ?? false;
  return said || protonStatus(causes(thrown)) === NO_DOCUMENTS_STATUS;
}

const MAX_CAUSES = 8;
const MAX_MESSAGE = 300;
/** Keys in PEM form are longer than what is shown. */
const MAX_LOOKED_AT = 16_384;

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
    // A Notes status of the server is a number too, but comes in an object of that name.
    if (field(error, 'name') === 'ProtonError') continue;
    const code = codeOfTransport(field(error, 'code'), messageOf(error));
    if (code !== undefined) return code;
  }
  return undefined;
}

function statusCode(chain: readonly unknown[]): ErrorCode | undefined {
  const status = protonStatus(chain);
  for (const error of chain) {
    const code = codeOfNotesStatus(status, messageOf(error));
    if (code !== undefined) return code;
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

/** Codes are short words; anything else might carry what should not be in a log. */
function dominoText(thrown: unknown): string | undefined {
  const code = text(field(thrown, 'code'));
  return code !== undefined && /^\w{1,64}$/.test(code) ? code : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As much of a message as is looked at. */
function messageOf(error: unknown): string {
  return (text(field(error, 'message')) ?? '').slice(0, 4 * MAX_MESSAGE);
}

/** Later lines repeat the query, and with it keys of people. */
function firstLine(thrown: unknown, secrets: readonly string[]): string {
  const said = (text(field(thrown, 'message')) ?? text(thrown) ?? '').slice(0, MAX_LOOKED_AT);
  const message = withoutSecrets(said, secrets);
  return cleanText((message.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '').slice(0, MAX_MESSAGE)) || 'No reason was given.';
}
