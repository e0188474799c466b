import { beforeEach, describe, expect, test } from 'vitest';
import type { HeartbeatRecord, PersonRecord, StatusStore } from '../../src/bridge/ports.js';
import { DominoDbDriver } from '../../src/notes/drivers/domino-db/domino-db.js';
import type { DominoDatabase } from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import { FORMS, HEARTBEAT_ITEMS, PERSON_ITEMS } from '../../src/notes/fields.js';
import type { Items } from '../../src/notes/item-value.js';
import { personItems } from '../../src/notes/items.js';
import { createDominoStore, type DominoStoreOptions } from '../../src/notes/store.js';
import type { Status } from '../../src/presence/availability.js';
import { unknownSnapshot } from '../../src/presence/snapshot.js';
import { DominoFaults } from '../support/domino-faults.js';
import { person } from '../support/people.js';
import { recordingLog } from '../support/silent-log.js';
import { SimulatedClock } from '../support/simulated-clock.js';

const AT = Date.UTC(2026, 0, 5, 9, 30, 0);
let seq = 0;

function record(user: string, status: Status = 'available', note = '', activityText = note): PersonRecord {
  const who = person(`${user}@contoso.example`);
  const snapshot = { ...unknownSnapshot(who.uri), status, note, activityText };
  return { person: who, snapshot, observedAt: AT, bridge: 'bridge-1', epoch: 1, seq: ++seq, waitingSince: AT };
}

function heartbeat(people = 1): HeartbeatRecord {
  const link = { state: 'connected', since: AT } as const;
  const counts = { people, reachable: 1, unknown: 0 };
  const beat = { writtenAt: AT, interval: 30_000, connected: true };
  return { bridge: 'bridge-1', epoch: 1, version: '0.1.0', ocs: link, notes: link, ...beat, ...counts };
}

