import { DominoRestDriver, type DominoRestOptions } from '../../src/notes/drivers/domino-rest/domino-rest.js';
import type { DominoRestLimits } from '../../src/notes/drivers/domino-rest/limits.js';
import type { RefusedLogins } from '../../src/notes/drivers/domino-rest/refused-logins.js';
import { FORMS, PERSON_ITEMS as ITEM } from '../../src/notes/fields.js';
import type { Items } from '../../src/notes/item-value.js';
import type { Unid } from '../../src/presence/ids.js';
import { REST_PASSWORD, REST_USER, RestServer, type RestServerOptions } from './rest-server.js';
import { recordingLog } from './silent-log.js';
import { SimulatedClock } from './simulated-clock.js';

export const PASSWORD_LOGIN = { kind: 'password', user: REST_USER, password: REST_PASSWORD } as const;
export const NO_UNID = 'F'.repeat(32) as Unid;

export interface DriverSettings extends Partial<Omit<DominoRestOptions, 'limits'>> {
  readonly limits?: Partial<DominoRestLimits>;
  readonly refusedLogins?: RefusedLogins;
}

/** A stand-in and drivers for it, by a clock that the test moves. */
export class RestSite {
  readonly clock = new SimulatedClock();
  readonly log = recordingLog();
  readonly server: RestServer;
  url = '';
  readonly #drivers: DominoRestDriver[] = [];

  constructor(options: Omit<RestServerOptions, 'clock'> = {}) {
    this.server = new RestServer({ ...options, clock: this.clock });
  }

  static async start(options: Omit<RestServerOptions, 'clock'> = {}): Promise<RestSite> {
    const site = new RestSite(options);
    site.url = await site.server.start();
    return site;
  }

  driver({ refusedLogins, ...settings }: DriverSettings = {}): DominoRestDriver {
    const options = { url: this.url, scope: 'presence', login: PASSWORD_LOGIN, parallel: 4, ...settings };
    const ports = { clock: this.clock, log: this.log, ...(refusedLogins === undefined ? {} : { refusedLogins }) };
    const driver = new DominoRestDriver(options, ports);
    this.#drivers.push(driver);
    return driver;
  }

  async opened(settings: DriverSettings = {}): Promise<DominoRestDriver> {
    const driver = this.driver(settings);
    await driver.open();
    return driver;
  }

  async stop(): Promise<void> {
    this.server.faults.heal();
    for (const driver of this.#drivers) await driver.close();
    await this.server.stop();
  }

  /** Lets what is between the sockets of this process arrive. */
  async arrive(isThere: () => boolean): Promise<void> {
    for (let turn = 0; turn < 2_000 && !isThere(); turn++) await new Promise((resolve) => setTimeout(resolve, 1));
    if (!isThere()) throw new Error('it did not arrive');
  }
}

export function person(key: string, items: Items = {}): Items {
  return { [ITEM.form]: FORMS.person, [ITEM.key]: key, [ITEM.displayName]: key, ...items };
}

export async function unidsOf(driver: DominoRestDriver, documents: readonly Items[]): Promise<readonly Unid[]> {
  return (await driver.create(documents)).map((outcome) => {
    if (!outcome.ok) throw outcome.error;
    return outcome.unid;
  });
}
