import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SipKey } from '../../presence/ids.js';
import type { Log } from '../ports.js';
import { type StateFilePorts, stateKeeper } from './state-keeper.js';

/** One line of text for each account: where it was signed in last. No method throws. */
export interface KnownServers {
  read(account: SipKey): string | undefined;
  /** `undefined` forgets the account. */
  write(account: SipKey, text: string | undefined): void;
}

export const SERVERS_FILE = 'known-servers.json';

const MAX_BYTES = 256 * 1024;

/**
 * Keeps the last good servers in a file of the state folder, so that a bridge that starts while the name service is
 * down still finds its way. The file may be lost: a damaged one is begun anew, and when it cannot be written only the
 * memory over restarts is gone.
 */
export function fileServers(stateFolder: string, ports: StateFilePorts): KnownServers {
  const lines = readLines(join(stateFolder, SERVERS_FILE), ports.log);
  const keep = stateKeeper(stateFolder, SERVERS_FILE, 'bridge.servers-not-kept', ports);
  return {
    read: (account) => lines.get(account),
    write(account, text) {
      if (lines.get(account) === text) return;
      if (text === undefined) lines.delete(account);
      else lines.set(account, text);
      keep(JSON.stringify(Object.fromEntries(lines)));
    },
  };
}

function readLines(file: string, log: Log): Map<SipKey, string> {
  try {
    const bytes = readFileSync(file);
    const read: unknown = bytes.length > MAX_BYTES ? undefined : JSON.parse(bytes.toString('utf8'));
    const entries = typeof read === 'object' && read !== null ? Object.entries(read) : undefined;
    const lines = new Map(entries?.filter(isLine));
    if (lines.size !== entries?.length) log.warn('bridge.servers-lost', { reason: 'damaged', kept: lines.size });
    return lines;
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? 'damaged';
    if (reason !== 'ENOENT' && reason !== 'ENOTDIR') log.warn('bridge.servers-lost', { reason, kept: 0 });
    return new Map();
  }
}

function isLine(entry: [string, unknown]): entry is [SipKey, string] {
  return /^[0-9a-f]{32}$/.test(entry[0]) && typeof entry[1] === 'string';
}
