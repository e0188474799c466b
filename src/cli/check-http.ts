import { isLoopback } from '../bridge/api/access/host-check.js';
import { endOfCertificate, readTls } from '../bridge/api/http/tls-files.js';
import type { BridgeConfig } from '../bridge/config/config.js';
import { systemClock } from '../bridge/runtime/system.js';
import { readTokens, TOKENS_FILE, TOKENS_FOLDER } from '../bridge/runtime/token-files.js';
import { BridgeError } from '../presence/errors.js';
import type { Finding } from './finding.js';

const DAY_MS = 86_400_000;
const WARN_DAYS = 30;

/** Who reaches presence through the HTTP port: nothing to say where it is as it comes. */
export function* checkHttp({ http, bridge }: Pick<BridgeConfig, 'http' | 'bridge'>): Generator<Finding> {
  const { host, tls, presenceWithoutToken = [] } = http;
  if (tls !== undefined) yield certificate(tls);
  else if (!isLoopback(host)) {
    yield {
      name: 'HTTP port',
      outcome: 'warn',
      detail: `other machines reach ${host} without TLS: whoever is on the way reads tokens and statuses`,
      next: 'Name certificate and key under "tls" in section "http", or let a proxy on this machine speak TLS.',
    };
  }
  if (presenceWithoutToken.length > 0) {
    yield {
      name: 'Presence without token',
      outcome: 'warn',
      detail: `whoever reaches the port may ${presenceWithoutToken.join(' and ')} the statuses of everybody`,
      next: 'Take "presenceWithoutToken" out of section "http", unless everybody who is shown has agreed.',
    };
  }
  const tokens = readTokens(bridge.stateFolder);
  if (!tokens.ok) {
    yield {
      name: 'Tokens',
      outcome: 'warn',
      detail: `no token of an application counts: ${TOKENS_FOLDER}/${TOKENS_FILE}: ${tokens.reason}`,
      next: 'Restore the file in the state folder, or delete it and create the tokens anew.',
    };
  }
}

function certificate(tls: NonNullable<BridgeConfig['http']['tls']>): Finding {
  const name = 'HTTP certificate';
  try {
    const end = endOfCertificate(readTls(tls));
    const days = Math.floor((end - systemClock.now()) / DAY_MS);
    const detail = `${tls.certificateFile}, until ${new Date(end).toISOString().slice(0, 10)}`;
    if (days >= WARN_DAYS) return { name, outcome: 'pass', detail };
    const next = 'Renew it; the running bridge takes the new files within a minute.';
    return { name, outcome: 'warn', detail: days < 0 ? `${detail}: it is over` : `${detail}: ${days} days`, next };
  } catch (thrown) {
    return { name, outcome: 'fail', detail: '', error: BridgeError.from(thrown) };
  }
}
