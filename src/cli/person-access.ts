import { loadConfig, loadPlace } from '../bridge/config/load.js';
import type { PersonDesk, PersonSubject } from '../bridge/person-ports.js';
import { personTraces, wantedByConfig } from '../bridge/runtime/person-traces.js';
import { systemClock } from '../bridge/runtime/system.js';
import { createPersonDesk } from '../notes/desk/person-desk.js';
import { placeOf } from '../notes/open-driver.js';
import { BridgeError } from '../presence/errors.js';
import { connectToBridge } from './bridge-client.js';
import { withDirectory } from './directory-access.js';
import { bridgeRuns } from './own-sign-in.js';
import { silentLog } from './silent-log.js';
import { withStore } from './store-access.js';

/**
 * Gives a task the desk of the bridge that runs with a configuration, which keeps its own records right, or one over the
 * store itself. Throws `BridgeError`.
 */
export async function withPersonDesk<T>(
  file: string,
  access: 'read' | 'write',
  task: (desk: PersonDesk) => Promise<T>,
): Promise<T> {
  try {
    if (bridgeRuns(loadPlace(file))) return await task(deskOfBridge(file));
    const config = loadConfig(file);
    return await withDirectory(config, (directory) =>
      withStore(config, access, (driver) => {
        const options = {
          driver,
          directory,
          store: placeOf(config.domino),
          traces: (subject: PersonSubject) => personTraces(config, subject),
          wantedBy: (subject: PersonSubject) => wantedByConfig(config, subject),
        };
        return task(createPersonDesk(options, { clock: systemClock, log: silentLog }));
      }),
    );
  } catch (thrown) {
    // Here the request is a command line.
    if (thrown instanceof BridgeError && thrown.code === 'API_BAD_REQUEST') {
      throw new BridgeError('CLI_USAGE', thrown.message, { cause: thrown });
    }
    throw thrown;
  }
}

function deskOfBridge(file: string): PersonDesk {
  const client = connectToBridge({ config: file });
  return {
    show: (who) => client.person(who),
    erase: (who, { optOut }) => client.erasePerson(who, optOut),
  };
}
