import { configuredDirectory } from '../bridge/compose.js';
import type { BridgeConfig } from '../bridge/config/config.js';
import type { Directory } from '../bridge/ports.js';
import { systemClock, systemRandom } from '../bridge/runtime/system.js';
import type { Driver } from '../notes/driver.js';
import { createDriver, type DriverConfig } from '../notes/open-driver.js';
import { silentLog } from './silent-log.js';

/**
 * Gives a task the directory of a configuration, read once, and closes it afterwards. A source that cannot be read is
 * no error: the report says so. An embedded store is taken as it stands now, a running bridge or not.
 */
export async function withDirectory<T>(
  config: Pick<BridgeConfig, 'bridge' | 'domino' | 'people' | 'directory'>,
  task: (directory: Directory) => Promise<T>,
): Promise<T> {
  const domino = asItStands(config.domino);
  const ports = { clock: systemClock, random: systemRandom, log: silentLog };
  const presence = createDriver(domino, ports);
  const directory = configuredDirectory({ ...config, domino }, presence, ports);
  try {
    await directory.refresh().catch(() => {});
    return await task(directory);
  } finally {
    await directory.stop();
    await closed(presence);
  }
}

/** What was read stays read when the partner goes away at the end. */
async function closed(driver: Driver): Promise<void> {
  await driver.close().catch(() => {});
}

function asItStands(config: DriverConfig): DriverConfig {
  return config.kind === 'embedded' ? { ...config, readOnly: true } : config;
}
