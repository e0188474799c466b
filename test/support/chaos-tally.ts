import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../src/bridge/ports.js';
import type {
  BulkResponse,
  DominoDatabase,
  DominoServer,
  UseServer,
} from '../../src/notes/drivers/domino-db/domino-db-surface.js';

/** Nobody listens to a later answer. */
const PATIENCE_MS = 30_000;
/** As `DominoFaults` words it. */
const REFUSAL = 'Field validation failed';

/** When the call was sent to which a change of a document belongs, by the sender's clock. */
const sending = new AsyncLocalStorage<number>();

export function sentAt(): number | undefined {
  return sending.getStore();
}

export interface Tally {
  /** A call began. */
  called(call: keyof DominoDatabase): void;
  /** Single documents were refused in an answer, for good reason: that a document is gone is none. */
  refused(count: number): void;
}

/** Counts what a bridge asks of Domino, and what it is told. */
export function tallied(useServer: UseServer, clock: Clock, tally: Tally): UseServer {
  return async (configuration) => {
    const server = await useServer(configuration);
    return {
      useDatabase: async (options) => over(await server.useDatabase(options), clock, tally),
    } satisfies DominoServer;
  };
}

function over(database: DominoDatabase, clock: Clock, tally: Tally): DominoDatabase {
  const names = Object.keys(database) as (keyof DominoDatabase)[];
  const wrapped = names.map((name) => [
    name,
    async (options: never): Promise<unknown> => {
      tally.called(name);
      const began = clock.monotonic();
      const answer = (await sending.run(clock.now(), () => database[name](options))) as Partial<BulkResponse>;
      const refused = answer.documents?.filter((document) => document['@error']?.message === REFUSAL).length ?? 0;
      if (refused > 0 && clock.monotonic() - began < PATIENCE_MS) tally.refused(refused);
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped) as DominoDatabase;
}
