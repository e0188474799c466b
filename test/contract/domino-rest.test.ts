import { DominoRestDriver } from '../../src/notes/drivers/domino-rest/domino-rest.js';
import { REST_PASSWORD, REST_USER, RestServer } from '../support/rest-server.js';
import { silentLog } from '../support/silent-log.js';
import { SimulatedClock } from '../support/simulated-clock.js';
import { type Backend, driverContract } from './driver-contract.js';

const PAGE_SIZE = 60;

async function backend(): Promise<Backend> {
  const clock = new SimulatedClock();
  const server = new RestServer({ clock });
  const url = await server.start();
  const login = { kind: 'password', user: REST_USER, password: REST_PASSWORD } as const;
  const limits = { pageSize: PAGE_SIZE };
  return {
    driver: () =>
      new DominoRestDriver({ url, scope: 'presence', login, parallel: 4, limits }, { clock, log: silentLog }),
    faults: server.faults,
    advance: (milliseconds) => clock.advance(milliseconds),
    pageSize: PAGE_SIZE,
    close: () => server.stop(),
  };
}

driverContract('the Domino REST API', backend, { 'any-item': 'only fields of the schema exist' });
