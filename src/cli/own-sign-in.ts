import { hostname } from 'node:os';
import { ocsOptions } from '../bridge/compose.js';
import type { BridgeConfig } from '../bridge/config/config.js';
import type { BridgePlace } from '../bridge/config/load.js';
import type { LinkReport } from '../bridge/ports.js';
import { fileAttempts } from '../bridge/runtime/sign-in-attempts.js';
import { systemClock, systemRandom } from '../bridge/runtime/system.js';
import { epidFor } from '../ocs/agent/endpoint.js';
import { createOcsSource, type OcsSource } from '../ocs/source.js';
import { BridgeError } from '../presence/errors.js';
import { holderOfFolder } from '../system/folder-lock.js';
import type { CliIo } from './io.js';
import { silentLog } from './silent-log.js';

/** Milliseconds for finding the server and signing in. */
const SIGN_IN_MS = 30_000;

/** True when a bridge runs with this configuration: it has the account already. */
export function bridgeRuns({ stateFolder }: BridgePlace): boolean {
  return holderOfFolder(stateFolder) !== undefined;
}

/**
 * Signs in as an endpoint of its own, watching nobody, so that a bridge with this account keeps its registration. `purpose`
 * tells apart endpoints of one machine. A password is tried once, and counted with those that the bridge tried: a command
 * that runs every minute must not lock the account. Calls `onLink` for what comes after the sign-in. Throws `BridgeError` at the first
 * failure, and `OCS_TIMEOUT`.
 */
export async function signInAlone(
  config: BridgeConfig,
  purpose: 'set' | 'im',
  io: Pick<CliIo, 'stop'>,
  onLink: (report: LinkReport) => void = () => {},
): Promise<OcsSource> {
  const account = config.ocs.account;
  const { moreAccounts, ...options } = ocsOptions(config);
  const ports = { clock: systemClock, random: systemRandom, log: silentLog };
  const source = createOcsSource(
    {
      ...options,
      epid: epidFor(account, `${hostname()} ${purpose}`),
      attempts: fileAttempts(config.bridge.stateFolder, ports),
      maxPasswordFailures: 1,
    },
    ports,
  );
  const alive = setInterval(() => undefined, SIGN_IN_MS);
  let signedIn = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const timeout = new BridgeError('OCS_TIMEOUT', 'The OCS server did not complete the sign-in in time.');
      systemClock.after(SIGN_IN_MS, () => reject(timeout));
      io.stop.addEventListener('abort', () => reject(new BridgeError('OCS_CONNECTION_LOST', 'Ended by the user.')));
      source.start({
        onLink(report) {
          if (signedIn) onLink(report);
          else if (report.state === 'connected') resolve();
          else if (report.error !== undefined) reject(report.error);
        },
        onObservations: () => {},
        onLost: () => {},
      });
    });
    signedIn = true;
    return source;
  } catch (thrown) {
    await source.stop();
    throw thrown;
  } finally {
    clearInterval(alive);
  }
}
