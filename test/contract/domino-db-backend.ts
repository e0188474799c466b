import { DEFAULT_DOMINO_DB_LIMITS, DominoDbDriver } from '../../src/notes/drivers/domino-db/domino-db.js';
import type { UseServer } from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import type { DominoDbModule } from '../../src/notes/drivers/domino-db/load-domino-db.js';
import { DominoFaults } from '../support/domino-faults.js';
import { SimulatedClock } from '../support/simulated-clock.js';
import type { Backend, Lacks } from './driver-contract.js';

/** What stands behind the surface of domino-db. */
export interface SurfaceModule {
  readonly useServer: UseServer;
  close(): Promise<void>;
}

/** A backend of the contract over anything with the surface of domino-db: `load` is how the driver comes by it. */
export async function dominoDbBackend(
  open: (clock: SimulatedClock) => Promise<SurfaceModule>,
  load: (useServer: UseServer) => Promise<DominoDbModule> = async (useServer) => ({
    name: 'a',
    version: '1',
    useServer,
  }),
): Promise<Backend> {
  const clock = new SimulatedClock();
  const faults = new DominoFaults(clock);
  const { useServer, close } = await open(clock);
  const wrapped = faults.wrap(useServer);
  return {
    driver: () =>
      new DominoDbDriver(
        {
          kind: 'domino-db',
          load: () => load(wrapped),
          server: { hostName: 'domino.contoso.example', connection: { port: '3002' } },
          filePath: 'presence.nsf',
        },
        clock,
      ),
    faults,
    advance: (milliseconds) => clock.advance(milliseconds),
    pageSize: DEFAULT_DOMINO_DB_LIMITS.pageSize,
    close,
  };
}

export const DOMINO_DB_LACKS: Lacks = { revisions: 'domino-db knows no conditional changes' };
