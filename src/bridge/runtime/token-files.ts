import { existsSync, mkdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../presence/errors.js';
import { bad, ok, type Result } from '../../presence/result.js';
import { lockFolder } from '../../system/folder-lock.js';
import { handOver } from '../../system/hand-over.js';
import { isOpenToOthers } from '../../system/open-to-others.js';
import { parseTokens, type TokenRecord, tokensText } from '../api/access/tokens/token-record.js';
import type { TokenSource } from '../api/access/tokens/token-source.js';
import { writeState } from './state-folder.js';
import { type StateFilePorts, stateKeeper } from './state-keeper.js';

/** Folder of the state folder that holds the tokens of applications. Written by commands, read by the bridge. */
export const TOKENS_FOLDER = 'tokens';
/** The tokens, hashed. */
export const TOKENS_FILE = 'tokens.json';
/** The day on which each was used last. Written by the bridge, so that neither writes over the other's. */
export const USES_FILE = 'uses.json';

const MAX_BYTES = 4 * 1024 * 1024;
const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 20;

/** All tokens of a state folder; none where there is no file. Not ok when the file must not count. */
export function readTokens(stateFolder: string): Result<readonly TokenRecord[]> {
  const file = join(stateFolder, TOKENS_FOLDER, TOKENS_FILE);
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return ok([]);
    if (!found.isFile() || found.size > MAX_BYTES) return bad('it is no file of tokens');
    // Whoever can write it can let anybody in.
    if (isOpenToOthers(file, found.mode)) return bad('others than its owner have rights to it');
    return parseTokens(readFileSync(file, 'utf8'));
  } catch (thrown) {
    return bad(`it cannot be read: ${(thrown as NodeJS.ErrnoException).code}`);
  }
}

/**
 * Replaces the tokens of a state folder by what `change` makes of them; commands at the same time wait for each other.
 * Throws what `change` throws, `CFG_INVALID` when the file cannot be read or written, `CLI_OUTPUT` when another command
 * does not come to an end.
 */
export async function changeTokens(
  stateFolder: string,
  change: (tokens: readonly TokenRecord[]) => readonly TokenRecord[],
): Promise<void> {
  const folder = join(stateFolder, TOKENS_FOLDER);
  const release = await lockTokens(folder);
  try {
    const text = tokensText(change(knownTokens(stateFolder)));
    if (Buffer.byteLength(text) >= MAX_BYTES) throw new BridgeError('CLI_USAGE', 'there are too many tokens already');
    writeState(folder, TOKENS_FILE, text);
  } finally {
    release();
  }
}

/** All tokens of a state folder. Throws `CFG_INVALID` when they cannot be read. */
export function knownTokens(stateFolder: string): readonly TokenRecord[] {
  const read = readTokens(stateFolder);
  if (read.ok) return read.value;
  const file = join(stateFolder, TOKENS_FOLDER, TOKENS_FILE);
  throw new BridgeError('CFG_INVALID', `${file}: ${read.reason}; without this file no token counts`);
}

/** The day on which a token was used last, such as `2026-01-05`, by its hash. */
export function lastUses(stateFolder: string): ReadonlyMap<string, string> {
  try {
    const { days } = JSON.parse(readFileSync(join(stateFolder, TOKENS_FOLDER, USES_FILE), 'utf8')) as { days: object };
    const isDay = ([hash, day]: [string, unknown]): boolean =>
      /^[0-9a-f]{64}$/.test(hash) && /^\d{4}-\d\d-\d\d$/.test(String(day));
    return new Map(Object.entries(days).filter(isDay));
  } catch {
    // Not there yet, or damaged: nothing depends on it.
    return new Map();
  }
}

/** The tokens of a state folder as a running bridge follows them. */
export function fileTokens(stateFolder: string, ports: StateFilePorts): TokenSource {
  const folder = join(stateFolder, TOKENS_FOLDER);
  const file = join(folder, TOKENS_FILE);
  const keep = stateKeeper(folder, USES_FILE, 'bridge.token-uses-not-kept', ports);
  let seen: string | undefined;
  let days = new Map(lastUses(stateFolder));
  let isUnsaved = false;
  const save = (): void => {
    if (!isUnsaved) return;
    isUnsaved = false;
    keep(JSON.stringify({ format: 1, days: Object.fromEntries(days) }));
  };
  return {
    changed() {
      save();
      const now = signOf(file);
      if (now === seen) return undefined;
      seen = now;
      const read = readTokens(stateFolder);
      if (!read.ok) ports.log.error('bridge.tokens-lost', { reason: read.reason });
      const tokens = read.ok ? read.value : [];
      const hashes = new Set(tokens.map(({ hash }) => hash));
      if (read.ok) days = new Map([...days].filter(([hash]) => hashes.has(hash)));
      return tokens;
    },
    used(hash, now) {
      const day = new Date(now).toISOString().slice(0, 10);
      if (days.get(hash) === day) return;
      days.set(hash, day);
      isUnsaved = true;
    },
  };
}

/** Another text whenever the file is another, or its rights are. */
function signOf(file: string): string {
  let found: Stats | undefined;
  try {
    found = statSync(file, { throwIfNoEntry: false });
  } catch (thrown) {
    return String((thrown as NodeJS.ErrnoException).code);
  }
  return found === undefined ? '' : [found.ino, found.size, found.mtimeMs, found.ctimeMs].join(' ');
}

async function lockTokens(folder: string): Promise<() => void> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt++) {
    const lock = makeAndLock(folder);
    if (lock.taken) return lock.release;
    await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS));
  }
  throw new BridgeError('CLI_OUTPUT', `another command keeps ${folder} locked`);
}

function makeAndLock(folder: string): ReturnType<typeof lockFolder> {
  try {
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      handOver(folder, dirname(folder));
    }
    return lockFolder(folder);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new BridgeError('CFG_INVALID', `the folder ${folder} cannot be written`, { cause, details: { reason } });
  }
}
