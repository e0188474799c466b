import { beforeAll, describe, test } from 'vitest';
import { loadConfig } from '../../src/bridge/config/load.js';
import { driverContract } from '../contract/driver-contract.js';
import { realServer } from '../contract/real-backend.js';

/**
 * The contract of drivers against a server of one's own:
 *
 *   PRESENCE_CONTRACT_CONFIG=bridge.yaml npx vitest run --project interop test/interop/real-server.test.ts
 *
 * Only section `domino` is used, with either driver. Further variables: PRESENCE_CONTRACT_DATABASE, another database (with
 * the REST API: another scope) than the configured one; PRESENCE_CONTRACT_ALLOW_PEOPLE=1, run although documents of people
 * are there. The suite removes what it made.
 */
const {
  PRESENCE_CONTRACT_CONFIG: config = '',
  PRESENCE_CONTRACT_DATABASE: database,
  PRESENCE_CONTRACT_ALLOW_PEOPLE: allowPeople,
} = process.env;

if (config === '') {
  test.skip('the contract of drivers against a real server (skipped: set PRESENCE_CONTRACT_CONFIG to a bridge.yaml)', () => {});
} else {
  const server = realServer(loadConfig(config).domino, database);
  describe(`against ${server.place}`, () => {
    beforeAll(() => server.prepare(allowPeople === '1'));
    driverContract('a real server', server.backend, server.lacks);
  });
}
