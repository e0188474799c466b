import type { Clock } from '../../bridge/ports.js';
import { exportDocuments } from '../../notes/desk/export.js';
import type { Driver } from '../../notes/driver.js';
import type { Items } from '../../notes/item-value.js';
import { BridgeError } from '../../presence/errors.js';
import type { DocumentTable } from './document-table.js';

/** How often the documents of a database are read again. */
const POLL_MS = 2_000;
/** Pause after a reading, by how long the reading took: a large database is not kept busy by somebody who looks. */
const PAUSES = 10;
/** A database that cannot be read is asked less often. */
const PAUSE_MS = 10_000;

export interface FollowOptions {
  /** Opens the database for reading, does the task and closes it. */
  readonly withDriver: (task: (driver: Driver) => Promise<void>) => Promise<void>;
  readonly table: DocumentTable;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Told of each reading that failed after the first one. */
  readonly onTrouble: (error: BridgeError) => void;
}

/** Keeps a table equal to a database. Reads only. Throws `BridgeError` when the first reading fails. */
export async function followStore({ withDriver, table, clock, onTrouble }: FollowOptions): Promise<() => void> {
  /** Gives the pause until the next reading. */
  const read = async (): Promise<number> => {
    const start = clock.monotonic();
    await withDriver(async (driver) => {
      const documents = await exportDocuments(driver);
      table.replaceAll(new Map(documents.map(({ unid, items }): [string, Items] => [unid, items])));
    });
    return Math.max(POLL_MS, PAUSES * (clock.monotonic() - start));
  };
  const pause = await read();
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;
  const again = (delay: number): void => {
    if (isEnded) return;
    timer = setTimeout(() => {
      read().then(
        (delay) => again(delay),
        (thrown) => {
          onTrouble(BridgeError.from(thrown));
          again(PAUSE_MS);
        },
      );
    }, delay);
  };
  again(pause);
  return () => {
    isEnded = true;
    clearTimeout(timer);
  };
}
