import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BridgeError, ERROR_CODES, type ErrorCode } from '../../presence/errors.js';
import { cleanText } from '../../presence/snapshot.js';
import type { Clock } from '../ports.js';
import { removeState } from './state-folder.js';
import { type StateFilePorts, stateKeeper } from './state-keeper.js';

/** Why a bridge could not go on. */
export interface LastFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How many runs in a row ended by a failure. */
  readonly times: number;
}

export const FAILURE_FILE = 'last-failure.json';

const FORMAT = 1;
const MAX_BYTES = 16 * 1024;
/** A run of this length was no part of a loop of crashes. */
const SETTLED_MS = 300_000;

/**
 * Keeps why the bridge ends, for `check` and `status` after the service manager has given up. Code and message only:
 * details may name more than a reader of the folder should know.
 */
export function recordFailure(
  stateFolder: string,
  error: BridgeError,
  ports: StateFilePorts & { readonly clock: Clock },
): void {
  // The folder belongs to a bridge that runs; this is no failure of that one.
  if (error.code === 'BRIDGE_RUNNING') return;
  const times = (lastFailure(stateFolder)?.times ?? 0) + 1;
  const message = cleanText(error.message);
  const failure: LastFailure = { code: error.code, message, at: ports.clock.now(), times };
  const text = JSON.stringify({ format: FORMAT, ...failure });
  stateKeeper(stateFolder, FAILURE_FILE, 'bridge.failure-not-kept', ports)(text);
}

/** `undefined` when the last run ended well, and when nobody can read what was kept. */
export function lastFailure(stateFolder: string): LastFailure | undefined {
  try {
    const bytes = readFileSync(join(stateFolder, FAILURE_FILE));
    return bytes.length > MAX_BYTES ? undefined : failureOf(JSON.parse(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** After a clean end. */
export function forgetFailure(stateFolder: string): void {
  removeState(stateFolder, FAILURE_FILE);
}

/** Forgets the last failure when this run has lasted five minutes; the returned function calls that off. */
export function forgetFailureLater(stateFolder: string, clock: Clock): () => void {
  return clock.after(SETTLED_MS, () => forgetFailure(stateFolder));
}

function failureOf(value: unknown): LastFailure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, code, message, at, times } = value as Record<string, unknown>;
  const isKnown = format === FORMAT && typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
  if (!isKnown || typeof message !== 'string') return undefined;
  if (!isTime(at) || !Number.isSafeInteger(times) || (times as number) < 1) return undefined;
  return { code: code as ErrorCode, message: cleanText(message), at, times: times as number };
}

/** What `Date` can show. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}
