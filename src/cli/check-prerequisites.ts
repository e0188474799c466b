import type { BridgeConfig } from '../bridge/config/config.js';
import { systemClock } from '../bridge/runtime/system.js';
import { createDriver } from '../notes/open-driver.js';
import { BridgeError } from '../presence/errors.js';
import { silentLog } from './silent-log.js';

/** One prerequisite, met unless there is an error. */
export interface Finding {
  readonly name: string;
  readonly detail: string;
  readonly error?: BridgeError;
}

/** Tries every prerequisite in turn. Signs in to OCS at most once; writes nothing anywhere. */
export async function* checkPrerequisites(config: BridgeConfig): AsyncGenerator<Finding> {
  yield { name: 'Configuration', detail: `${config.file}, ${config.people.length} people` };
  yield* checkDomino(config);
}

async function* checkDomino({ domino }: BridgeConfig): AsyncGenerator<Finding> {
  let name = 'Domino driver';
  try {
    const driver = createDriver(domino, { clock: systemClock, log: silentLog });
    const { module, version } = await driver.identify();
    yield { name, detail: `${module} ${version}` };
    name = 'Domino database';
    await driver.open();
    await driver.close();
    yield { name, detail: domino.kind === 'embedded' ? domino.folder : `${domino.filePath} on ${domino.hostName}` };
  } catch (thrown) {
    yield { name, detail: '', error: BridgeError.from(thrown) };
  }
}
