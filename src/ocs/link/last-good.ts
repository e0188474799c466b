import { isIP } from 'node:net';
import type { SipKey } from '../../presence/ids.js';
import type { LookUpAnswer } from './discovery/look-up.js';
import { isHostName } from './domain-rule.js';
import type { ServerAddress } from './server-address.js';

/** The server that accepted the last sign-in. */
export interface LastGood extends Pick<ServerAddress, 'host' | 'port' | 'transport'> {
  /** Its addresses at that time. */
  readonly addresses: readonly string[];
  /** When it was last known to be good, milliseconds since 1970. */
  readonly at: number;
}

/** Keeps one line of text for each account, over restarts where it writes to a file. It may be lost at any time. */
export interface ServerMemory {
  read(account: SipKey): string | undefined;
  write(account: SipKey, text: string | undefined): void;
}

/** For one run of the process. */
export function memoryServers(): ServerMemory {
  const lines = new Map<SipKey, string>();
  return {
    read: (account) => lines.get(account),
    write(account, text) {
      if (text === undefined) lines.delete(account);
      else lines.set(account, text);
    },
  };
}

/** How long an address is used that the name service no longer confirms, milliseconds. */
const ADDRESS_KEPT_MS = 3_600_000;
const MAX_ADDRESSES = 8;
const MAX_TEXT = 2_000;

export function formatLastGood({ host, port, transport, addresses, at }: LastGood): string {
  return JSON.stringify({ host, port, transport, addresses: addresses.slice(0, MAX_ADDRESSES), at });
}

/** Reads what `formatLastGood` wrote; `undefined` for anything else, since files can be damaged. */
export function parseLastGood(text: string): LastGood | undefined {
  if (text.length > MAX_TEXT) return undefined;
  let read: Partial<Record<keyof LastGood, unknown>> | null;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const { host, port, transport, addresses, at } = read;
  if (typeof host !== 'string' || !(isHostName(host.toLowerCase()) || isIP(host) !== 0)) return undefined;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  if ((transport !== 'tls' && transport !== 'tcp') || typeof at !== 'number' || !Array.isArray(addresses)) {
    return undefined;
  }
  const good = addresses.filter((one): one is string => typeof one === 'string' && isIP(one) !== 0);
  return { host, port, transport, addresses: good.slice(0, MAX_ADDRESSES), at };
}

/** True while its addresses may be used though the name service is down. `now` in milliseconds since 1970. */
export function isFresh(lastGood: LastGood | undefined, now: number): lastGood is LastGood {
  if (lastGood === undefined || lastGood.addresses.length === 0) return false;
  const age = now - lastGood.at;
  return age >= 0 && age <= ADDRESS_KEPT_MS;
}

/**
 * Where to connect to for `host`. An answer of the name service counts, also when it says that there is no such name;
 * only without an answer the addresses that were good within the last hour stand in for it.
 */
export function addressesFor(
  host: string,
  answer: LookUpAnswer<string>,
  lastGood: LastGood | undefined,
  now: number,
): { readonly addresses: readonly string[]; readonly from: 'dns' | 'memory' } | { readonly reason: string } {
  if (answer.kind === 'records') return { addresses: answer.records.slice(0, MAX_ADDRESSES), from: 'dns' };
  const known = answer.kind === 'failed' && isFresh(lastGood, now) && lastGood.host === host;
  return known ? { addresses: lastGood.addresses, from: 'memory' } : { reason: answer.reason };
}
