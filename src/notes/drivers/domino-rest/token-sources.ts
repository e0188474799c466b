import { type FileHandle, open } from 'node:fs/promises';
import { BridgeError } from '../../../presence/errors.js';
import { isOpenToOthers } from '../../../system/open-to-others.js';
import type { RestAnswer, RestHttp } from './http.js';
import type { DominoRestLimits } from './limits.js';
import { refusalOf } from './refusal.js';

export interface Token {
  readonly text: string;
  /** How long it counts from now on, milliseconds; `undefined` when nobody said. */
  readonly lifetimeMs: number | undefined;
}

/** Where a token comes from. */
export interface TokenSource {
  /** Whose it is: server and user, or file. Never shown. */
  readonly account: string;
  /** Whether the server is asked, so that there is something to sign off from. */
  readonly isLogin: boolean;
  /** What a refusal is remembered by. Throws `NOTES_CREDENTIALS` when it cannot be read. */
  secret(): Promise<string>;
  /** `secret` is what was just read. Throws `NOTES_CREDENTIALS` when the server refuses it. */
  obtain(secret: string): Promise<Token>;
}

const MAX_TOKEN_CHARACTERS = 16_384;
/** What is sent in a header. */
const TOKEN = /^[\x21-\x7e]+$/;

export interface PasswordLogin {
  readonly url: string;
  readonly scope: string;
  readonly user: string;
  readonly password: string;
}

/** `POST /auth` for the one scope. Password logins have no renewal: one logs in anew. */
export function passwordSource(login: PasswordLogin, http: RestHttp, limits: DominoRestLimits): TokenSource {
  const { url, scope, user, password } = login;
  return {
    account: `${url}\n${user}`,
    isLogin: true,
    secret: () => Promise.resolve(password),
    async obtain() {
      const body = { username: user, password, scope };
      const { timeoutMs } = limits;
      return tokenOf(await http.send({ operation: 'login', method: 'POST', path: '/auth', body, timeoutMs }), login);
    },
  };
}

function tokenOf(answer: RestAnswer, { user, password }: PasswordLogin): Token {
  if (answer.status === 200 && typeof answer.json === 'object' && answer.json !== null) {
    const { bearer, expSeconds } = answer.json as Readonly<Record<string, unknown>>;
    if (isToken(bearer)) {
      const known = typeof expSeconds === 'number' && Number.isFinite(expSeconds);
      return { text: bearer, lifetimeMs: known ? Math.max(0, expSeconds) * 1000 : undefined };
    }
    throw new BridgeError('NOTES_INTERNAL', 'The answer to the login holds no token.', {
      details: { operation: 'login', status: 200 },
    });
  }
  const context = { operation: 'login', about: 'database', secrets: [password, user] } as const;
  const error = refusalOf(answer, context);
  // Password logins can be switched off; that is not for another attempt to find out either.
  if (error.code !== 'NOTES_FORBIDDEN') throw error;
  throw new BridgeError('NOTES_CREDENTIALS', `${error.message} Logins by password may be switched off.`, {
    details: error.details,
  });
}

/** A file with a token that somebody else renews: its first line. Nobody else may be able to read it. */
export function fileSource(file: string): TokenSource {
  return {
    account: `file\n${file}`,
    isLogin: false,
    async secret() {
      const [line = ''] = (await readTokenFile(file)).trim().split(/\r?\n/, 1);
      if (isToken(line)) return line;
      throw new BridgeError('NOTES_CREDENTIALS', `The token file ${file} holds no token.`);
    },
    obtain: (secret) => Promise.resolve({ text: secret, lifetimeMs: undefined }),
  };
}

/** Rights and content of one and the same file, though somebody replaces it meanwhile. */
async function readTokenFile(file: string): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    if (isOpenToOthers(file, (await handle.stat()).mode)) {
      const message = `The token file ${file} can be read by others; run: chmod 600 ${file}`;
      throw new BridgeError('NOTES_CREDENTIALS', message);
    }
    const bytes = Buffer.alloc(MAX_TOKEN_CHARACTERS + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.toString('latin1', 0, bytesRead);
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new BridgeError('NOTES_CREDENTIALS', `The token file ${file} cannot be read (${reason}).`, { cause });
  } finally {
    await handle?.close();
  }
}

function isToken(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_TOKEN_CHARACTERS && TOKEN.test(text);
}
