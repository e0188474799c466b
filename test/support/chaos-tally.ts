import type {
  BulkResponse,
  DominoDatabase,
  DominoServer,
  UseServer,
} from '../../src/notes/drivers/domino-db-surface.js';

/** As `DominoFaults` words it. */
const REFUSAL = 'Field validation failed';

export interface Tally {
  /** A call began. */
  called(call: keyof DominoDatabase): void;
  /** Single documents were refused in an answer, for good reason: that a document is gone is none. */
  refused(count: number): void;
  failed(): void;
}

/** Counts what a bridge asks of Domino, and what it is told. */
export function tallied(useServer: UseServer, tally: Tally): UseServer {
  return async (configuration) => {
    const server = await useServer(configuration);
    return {
      useDatabase: async (options) => over(await server.useDatabase(options), tally),
    } satisfies DominoServer;
  };
}

function over(database: DominoDatabase, tally: Tally): DominoDatabase {
  const names = Object.keys(database) as (keyof DominoDatabase)[];
  const wrapped = names.map((name) => [
    name,
    async (options: never): Promise<unknown> => {
      tally.called(name);
      try {
        const answer = (await database[name](options)) as Partial<BulkResponse>;
        const refused = answer.documents?.filter((document) => document['@error']?.message === REFUSAL).length ?? 0;
        if (refused > 0) tally.refused(refused);
        return answer;
      } catch (thrown) {
        tally.failed();
        throw thrown;
      }
    },
  ]);
  return Object.fromEntries(wrapped) as DominoDatabase;
}
