import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SipKey } from '../../presence/ids.js';
import type { Log, Random } from '../ports.js';
import { type StateFilePorts, stateKeeper } from './state-keeper.js';

/** What is remembered about an account whose password was refused. */
interface AttemptRecord {
  /** Refusals in a row. */
  readonly failures: number;
  /** Time of the last one, milliseconds since 1970. */
  readonly at: number;
  readonly mark: string;
}

/** Refused passwords by account, kept over restarts. No method throws. */
export interface SignInAttempts {
  read(account: SipKey): AttemptRecord | undefined;
  /** `undefined` forgets the account. */
  write(account: SipKey, record: AttemptRecord | undefined): void;
  /** The same for the same secret, and most likely another for another one. */
  markOf(secret: string): string;
}

export const ATTEMPTS_FILE = 'sign-in-attempts.json';

const FORMAT = 1;
const KEY_BYTES = 32;
/**
 * So few hexadecimal digits that a mark fits one in 65 536 of all passwords: whoever reads the file can confirm none by
 * trying. A changed password that has the mark of the old one is noticed half an hour later.
 */
const MARK_DIGITS = 4;
const MAX_BYTES = 256 * 1024;

interface Contents {
  readonly key: Buffer;
  readonly records: Map<SipKey, AttemptRecord>;
}

/**
 * Keeps refused passwords in a file of the state folder. A damaged file is begun anew; one that cannot be written costs
 * the memory over restarts and nothing else. Both are logged.
 */
export function fileAttempts(stateFolder: string, ports: StateFilePorts & { readonly random: Random }): SignInAttempts {
  const { random, log } = ports;
  const { key, records } = readContents(stateFolder, log) ?? { key: random.bytes(KEY_BYTES), records: new Map() };
  const keep = stateKeeper(stateFolder, ATTEMPTS_FILE, 'bridge.attempts-not-kept', ports);
  const save = (): void => {
    keep(JSON.stringify({ format: FORMAT, key: key.toString('hex'), accounts: Object.fromEntries(records) }));
  };
  return {
    read: (account) => records.get(account),
    write(account, record) {
      if (record !== undefined) records.set(account, record);
      else if (!records.delete(account)) return;
      save();
    },
    markOf: (secret) => createHmac('sha256', key).update(secret).digest('hex').slice(0, MARK_DIGITS),
  };
}

function readContents(stateFolder: string, log: Log): Contents | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(stateFolder, ATTEMPTS_FILE));
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? 'unreadable';
    if (reason !== 'ENOENT') log.warn('bridge.attempts-lost', { reason });
    return undefined;
  }
  const contents = bytes.length > MAX_BYTES ? undefined : parseContents(bytes.toString('utf8'));
  if (contents === undefined) log.warn('bridge.attempts-lost', { reason: 'damaged' });
  return contents;
}

function parseContents(text: string): Contents | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['format'] !== FORMAT || !isObject(value['accounts'])) return undefined;
  const key = Buffer.from(typeof value['key'] === 'string' ? value['key'] : '', 'hex');
  const entries = Object.entries(value['accounts']);
  if (key.length !== KEY_BYTES || !entries.every(isEntry)) return undefined;
  return { key, records: new Map(entries) };
}

function isEntry(entry: [string, unknown]): entry is [SipKey, AttemptRecord] {
  const [key, record] = entry;
  return (
    /^[0-9a-f]{32}$/.test(key) &&
    isObject(record) &&
    Number.isSafeInteger(record['failures']) &&
    (record['failures'] as number) > 0 &&
    Number.isFinite(record['at']) &&
    typeof record['mark'] === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
