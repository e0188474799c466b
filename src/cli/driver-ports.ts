import type { BridgeConfig } from '../bridge/config/config.js';
import type { Random } from '../bridge/ports.js';
import { fileAttempts } from '../bridge/runtime/sign-in-attempts.js';
import { systemClock, systemRandom } from '../bridge/runtime/system.js';
import type { DriverPorts } from '../notes/open-driver.js';
import { silentLog } from './silent-log.js';

/**
 * What drivers of a command need. Logins that Domino refuses are counted together with those of the bridge: a command that
 * runs every minute must not lock the account.
 */
export function driverPorts({ bridge }: Pick<BridgeConfig, 'bridge'>): DriverPorts & { readonly random: Random } {
  const ports = { clock: systemClock, random: systemRandom, log: silentLog };
  return { ...ports, refusedLogins: fileAttempts(bridge.stateFolder, ports) };
}
