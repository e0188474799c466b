import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '../../src/notes/driver.js';
import type { Items } from '../../src/notes/item-value.js';
import { createDriver } from '../../src/notes/open-driver.js';
import type { Unid } from '../../src/presence/ids.js';
import { silentLog } from './silent-log.js';
import { SimulatedClock } from './simulated-clock.js';

/** A configuration with an embedded store of its own in a folder that goes away again. */
export class StoreSite {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'presence-site-'));
  readonly clock = new SimulatedClock();
  readonly config: string;
  readonly store: string;

  constructor(bridge = 'bridge', more = '') {
    this.config = join(this.folder, 'bridge.yaml');
    this.store = join(this.folder, 'data');
    writeFileSync(join(this.folder, 'ocs-password'), 'canary-password\n', { mode: 0o600 });
    writeFileSync(
      this.config,
      `bridge: { name: ${bridge}, stateFolder: state }
ocs:
  account: sip:presence.bridge@contoso.example
  user: CONTOSO\\presence.bridge
  passwordFile: ocs-password
domino: { driver: embedded, folder: data }
people:
  - address: sip:ana.reyes@contoso.example
    name: CN=Ana Reyes/OU=Sales/O=Contoso
${more}`,
    );
  }

  get stateFolder(): string {
    const folder = join(this.folder, 'state');
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Opened, and to be closed by the caller. */
  async open(): Promise<Driver> {
    const driver = createDriver({ kind: 'embedded', folder: this.store }, { clock: this.clock, log: silentLog });
    await driver.open();
    return driver;
  }

  async holds(...documents: readonly Items[]): Promise<readonly Unid[]> {
    const driver = await this.open();
    const unids: Unid[] = [];
    for (const document of documents) {
      const [outcome] = await driver.create([document]);
      if (outcome?.ok) unids.push(outcome.unid);
      await this.clock.advance(10);
    }
    await driver.close();
    return unids;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
