import type { Directory, Roster } from '../../src/bridge/ports.js';
import { createDirectory, type DirectoryOptions } from '../../src/notes/directory/service.js';
import type { FileAccess } from '../../src/notes/directory/sources/csv-file.js';
import type { Driver } from '../../src/notes/driver.js';
import { DominoDbDriver } from '../../src/notes/drivers/domino-db/domino-db.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import { FORMS } from '../../src/notes/fields.js';
import type { Items, ItemValue } from '../../src/notes/item-value.js';
import { DIRECTORY_RULES } from '../../src/presence/directory.js';
import type { Unid } from '../../src/presence/ids.js';
import { DominoFaults } from './domino-faults.js';
import { recordingLog } from './silent-log.js';
import { SimulatedClock, seededRandom, settle } from './simulated-clock.js';

/** A database in memory whose server can fail, with a second way in that never does. */
export class StagedDatabase {
  readonly faults = new DominoFaults();
  readonly driver: Driver;
  readonly #behind: Driver;

  constructor(clock: SimulatedClock) {
    const { useServer } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
    const server = { hostName: 'domino.contoso.example', connection: { port: '3002' } };
    const driverWith = (faults?: DominoFaults): Driver => {
      const load = async () => ({ name: 'test', version: '1', useServer: faults?.wrap(useServer) ?? useServer });
      return new DominoDbDriver({ kind: 'embedded', load, server, filePath: 'one.nsf' }, clock);
    };
    this.driver = driverWith(this.faults);
    this.#behind = driverWith();
  }

  async add(...documents: readonly Items[]): Promise<readonly Unid[]> {
    await this.#behind.open();
    const unids: Unid[] = [];
    for (let start = 0; start < documents.length; start += 100) {
      for (const outcome of await this.#behind.create(documents.slice(start, start + 100))) {
        if (!outcome.ok) throw outcome.error;
        unids.push(outcome.unid);
      }
    }
    return unids;
  }

  async change(unid: Unid | undefined, items: Items): Promise<void> {
    if (unid !== undefined) await this.#behind.replaceItems([{ unid, items }]);
  }

  async remove(unid: Unid | undefined): Promise<void> {
    if (unid !== undefined) await this.#behind.remove([unid]);
  }
}

/** Files whose content a test sets. */
export class StagedFiles implements FileAccess {
  readonly #files = new Map<string, { readonly bytes: Uint8Array; readonly stamp: string }>();
  #stamps = 0;
  reads = 0;

  set(path: string, text: string | undefined): void {
    if (text === undefined) this.#files.delete(path);
    else this.#files.set(path, { bytes: Buffer.from(text), stamp: String(++this.#stamps) });
  }

  async stamp(path: string): Promise<string> {
    return this.#get(path).stamp;
  }

  async read(path: string, limit: number): Promise<Uint8Array> {
    this.reads++;
    return this.#get(path).bytes.subarray(0, limit + 1);
  }

  #get(path: string) {
    const file = this.#files.get(path);
    if (file === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return file;
  }
}

/** A directory over a presence database and a Domino Directory, in simulated time. */
export class DirectoryStage {
  readonly clock = new SimulatedClock();
  readonly log = recordingLog();
  readonly presence = new StagedDatabase(this.clock);
  readonly domino = new StagedDatabase(this.clock);
  readonly files = new StagedFiles();
  readonly rosters: Roster[] = [];
  directory: Directory | undefined;

  make(options: Partial<DirectoryOptions> = {}): Directory {
    this.directory = createDirectory(
      {
        presence: this.presence.driver,
        directory: this.domino.driver,
        bridge: 'bridge',
        people: [],
        settings: {
          rules: DIRECTORY_RULES,
          domains: ['contoso.example'],
          groups: [],
          optOut: { people: [], groups: [] },
        },
        sipItems: ['SIPAddress'],
        files: this.files,
        refreshMs: 900_000,
        ...options,
      },
      { clock: this.clock, random: seededRandom(), log: this.log },
    );
    return this.directory;
  }

  async start(options: Partial<DirectoryOptions> = {}): Promise<Directory> {
    const directory = this.make(options);
    directory.start((roster) => this.rosters.push(roster));
    await this.turns();
    return directory;
  }

  /** Moves on in steps of a second; calls of both databases get their turns. */
  async advance(milliseconds: number): Promise<void> {
    for (let gone = 0; gone < milliseconds; gone += 1_000) {
      await this.clock.advance(Math.min(1_000, milliseconds - gone));
      await this.turns(10);
    }
  }

  async turns(count = 100): Promise<void> {
    for (let turn = 0; turn < count; turn++) await settle();
  }

  /** Users whose presence is wanted, as of the newest roster. */
  get watched(): readonly string[] | undefined {
    return this.rosters
      .at(-1)
      ?.people.map(({ uri }) => uri.slice(4).replace('@contoso.example', ''))
      .sort();
  }
}

export function personDocument(name: string, user: string, more: Items = {}): Items {
  return {
    Form: 'Person',
    Type: 'Person',
    FullName: { type: 'text', data: [`CN=${name}/O=Contoso`, name], names: true },
    InternetAddress: `${user}@contoso.example`,
    ...more,
  };
}

export function groupDocument(name: string, members: readonly string[]): Items {
  return { Form: 'Group', Type: 'Group', ListName: name, Members: namesOf(members) };
}

export function optOutDocument(names: readonly string[], addresses: readonly string[] = []): Items {
  return {
    Form: FORMS.optOut,
    PersonName: namesOf(names),
    SipAddress: addresses.length === 0 ? '' : addresses,
  };
}

export function consentDocument(names: readonly string[], applications: readonly string[], writer?: string): Items {
  return {
    Form: FORMS.consent,
    PersonName: namesOf(names),
    Applications: applications.length === 0 ? '' : applications,
    ...(writer === undefined ? {} : { $UpdatedBy: namesOf([writer]) }),
  };
}

/** Domino keeps an empty text where there is no name. */
function namesOf(names: readonly string[]): ItemValue {
  return { type: 'text', data: names.length === 0 ? '' : names, names: true };
}

export function mappingDocument(name: string, address: string): Items {
  return { Form: FORMS.mapping, PersonName: { type: 'text', data: name, names: true }, SipAddress: address };
}
