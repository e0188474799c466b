import { configuredDirectory } from '../bridge/compose.js';
import type { BridgeConfig } from '../bridge/config/config.js';
import type { Directory } from '../bridge/ports.js';
import { createDriver, type DriverConfig } from '../notes/open-driver.js';
import { driverPorts } from './driver-ports.js';

/**
 * Gives a task the directory of a configuration, read once, and closes it afterwards. A source that cannot be read is
 * no error: the report says so. An embedded store is taken as it stands now, a running bridge or not.
 */
export async function withDirectory<T>(
  config: Pick<BridgeConfig, 'bridge' | 'domino' | 'people' | 'directory'>,
  task: (directory: Directory) => Promise<T>,
): Promise<T> {
  const domino = asItStands(config.domino);
  const ports = driverPorts(config);
  const presence = createDriver(domino, ports);
  const directory = configuredDirectory({ ...config, domino }, presence, ports);
  try {
    // Failures stand in the report, each with its source.
    await directory.refresh().catch(() => {});
    return await task(directory);
  } finally {
    await directory.stop();
    // What was read stays read, whatever the partner does at the end.
    await presence.close().catch(() => {});
  }
}

function asItStands(config: DriverConfig): DriverConfig {
  return config.kind === 'embedded' ? { ...config, readOnly: true } : config;
}
