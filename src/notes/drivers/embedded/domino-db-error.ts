export type DominoDbErrorCode =
  | 'ERR_BAD_REQUEST'
  | 'ERR_FORBIDDEN'
  | 'ERR_INTERNAL_ERROR'
  | 'ERR_NOT_CONNECTED'
  | 'ERR_NOT_FOUND';

/** Notes status number that Proton names as the cause of a query it cannot read. */
export const QUERY_SYNTAX = 3849;

/**
 * An error as calls of domino-db reject with: known by `name` and `code`, and, unlike other errors, whole after
 * `JSON.stringify`.
 */
export function dominoDbError(code: DominoDbErrorCode, message: string, cause?: unknown): Error {
  const error = Object.assign(new Error(message), {
    name: 'DominoDbError',
    code,
    ...(cause === undefined ? {} : { cause }),
  });
  return Object.defineProperties(error, {
    message: { value: message, enumerable: true },
    stack: { value: error.stack, enumerable: true },
  });
}

export function badRequest(message: string): Error {
  return dominoDbError('ERR_BAD_REQUEST', message);
}

export function documentNotFound(unid: string): Error {
  return dominoDbError('ERR_NOT_FOUND', `Document ${unid} was not found.`);
}

/** A query that cannot be read. As the server does, the message repeats the query and points at the place. */
export function querySyntaxError(reason: string, query: string, offset: number): Error {
  const line = query.replace(/\s/g, ' ');
  const message = `${reason}\n${line}\n${' '.repeat(Math.min(offset, line.length))}^`;
  const cause = { name: 'ProtonError', code: QUERY_SYNTAX, message, stack: `Error: ${message}` };
  return dominoDbError('ERR_BAD_REQUEST', message, cause);
}
