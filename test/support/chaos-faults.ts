import type { Person } from '../../src/bridge/ports.js';
import { CONFLICT_ITEM, PERSON_ITEMS } from '../../src/notes/fields.js';
import type { ChaosHost } from './chaos-host.js';
import type { FaultName } from './chaos-schedule.js';
import type { DominoFaults } from './domino-faults.js';
import type { DominoWorld } from './domino-world.js';
import { notesName } from './people.js';

/** Lets a fault strike a person, or these of the machines; the returned function ends it. */
type Begin = (world: DominoWorld, who: Person, hosts: readonly ChaosHost[]) => End | Promise<End>;
type End = () => void | Promise<void>;

const DONE: End = () => undefined;

/** The way from some machines to Domino. */
function onFaults(begin: (faults: DominoFaults) => () => void): Begin {
  return (_world, _who, hosts) => {
    const ends = hosts.map(({ faults }) => begin(faults));
    return () => {
      for (const end of ends) end();
    };
  };
}

function link(state: 'unreachable' | 'hanging' | 'hanging-after'): Begin {
  return onFaults((faults) => {
    faults.release();
    faults.link = state;
    return () => faults.release();
  });
}

function denied(what: 'writing' | 'everything'): Begin {
  return onFaults((faults) => {
    faults.denied = what;
    return () => {
      faults.denied = 'nothing';
    };
  });
}

function database(kind: 'full' | 'read-only'): Begin {
  return onFaults((faults) => {
    faults.begin({ kind });
    return () => {
      faults.refusal = undefined;
    };
  });
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

const BEGIN: Readonly<Record<FaultName, Begin>> = {
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
  'answers-lost': onFaults((faults) => {
    faults.lostAnswers = 3;
    return () => {
      faults.lostAnswers = 0;
    };
  }),
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
  frozen: (_world, _who, hosts) => {
    const clocks = hosts.map(({ running }) => running?.clock);
    for (const clock of clocks) clock?.freeze();
    return () => {
      for (const clock of clocks) clock?.thaw();
    };
  },
  killed: (_world, _who, hosts) => {
    for (const host of hosts) host.kill();
    return startsAgain(hosts);
  },
  restarted: async (world, _who, hosts) => {
    for (const host of hosts) await world.stops(host);
    return startsAgain(hosts);
  },
};

function startsAgain(hosts: readonly ChaosHost[]): End {
  return () => {
    for (const host of hosts) if (host.running === undefined) host.starts();
  };
}

/** Begins a fault of a schedule. Of two machines it strikes both, or one of them. */
export function begin(world: DominoWorld, fault: FaultName, target: number): End | Promise<End> {
  const who = world.people[target % world.people.length];
  if (who === undefined) return DONE;
  const { hosts } = world;
  const struck = target % (hosts.length + 1);
  return BEGIN[fault](world, who, struck === 0 ? hosts : hosts.slice(struck - 1, struck));
}
