import type { Person } from '../../src/bridge/ports.js';
import { CONFLICT_ITEM, PERSON_ITEMS } from '../../src/notes/fields.js';
import type { FaultName } from './chaos-schedule.js';
import type { DominoWorld } from './domino-world.js';
import { notesName } from './people.js';

/** Lets a fault begin; the returned function ends it. */
type Begin = (world: DominoWorld, who: Person) => End | Promise<End>;
type End = () => void | Promise<void>;

const DONE: End = () => undefined;

function link(state: 'unreachable' | 'hanging' | 'hanging-after'): Begin {
  return ({ faults }) => {
    faults.release();
    faults.link = state;
    return () => faults.release();
  };
}

function denied(what: 'writing' | 'everything'): Begin {
  return ({ faults }) => {
    faults.denied = what;
    return () => {
      faults.denied = 'nothing';
    };
  };
}

function database(kind: 'full' | 'read-only'): Begin {
  return ({ faults }) => {
    faults.begin({ kind });
    return () => {
      faults.refusal = undefined;
    };
  };
}

/** Somebody does something to the person's document, if there is one. */
function byHand(
  change: (edit: { readonly world: DominoWorld; readonly unid: string; readonly items: object }) => Promise<unknown>,
): Begin {
  return async (world, who) => {
    const [document] = world.domino.documentsOf(who.key);
    if (document === undefined) return DONE;
    world.checker.tampered.add(who.key);
    await change({ world, unid: document.unid, items: document.items });
    return DONE;
  };
}

function edited(items: Readonly<Record<string, unknown>>): Begin {
  return byHand(({ world, unid }) =>
    world.domino.byHand((database) =>
      database.bulkReplaceItemsByUnid({ replaceItemsByUnid: [{ '@unid': unid, ...items }] }),
    ),
  );
}

function doubled(added: Readonly<Record<string, unknown>>): Begin {
  return byHand(({ world, unid, items }) =>
    world.domino.byHand((database) =>
      database.bulkCreateDocuments({ documents: [{ ...items, ...added, ...refOf(unid, added) }] }),
    ),
  );
}

/** A conflict is a response of the document that won. */
function refOf(unid: string, added: object): Readonly<Record<string, unknown>> {
  return CONFLICT_ITEM in added ? { $Ref: unid } : {};
}

export const BEGIN: Readonly<Record<FaultName, Begin>> = {
  'domino-away': link('unreachable'),
  'domino-hangs': link('hanging'),
  'domino-deaf': link('hanging-after'),
  'domino-slow': ({ domino }) => {
    const { travelMs } = domino;
    domino.travelMs = 4_000;
    return () => {
      domino.travelMs = travelMs < 4_000 ? travelMs : 10;
    };
  },
  'answers-lost': ({ faults }) => {
    faults.lostAnswers = 3;
    return () => {
      faults.lostAnswers = 0;
    };
  },
  'writes-denied': denied('writing'),
  'all-denied': denied('everything'),
  'database-full': database('full'),
  'database-read-only': database('read-only'),
  'document-refused': (world, who) => {
    world.refuse(who);
    return () => world.acceptAgain(who);
  },
  'ocs-away': ({ truth }) => {
    truth.goDown();
    return () => truth.goUp();
  },
  'ocs-slow': ({ truth }) => {
    truth.answerMs = 12_000;
    return () => {
      truth.answerMs = 300;
    };
  },
  'person-lost': ({ truth }, { uri }) => {
    truth.deny(uri, 'rejected');
    return () => truth.allow(uri);
  },
  'person-interrupted': ({ truth }, { uri }) => {
    truth.deny(uri, 'interrupted');
    return () => truth.allow(uri);
  },
  'document-edited': edited({ [PERSON_ITEMS.status]: 'available', Remark: 'sits in room 12' }),
  'document-deleted': byHand(({ world, unid }) =>
    world.domino.byHand((database) => database.bulkDeleteDocumentsByUnid({ unids: [unid] })),
  ),
  'document-doubled': doubled({}),
  'document-in-conflict': doubled({ [CONFLICT_ITEM]: '' }),
  'key-spoilt': edited({ [PERSON_ITEMS.key]: 'nonsense' }),
  'leaves-roster': (world, who) => {
    world.leavesRoster(who);
    return () => world.joinsRoster(who);
  },
  'opts-out': (world, who) => {
    world.optsOut(who);
    return () => world.joinsRoster(who);
  },
  renamed: (world, who) => {
    world.isRenamed(who, notesName('CN=Somebody Else/O=Contoso'));
    return () => world.isRenamed(who, who.name);
  },
  comparison: (world) => {
    world.reconcile();
    return DONE;
  },
  frozen: ({ running }) => {
    running?.clock.freeze();
    return () => running?.clock.thaw();
  },
  killed: (world) => {
    world.kill();
    return () => {
      if (world.running === undefined) world.starts();
    };
  },
  restarted: async (world) => {
    await world.stops();
    return () => {
      if (world.running === undefined) world.starts();
    };
  },
};
