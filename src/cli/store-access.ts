import type { BridgeConfig } from '../bridge/config/config.js';
import type { Driver } from '../notes/driver.js';
import { createDriver, type DriverConfig } from '../notes/open-driver.js';
import { driverPorts } from './driver-ports.js';

/**
 * Gives a task the opened store of a configuration, and closes it afterwards. For `read` an embedded store is taken as it stands
 * now, a running bridge or not; for `write` it must be free. Throws `BridgeError`.
 */
export async function withStore<T>(
  config: Pick<BridgeConfig, 'bridge' | 'domino'>,
  access: 'read' | 'write',
  task: (driver: Driver) => Promise<T>,
): Promise<T> {
  const driver = createDriver(accessed(config.domino, access), driverPorts(config));
  try {
    await driver.open();
    return await task(driver);
  } finally {
    await driver.close();
  }
}

function accessed(config: DriverConfig, access: 'read' | 'write'): DriverConfig {
  return config.kind === 'embedded' && access === 'read' ? { ...config, readOnly: true } : config;
}