describe('store', () => {
  let clock: SimulatedClock;
  let faults: DominoFaults;
  let database: DominoDatabase;
  let log: ReturnType<typeof recordingLog>;
  let reported: Map<string, Items>;
  let makeStore: (options?: Partial<DominoStoreOptions>) => StatusStore;
  let store: StatusStore;

  beforeEach(async () => {
    clock = new SimulatedClock();
    faults = new DominoFaults();
    log = recordingLog();
    reported = new Map();
    const { useServer } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
    const server = { hostName: 'domino.contoso.example', connection: { port: '3002' } };
    database = await (await useServer(server)).useDatabase({ filePath: 'presence.nsf' });
    makeStore = (options) => {
      const load = async () => ({ name: 'test', version: '1', useServer: faults.wrap(useServer) });
      const driver = new DominoDbDriver({ kind: 'domino-db', load, server, filePath: 'presence.nsf' }, clock);
      const onDocument = (key: string, items: Items | undefined): void => {
        if (items === undefined) reported.delete(key);
        else reported.set(key, items);
      };
      return createDominoStore({ driver, bridge: 'bridge-1', notes: false, onDocument, ...options }, { log });
    };
    store = makeStore();
    await store.open();
    faults.calls.length = 0;
  });

  /** All documents as the database holds them, behind the store's back. */
  async function documents(form: string = FORMS.person, itemNames: string[] = Object.values(PERSON_ITEMS)) {
    return (await database.bulkReadDocuments({ query: `Form = '${form}'`, itemNames, count: 200 })).documents;
  }
  const statuses = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries((await documents()).map((one) => [String(one['SipAddress']).slice(4, -16), one['Status']]));

  describe('writing', () => {
    test('creates missing documents and replaces the items of known ones', async () => {
      const first = await store.write([record('ana'), record('ben')]);
      expect(first.written).toHaveLength(2);
      await store.write([record('ana', 'away'), record('cleo', 'busy')]);
      expect(await statuses()).toEqual({ ana: 'away', ben: 'available', cleo: 'busy' });
      expect(faults.count('bulkCreateDocuments')).toBe(2);
      expect(faults.count('bulkReplaceItemsByUnid')).toBe(1);
    });

    test('knows after an opening what is there, and only updates', async () => {
      await store.write([record('ana'), record('ben')]);
      const next = makeStore();
      expect((await next.open()).people.map(({ uri, snapshot }) => [uri, snapshot.status])).toEqual([
        ['sip:ana@contoso.example', 'available'],
        ['sip:ben@contoso.example', 'available'],
      ]);
      faults.calls.length = 0;
      await next.write([record('ana', 'away'), record('ben', 'busy')]);
      expect(faults.calls).toEqual(['bulkReplaceItemsByUnid']);
      expect(await statuses()).toEqual({ ana: 'away', ben: 'busy' });
    });

    test('opens over more documents than a page holds', async () => {
      await store.write(Array.from({ length: 530 }, (_, at) => record(`p${at}`)));
      expect((await makeStore().open()).people).toHaveLength(530);
      expect(faults.largestWrite).toBe(100);
    });

    test('the later of two records of one person counts', async () => {
      await store.write([record('ana', 'available'), record('ana', 'away')]);
      expect(await statuses()).toEqual({ ana: 'away' });
    });

    test('restores what somebody edited and leaves foreign items alone', async () => {
      await store.write([record('ana', 'away')]);
      await database.bulkReplaceItems({
        query: "Form = 'Presence'",
        replaceItems: { Status: 'available', StatusRank: 1, SipAddress: 'nonsense', Room: '4.12' },
      });
      const next = makeStore();
      await next.open();
      await next.write([record('ana', 'away')]);
      const [ana] = await documents(FORMS.person, ['Status', 'SipAddress', 'Room']);
      expect(ana).toMatchObject({ Status: 'away', SipAddress: 'sip:ana@contoso.example', Room: '4.12' });
      expect(await documents()).toHaveLength(1);
    });
  });

  describe('single documents that fail', () => {
    test('one refused document is reported, the others are written', async () => {
      await store.write([record('ana'), record('ben')]);
      const ben = record('ben', 'busy');
      const [, unid] = (await documents()).map((one) => one['@unid']);
      faults.refuses = (document) => document['@unid'] === unid;
      const { written, failed } = await store.write([record('ana', 'away'), ben, record('cleo')]);
      expect(written).toHaveLength(2);
      expect([...failed].map(([key, error]) => [key, error.code])).toEqual([[ben.person.key, 'NOTES_BAD_REQUEST']]);
      expect(await statuses()).toEqual({ ana: 'away', ben: 'available', cleo: 'available' });
    });

    test('a refused creation is reported, and tried again at the next write', async () => {
      faults.refuses = (document) => String(document['SipAddress']).includes('ben');
      expect((await store.write([record('ana'), record('ben')])).failed.size).toBe(1);
      faults.refuses = () => false;
      expect((await store.write([record('ben')])).failed.size).toBe(0);
      expect(await statuses()).toEqual({ ana: 'available', ben: 'available' });
    });

    test('a document that somebody deleted is made anew', async () => {
      await store.write([record('ana'), record('ben')]);
      await database.bulkDeleteDocuments({ query: `SipKey = '${record('ana').person.key}'` });
      const { failed } = await store.write([record('ana', 'away'), record('ben', 'busy')]);
      expect(failed.size).toBe(0);
      expect(await statuses()).toEqual({ ana: 'away', ben: 'busy' });
    });

    test('a document that was deleted and made anew elsewhere is found again', async () => {
      await store.write([record('ana')]);
      await database.bulkDeleteDocuments({ query: "Form = 'Presence'" });
      await database.createDocument({ document: personItems(record('ana', 'busy'), { notes: false }) });
      expect((await store.write([record('ana', 'away')])).failed.size).toBe(0);
      expect(await statuses()).toEqual({ ana: 'away' });
      expect(await documents()).toHaveLength(1);
    });
  });

  describe('outcomes that are unknown', () => {
    test('a creation whose answer was lost is searched before anything is created again', async () => {
      faults.lostAnswers = 1;
      await expect(store.write([record('ana')])).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
      await store.write([record('ana', 'away')]);
      expect(await documents()).toHaveLength(1);
      expect(await statuses()).toEqual({ ana: 'away' });
    });

    test('a creation that takes effect after the time-out makes no second document', async () => {
      faults.link = 'hanging';
      const lost = store.write([record('ana')]).catch((error: unknown) => error);
      await clock.advance(30_000);
      expect(await lost).toMatchObject({ code: 'NOTES_TIMEOUT' });
      const reopened = store.open().then(() => store.write([record('ana', 'away')]));
      await clock.advance(5_000);
      faults.release();
      await reopened;
      expect(await statuses()).toEqual({ ana: 'away' });
      expect(await documents()).toHaveLength(1);
    });

    test('a heartbeat whose answer was lost is not created twice', async () => {
      faults.lostAnswers = 1;
      await expect(store.heartbeat(heartbeat())).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
      await store.heartbeat(heartbeat());
      expect(await documents(FORMS.heartbeat)).toHaveLength(1);
    });

    test('after an outage the same store goes on', async () => {
      await store.write([record('ana')]);
      faults.link = 'unreachable';
      await expect(store.write([record('ana', 'away')])).rejects.toMatchObject({ retry: 'later' });
      await expect(store.open()).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
      faults.link = 'up';
      await store.open();
      await store.write([record('ana', 'busy'), record('ben')]);
      expect(await statuses()).toEqual({ ana: 'busy', ben: 'available' });
    });

    test('calls never overlap', async () => {
      await Promise.all([
        store.write([record('ana')]),
        store.heartbeat(heartbeat()),
        store.write([record('ana', 'away'), record('ben')]),
        store.remove([record('ben').person.key]),
        store.open(),
      ]);
      expect(faults.mostAtOnce).toBe(1);
      expect(await statuses()).toEqual({ ana: 'away' });
    });
  });

  describe('opening', () => {
    test('keeps the oldest of two documents of a person and removes the bridge’s later one', async () => {
      await store.write([record('ana', 'away')]);
      await clock.advance(1000);
      await database.createDocument({ document: personItems(record('ana', 'available'), { notes: false }) });
      const { people } = await makeStore().open();
      expect(people.map(({ snapshot }) => snapshot.status)).toEqual(['away']);
      expect(await statuses()).toEqual({ ana: 'away' });
      expect(log.entries.map(({ event }) => event)).toContain('notes.duplicates-removed');
    });

    test('removes a conflict, and says that the document beside it must be written anew', async () => {
      await store.write([record('ana', 'away'), record('ben', 'away')]);
      const losing = { ...personItems(record('ana', 'available'), { notes: false }), $Conflict: '' };
      await database.createDocument({ document: losing });
      const { people, conflicts, duplicates } = await makeStore().open();
      expect(people.map(({ uri, intact }) => [uri, intact])).toEqual([
        ['sip:ana@contoso.example', false],
        ['sip:ben@contoso.example', true],
      ]);
      expect([conflicts, duplicates]).toEqual([1, 0]);
      expect(await statuses()).toEqual({ ana: 'away', ben: 'away' });
      expect(await documents()).toHaveLength(2);
    });

    test('a conflict does not take the place of the document that was deleted', async () => {
      const losing = { ...personItems(record('ana', 'available'), { notes: false }), $Conflict: '' };
      await database.createDocument({ document: losing });
      expect((await makeStore().open()).people).toEqual([]);
      expect(await documents()).toEqual([]);
    });

    test('counts what no bridge made and leaves it alone', async () => {
      await store.write([record('ana', 'away')]);
      await clock.advance(1000);
      const foreign = { ...personItems(record('ana', 'available'), { notes: false }), Bridge: '' };
      await database.createDocument({ document: foreign });
      await database.createDocument({ document: { ...foreign, $Conflict: '' } });
      await database.createDocument({ document: { Form: 'Presence' } });
      const { leftAlone, duplicates, conflicts } = await makeStore().open();
      expect([leftAlone, duplicates, conflicts]).toEqual([3, 1, 1]);
      expect(await documents()).toHaveLength(4);
    });

    test.each([
      ['Status', 'green'],
      ['StatusRank', 1],
      ['SipKey', 'spoilt'],
      ['PersonName', ['CN=A/O=B', 'CN=C/O=D']],
      ['SchemaVersion', 0],
    ])('says whose %s somebody changed', async (item, value) => {
      await store.write([record('ana', 'away'), record('ben', 'away')]);
      const query = `SipKey = '${record('ana').person.key}'`;
      await database.bulkReplaceItems({ query, replaceItems: { [item]: value } });
      const { people } = await makeStore().open();
      expect(people.filter(({ intact }) => !intact).map(({ uri }) => uri)).toEqual(['sip:ana@contoso.example']);
    });

    test('names documents of this bridge whose address nobody can read, and no others', async () => {
      await store.write([record('ana'), { ...record('ben'), bridge: 'other' }, record('cleo')]);
      await database.bulkReplaceItems({ query: "Status = 'available'", replaceItems: { SipAddress: 'nonsense' } });
      const { unreadable, people } = await makeStore().open();
      expect([unreadable, people]).toEqual([[record('ana').person.key, record('cleo').person.key], []]);
    });

    test('knows the highest turn of any bridge, from documents and heartbeats', async () => {
      await store.write([{ ...record('ana'), bridge: 'other', epoch: 5 }]);
      await store.heartbeat({ ...heartbeat(), epoch: 9 });
      expect((await makeStore().open()).highestEpoch).toBe(9);
    });

    test('reads an older schema, and refuses it when it is newer', async () => {
      await store.write([record('ana')]);
      await database.bulkReplaceItems({ query: "Form = 'Presence'", replaceItems: { SchemaVersion: 0 } });
      expect((await makeStore().open()).people).toMatchObject([{ intact: false }]);
      await database.bulkReplaceItems({ query: "Form = 'Presence'", replaceItems: { SchemaVersion: 2 } });
      await expect(store.open()).rejects.toMatchObject({ code: 'NOTES_SCHEMA' });
    });

    test('lets others have their turn while it looks at many documents', async () => {
      await store.write(Array.from({ length: 1_200 }, (_, at) => record(`p${at}`)));
      const next = makeStore();
      let turns = 0;
      const count = (): void => {
        turns++;
        timer = setImmediate(count);
      };
      let timer = setImmediate(count);
      await next.open();
      clearImmediate(timer);
      expect(turns).toBeGreaterThanOrEqual(2);
    });

    test('duplicates that may not be deleted do not keep the bridge from working', async () => {
      await store.write([record('ana', 'away')]);
      await clock.advance(1000);
      await database.createDocument({ document: personItems(record('ana', 'available'), { notes: false }) });
      faults.refuses = (document) => Object.keys(document).join() === '@unid';
      expect((await makeStore().open()).people).toHaveLength(1);
      expect(log.entries.map(({ event }) => event)).toContain('notes.duplicates-kept');
    });

    test('refuses documents of a newer bridge', async () => {
      await store.write([record('ana')]);
      await database.bulkReplaceItems({ query: "Form = 'Presence'", replaceItems: { SchemaVersion: 2 } });
      await expect(makeStore().open()).rejects.toMatchObject({ code: 'NOTES_SCHEMA', exitCode: 78 });
    });

    test('refuses a heartbeat of a newer bridge', async () => {
      await store.heartbeat(heartbeat());
      await database.bulkReplaceItems({ query: "Form = 'PresenceBridge'", replaceItems: { SchemaVersion: 2 } });
      await expect(makeStore().open()).rejects.toMatchObject({ code: 'NOTES_SCHEMA' });
    });

    test('takes back personal notes once they are turned off', async () => {
      const withNotes = makeStore({ notes: true });
      await withNotes.open();
      await withNotes.write([record('ana', 'away', 'At the dentist'), record('ben')]);
      const [ana] = (await makeStore({ notes: false }).open()).people;
      expect(ana?.snapshot.status).toBe('away');
      for (const item of ['Note', 'ActivityText']) {
        expect((await documents()).map((one) => one[item] ?? '')).toEqual(['', '']);
      }
      expect(ana?.intact).toBe(true);
      expect([...reported.values()].map((items) => items['Note'] ?? '')).toEqual(['', '']);
    });
  });

  test('leaves the notes of a bridge that keeps them to that bridge', async () => {
    const other = makeStore({ bridge: 'bridge-2', notes: true });
    await other.open();
    await other.write([{ ...record('ana', 'away', 'At the dentist'), bridge: 'bridge-2' }]);
    await makeStore({ notes: false }).open();
    expect((await documents()).map((one) => one['Note'])).toEqual(['At the dentist']);
  });

  test('searches before it makes a document again whose creation was refused, since it may have been made', async () => {
    faults.refuses = () => true;
    const { failed } = await store.write([record('ana')]);
    expect(failed.size).toBe(1);
    faults.refuses = () => false;
    await database.createDocument({ document: personItems(record('ana'), { notes: false }) });
    await store.write([record('ana', 'away')]);
    expect((await documents()).map((one) => one['Status'])).toEqual(['away']);
  });

  describe('while another bridge might write', () => {
    /** So many calls may still change something. */
    let allowed = Number.POSITIVE_INFINITY;
    beforeEach(async () => {
      allowed = Number.POSITIVE_INFINITY;
      store = makeStore({ mayWrite: () => allowed-- > 0, batchSize: 2 });
      await store.open();
      faults.calls.length = 0;
    });

    test('nothing is sent', async () => {
      await store.write([record('ana')]);
      faults.calls.length = 0;
      allowed = 0;
      const { key } = record('ana').person;
      for (const call of [
        store.write([record('ana', 'away')]),
        store.write([record('ben')]),
        store.remove([key]),
        store.heartbeat(heartbeat()),
      ]) {
        await expect(call).rejects.toMatchObject({ code: 'BRIDGE_STANDBY' });
      }
      expect(faults.calls).toEqual([]);
      expect(await statuses()).toEqual({ ana: 'available' });
    });

    test('a call that began before is cut short between its batches', async () => {
      const records = ['ana', 'ben', 'cleo', 'dan'].map((user) => record(user));
      allowed = 1;
      await expect(store.write(records)).rejects.toMatchObject({ code: 'BRIDGE_STANDBY' });
      expect(await statuses()).toEqual({ ana: 'available', ben: 'available' });
    });

    test('an opening removes no duplicates', async () => {
      await store.write([record('ana')]);
      await clock.advance(1000);
      await database.createDocument({ document: personItems(record('ana'), { notes: false }) });
      allowed = 0;
      await expect(store.open()).rejects.toMatchObject({ code: 'BRIDGE_STANDBY' });
      expect(await documents()).toHaveLength(2);
    });
  });

  describe('heartbeat', () => {
    test('is one document per bridge, replaced at each beat', async () => {
      await store.heartbeat(heartbeat(1));
      await store.heartbeat(heartbeat(2));
      const next = makeStore();
      await next.open();
      await next.heartbeat(heartbeat(3));
      const beats = await documents(FORMS.heartbeat, [HEARTBEAT_ITEMS.people]);
      expect(beats.map((one) => one['People'])).toEqual([3]);
    });

    test('throws when its document is refused', async () => {
      faults.refuses = () => true;
      await expect(store.heartbeat(heartbeat())).rejects.toMatchObject({ code: 'NOTES_BAD_REQUEST' });
    });
  });

  describe('removing', () => {
    test('deletes documents; those that are gone already count as removed', async () => {
      await store.write([record('ana'), record('ben'), record('cleo')]);
      await database.bulkDeleteDocuments({ query: `SipKey = '${record('ben').person.key}'` });
      const keys = ['ana', 'ben', 'nobody'].map((user) => record(user).person.key);
      expect(await store.remove(keys)).toEqual({ written: keys, failed: new Map() });
      expect(await statuses()).toEqual({ cleo: 'available' });
    });

    test('deletes a document that another bridge made since the opening', async () => {
      await database.createDocument({ document: personItems(record('ana'), { notes: false }) });
      expect((await store.remove([record('ana').person.key])).failed.size).toBe(0);
      expect(await documents()).toEqual([]);
    });

    test('reports a document that may not be deleted', async () => {
      await store.write([record('ana')]);
      faults.refuses = () => true;
      const { written, failed } = await store.remove([record('ana').person.key]);
      expect([written, failed.size]).toEqual([[], 1]);
    });
  });

  describe('onDocument', () => {
    test('tells of every document that was read, written or removed', async () => {
      await store.write([record('ana', 'away'), record('ben')]);
      await store.heartbeat(heartbeat());
      await store.remove([record('ben').person.key]);
      const { key } = record('ana').person;
      expect([...reported.keys()].sort()).toEqual([key, 'heartbeat:bridge-1'].sort());
      reported.clear();
      await makeStore().open();
      expect(reported.get(key)).toMatchObject({ Status: 'away' });
      expect(reported.get('heartbeat:bridge-1')).toMatchObject({ People: 1 });
    });

    test('tells at an opening what vanished meanwhile', async () => {
      await store.write([record('ana'), record('ben')]);
      await database.bulkDeleteDocuments({ query: `SipKey = '${record('ana').person.key}'` });
      await store.open();
      expect([...reported.keys()]).toEqual([record('ben').person.key]);
    });
  });
});
