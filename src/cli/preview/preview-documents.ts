import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../../bridge/config/load.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { createDriver, placeOf } from '../../notes/open-driver.js';
import { BridgeError } from '../../presence/errors.js';
import { silentLog } from '../silent-log.js';
import { withStore } from '../store-access.js';
import { DocumentTable } from './document-table.js';
import { followStore } from './follow-store.js';
import type { PreviewSource } from './preview-source.js';
import { SampleOffice, STILL_MOMENT } from './sample-office.js';

export interface WantedDocuments {
  /** Configuration of a bridge, whose database is shown. */
  readonly config?: string | undefined;
  /** Folder of an embedded store. */
  readonly store?: string | undefined;
  /** The sample stands still: the same pictures each time. */
  readonly still: boolean;
  readonly onTrouble: (error: BridgeError) => void;
}

export interface OpenedDocuments {
  readonly source: PreviewSource;
  close(): void;
}

const MOVE_MS = 1_500;
const BEAT_MS = 20_000;

/** The documents of the preview: those of a database, or a sample that moves. Throws `BridgeError`. */
export async function openDocuments(wanted: WantedDocuments): Promise<OpenedDocuments> {
  const documents = new DocumentTable();
  if (wanted.config !== undefined || wanted.store !== undefined) return await databaseDocuments(wanted, documents);
  if (wanted.still) {
    new SampleOffice(documents, STILL_MOMENT);
    const source = { documents, now: () => STILL_MOMENT, zone: 'UTC', takesChanges: true, origin: 'still' } as const;
    return { source, close: () => undefined };
  }
  const now = (): number => systemClock.now();
  const office = new SampleOffice(documents, now());
  const timers = [setInterval(() => office.move(now()), MOVE_MS), setInterval(() => office.beat(now()), BEAT_MS)];
  return {
    source: { documents, now, zone: ownZone(), takesChanges: true, origin: 'sample' },
    close: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

async function databaseDocuments(
  { config: configFile, store, onTrouble }: WantedDocuments,
  table: DocumentTable,
): Promise<OpenedDocuments> {
  const config = configFile === undefined ? undefined : loadConfig(configFile);
  const folder = resolve(store ?? '.');
  if (!config && !existsSync(folder)) throw new BridgeError('NOTES_STORAGE', `the folder ${folder} does not exist`);
  const close = await followStore({
    table,
    clock: systemClock,
    onTrouble,
    withDriver: async (task) => {
      if (config) return await withStore(config, 'read', task);
      const driver = createDriver({ kind: 'embedded', folder, readOnly: true }, { clock: systemClock, log: silentLog });
      try {
        await driver.open();
        await task(driver);
      } finally {
        await driver.close();
      }
    },
  });
  const place = config ? placeOf(config.domino) : folder;
  const source = { documents: table, now: () => systemClock.now(), zone: ownZone(), takesChanges: false };
  return { source: { ...source, origin: { place } }, close };
}

function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
