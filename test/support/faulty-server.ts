import { readFault } from '../../src/ocs/simulator/faults/fault-spec.js';
import type { SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator, type SimulatorAddress } from '../../src/ocs/simulator/simulator.js';
import type { SipUri } from '../../src/presence/ids.js';
import { silentLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';
import { ana, ben, testAccount } from './simulator-client.js';

/** A server on real sockets, with simulated time and no sign-in unless asked for, that faults can be begun on. */
export class FaultyServer {
  readonly clock = new SimulatedClock();
  readonly simulator: OcsSimulator;

  constructor(options: Partial<SimulatorOptions> = {}) {
    this.simulator = new OcsSimulator({
      accounts: [testAccount(ana, 'Ana Reyes'), testAccount(ben, 'Ben Okoro')],
      clock: this.clock,
      random: seededRandom(5),
      log: silentLog,
      authVersion: 'none',
      listen: { host: '127.0.0.1', tcpPort: 0, tlsPort: 0 },
      ...options,
    });
  }

  start(): Promise<SimulatorAddress> {
    return this.simulator.start();
  }

  begin(...faults: readonly string[]): void {
    for (const text of faults) {
      const read = readFault(text);
      if (!read.ok) throw new Error(read.reason);
      this.simulator.beginFault(read.value);
    }
  }

  become(uri: SipUri, availability: number): void {
    this.simulator.setPerson(uri, {
      availability,
      activity: '',
      note: '',
      outOfOffice: false,
      displayName: 'Somebody',
    });
  }
}
