import { beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryOptions } from '../../../src/notes/directory/service.js';
import { PERSON_ITEMS } from '../../../src/notes/fields.js';
import type { Items } from '../../../src/notes/item-value.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { parseSipUri, sipKeyOf } from '../../../src/presence/ids.js';
import {
  DirectoryStage,
  groupDocument,
  mappingDocument,
  optOutDocument,
  personDocument,
} from '../../support/directory-stage.js';
import { person, sip } from '../../support/people.js';

const CSV = '/etc/presence/people.csv';

function keyOf(user: string) {
  const uri = parseSipUri(`${user}@contoso.example`);
  if (!uri.ok) throw new Error(uri.reason);
  return sipKeyOf(uri.value);
}

function settings(more: Partial<DirectoryOptions['settings']>): Partial<DirectoryOptions> {
  return {
    settings: {
      rules: DIRECTORY_RULES,
      domains: ['contoso.example'],
      groups: [],
      optOut: { people: [], groups: [] },
      ...more,
    },
  };
}

function presenceDocument(name: string, user: string, bridge = 'bridge', domain = 'contoso.example'): Items {
  return {
    Form: 'Presence',
    [PERSON_ITEMS.address]: `sip:${user}@${domain}`,
    [PERSON_ITEMS.name]: { type: 'text', data: `CN=${name}/O=Contoso`, names: true },
    [PERSON_ITEMS.bridge]: bridge,
  };
}

describe('directory', () => {
  let stage: DirectoryStage;

  beforeEach(() => {
    stage = new DirectoryStage();
  });

  const sourceReport = (source: string) => stage.directory?.report().sources.find((one) => one.source === source);
  const eventsOf = (event: string) => stage.log.entries.filter((entry) => entry.event === event);

  describe('at start', () => {
    test('all sources together make one roster', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'), personDocument('Ben Okoro', 'x'));
      await stage.presence.add(mappingDocument('CN=Ben Okoro/O=Contoso', 'ben@contoso.example'));
      stage.files.set(CSV, 'name,address\nCleo Vogt/Contoso,cleo@contoso.example\n');
      await stage.start({ csvFile: CSV, people: [person('dan@contoso.example')] });
      expect(stage.rosters).toHaveLength(1);
      expect(stage.watched).toEqual(['ana', 'ben', 'cleo', 'dan']);
      expect(stage.directory?.report().sources.map(({ source, entries }) => [source, entries])).toEqual([
        ['configuration', 1],
        ['presence database', 1],
        ['people.csv', 1],
        ['Domino Directory', 2],
        ['groups of opt-outs', 0],
      ]);
    });

    test('nobody is watched before the opt-outs in the presence database could be read', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'), personDocument('Ben Okoro', 'ben'));
      await stage.presence.add(optOutDocument(['CN=Ana Reyes/O=Contoso']));
      stage.presence.faults.link = 'unreachable';
      await stage.start();
      await stage.advance(300_000);
      expect(stage.rosters).toEqual([]);
      stage.presence.faults.release();
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['ben']);
    });

    test('an unreachable Domino Directory holds up neither configuration nor file', async () => {
      stage.domino.faults.link = 'unreachable';
      stage.files.set(CSV, 'name,address\nCleo Vogt/Contoso,cleo@contoso.example\n');
      await stage.start({ csvFile: CSV, people: [person('dan@contoso.example')] });
      expect(stage.watched).toEqual(['cleo', 'dan']);
      expect(sourceReport('Domino Directory')).toMatchObject({
        entries: 0,
        failures: 1,
        readAt: undefined,
        error: { code: 'NOTES_UNREACHABLE' },
      });
    });

    test('a Domino Directory that does not answer holds up the others for its time-out only', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'));
      await stage.domino.driver.open();
      stage.domino.faults.link = 'hanging';
      await stage.start({ people: [person('dan@contoso.example')] });
      expect(stage.rosters).toEqual([]);
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['dan']);
      stage.domino.faults.release();
      await stage.advance(120_000);
      expect(stage.watched).toEqual(['ana', 'dan']);
    });

    test('who was watched in the last run stays so until the Domino Directory can be read, and no longer', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'));
      await stage.presence.add(
        presenceDocument('Ana Reyes', 'ana'),
        presenceDocument('Gone Person', 'gone'),
        presenceDocument('Other Bridge', 'other', 'bridge-of-others'),
        presenceDocument('Opted Out', 'hidden'),
        optOutDocument(['CN=Opted Out/O=Contoso']),
      );
      stage.domino.faults.link = 'unreachable';
      await stage.start();
      expect(stage.watched).toEqual(['ana', 'gone']);
      expect(stage.rosters[0]?.optedOut).toEqual(new Set([keyOf('hidden')]));
      stage.domino.faults.release();
      await stage.advance(60_000);
      expect(stage.watched).toEqual(['ana']);
      expect(sourceReport('last run')).toBeUndefined();
    });

    test('documents that stand for lists are no people of the last run', async () => {
      await stage.presence.add(
        presenceDocument('Ana Reyes', 'ana'),
        presenceDocument('Help Desk', 'desk'),
        presenceDocument('Former List', 'former', 'bridge', 'lists.invalid'),
      );
      stage.domino.faults.link = 'unreachable';
      await stage.start({ notPeople: new Set([sip('desk@contoso.example')]) });
      expect(stage.watched).toEqual(['ana']);
    });

    test('while a group of opt-outs cannot be read nobody is watched', async () => {
      await stage.presence.add(optOutDocument(['Works Council']));
      await stage.domino.add(groupDocument('Works Council', ['CN=Dan Dee/O=Contoso']));
      stage.domino.faults.link = 'unreachable';
      const people = [person('dan@contoso.example', 'CN=Dan Dee/O=Contoso'), person('eva@contoso.example')];
      await stage.start({ people });
      await stage.advance(300_000);
      expect(stage.rosters).toEqual([]);
      stage.domino.faults.release();
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['eva']);
      expect(stage.rosters[0]?.optedOut).toEqual(new Set([keyOf('dan')]));
    });

    test('opt-outs that are read after their groups were first asked for hold the first roster back', async () => {
      await stage.presence.add(optOutDocument(['Works Council']));
      await stage.domino.add(
        groupDocument('Works Council', ['CN=Ana Reyes/O=Contoso']),
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
      );
      stage.presence.faults.link = 'unreachable';
      await stage.start();
      await stage.advance(60_000);
      stage.presence.faults.release();
      await stage.advance(31_000);
      expect(stage.rosters.map(({ people }) => people.map(({ uri }) => uri))).toEqual([['sip:ben@contoso.example']]);
    });

    test('only members of watched groups are watched, through groups within groups', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
        groupDocument('Everybody', ['Sales']),
        groupDocument('Sales', ['CN=Ana Reyes/O=Contoso']),
      );
      await stage.start(settings({ groups: ['Everybody'] }));
      expect(stage.watched).toEqual(['ana']);
    });
  });

  describe('opt-outs', () => {
    test('a document takes the person from the roster within a minute, and its removal brings the person back', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'), personDocument('Ben Okoro', 'ben'));
      await stage.start();
      await stage.advance(17_000);
      const [unid] = await stage.presence.add(optOutDocument(['Ana Reyes/Contoso']));
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['ben']);
      expect(stage.rosters.at(-1)?.optedOut).toEqual(new Set([keyOf('ana')]));
      await stage.presence.remove(unid);
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['ana', 'ben']);
      expect(stage.rosters.at(-1)?.optedOut.size).toBe(0);
    });

    test('a new member of a group that opted out counts within a minute, also in a group within it', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
        personDocument('Cleo Vogt', 'cleo'),
      );
      const [outer, inner] = await stage.domino.add(
        groupDocument('Works Council', ['Inner']),
        groupDocument('Inner', ['CN=Ana Reyes/O=Contoso']),
      );
      await stage.start(settings({ optOut: { people: [], groups: ['works  council'] } }));
      expect(stage.watched).toEqual(['ben', 'cleo']);
      await stage.domino.change(inner, { Members: ['CN=Ana Reyes/O=Contoso', 'CN=Ben Okoro/O=Contoso'] });
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['cleo']);
      await stage.domino.add(groupDocument('Newer', ['CN=Cleo Vogt/O=Contoso']));
      await stage.domino.change(outer, { Members: ['Inner', 'Newer'] });
      await stage.advance(31_000);
      expect(stage.watched).toEqual([]);
    });

    test('a document that names a further group counts within a minute', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
        groupDocument('Reception', ['CN=Ben Okoro/O=Contoso']),
      );
      await stage.start();
      await stage.presence.add(optOutDocument(['Reception']));
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['ana']);
    });

    test('a document that names a further group waits for no round of groups', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
        groupDocument('Reception', ['CN=Ben Okoro/O=Contoso']),
      );
      await stage.presence.add(optOutDocument(['Works Council']));
      // So that groups are read at other moments than documents.
      stage.domino.faults.link = 'unreachable';
      await stage.start();
      await stage.advance(10_000);
      stage.domino.faults.release();
      await stage.advance(51_000);
      expect(stage.watched).toEqual(['ana', 'ben']);
      await stage.presence.add(optOutDocument(['Reception']));
      const roundBefore = sourceReport('groups of opt-outs')?.readAt ?? 0;
      const documentsBefore = sourceReport('presence database')?.readAt ?? 0;
      expect((roundBefore - documentsBefore) % 30_000).not.toBe(0);
      await stage.advance(documentsBefore + 30_000 - stage.clock.now());
      expect(stage.watched).toEqual(['ana']);
    });

    test('a further document of a known group counts from the next refresh on', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
        groupDocument('Works Council', ['CN=Ana Reyes/O=Contoso']),
      );
      await stage.start(settings({ optOut: { people: [], groups: ['Works Council'] } }));
      await stage.domino.add(groupDocument('Works Council', ['CN=Ben Okoro/O=Contoso']));
      await stage.directory?.refresh();
      expect(stage.watched).toEqual([]);
    });

    test('known groups are read again without a search', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        groupDocument('Works Council', ['CN=Ana Reyes/O=Contoso', 'No Group', 'ben@contoso.example']),
      );
      await stage.start(settings({ optOut: { people: [], groups: ['Works Council', 'Nobody knows'] } }));
      await stage.advance(1_000);
      stage.domino.faults.calls.length = 0;
      await stage.advance(240_000);
      expect(stage.domino.faults.count('bulkReadDocumentsByUnid')).toBeGreaterThanOrEqual(7);
      expect(stage.domino.faults.count('bulkReadDocuments')).toBe(0);
    });

    test('count within a minute though the Domino Directory does not answer', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'), groupDocument('Works Council', []));
      await stage.start({
        ...settings({ optOut: { people: [], groups: ['Works Council'] } }),
        people: [person('dan@contoso.example', 'CN=Dan Dee/O=Contoso')],
      });
      stage.domino.faults.link = 'hanging';
      await stage.advance(90_000);
      await stage.presence.add(optOutDocument(['CN=Dan Dee/O=Contoso']));
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['ana']);
      stage.domino.faults.release();
    });

    test('count on while the presence database cannot be read', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'), personDocument('Ben Okoro', 'ben'));
      await stage.presence.add(optOutDocument([], ['sip:ana@contoso.example']));
      await stage.start();
      stage.presence.faults.denied = 'everything';
      await stage.advance(3_600_000);
      expect(stage.rosters).toHaveLength(1);
      expect(stage.watched).toEqual(['ben']);
      expect(sourceReport('presence database')?.error?.code).toBe('NOTES_FORBIDDEN');
    });
  });

  describe('later', () => {
    test('a renamed person is followed at the next refresh, under both names', async () => {
      const [unid] = await stage.domino.add(personDocument('Eva Klein', 'eva'));
      await stage.start();
      await stage.domino.change(unid, {
        FullName: {
          type: 'text',
          data: ['CN=Eva Gross/O=Contoso', 'Eva Gross', 'CN=Eva Klein/O=Contoso'],
          names: true,
        },
      });
      await stage.advance(1_000_000);
      expect(stage.rosters).toHaveLength(2);
      expect(stage.rosters.at(-1)?.people).toMatchObject([
        { name: 'CN=Eva Gross/O=Contoso', otherNames: ['CN=Eva Klein/O=Contoso'], uri: 'sip:eva@contoso.example' },
      ]);
    });

    test('nothing is told while nothing changes', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'));
      await stage.presence.add(optOutDocument(['CN=Somebody Else/O=Contoso']));
      await stage.start();
      await stage.advance(3_600_000);
      expect(stage.rosters).toHaveLength(1);
    });

    test('a source that fails keeps what it said, tells why once, and recovers', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'));
      await stage.start();
      stage.domino.faults.link = 'unreachable';
      await stage.advance(2_000_000);
      expect(stage.watched).toEqual(['ana']);
      const failed = eventsOf('directory.source-failed').filter(
        ({ fields }) => fields['source'] === 'Domino Directory',
      );
      expect(failed.length).toBeGreaterThan(2);
      expect(failed.filter(({ level }) => level === 'warn')).toHaveLength(1);
      stage.domino.faults.release();
      await stage.domino.add(personDocument('Ben Okoro', 'ben'));
      await stage.advance(301_000);
      expect(stage.watched).toEqual(['ana', 'ben']);
      expect(sourceReport('Domino Directory')).toMatchObject({ error: undefined, failures: 0, entries: 2 });
      expect(eventsOf('directory.source-recovered')).toHaveLength(1);
    });

    test('a directory with more documents than allowed keeps what it said', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'), personDocument('Ben Okoro', 'ben'));
      await stage.start({ maxDocuments: 2 });
      await stage.domino.add(personDocument('Cleo Vogt', 'cleo'));
      await stage.advance(1_000_000);
      expect(stage.watched).toEqual(['ana', 'ben']);
      expect(sourceReport('Domino Directory')?.error?.code).toBe('DIRECTORY_SOURCE');
    });

    test('most people of a directory do not vanish at once, unless it stays so', async () => {
      const users = Array.from({ length: 30 }, (_, index) => `user${index}`);
      const unids = await stage.domino.add(...users.map((user) => personDocument(user, user)));
      await stage.start();
      for (const unid of unids.slice(1)) stage.domino.faults.hidden.add(unid);
      await stage.advance(1_200_000);
      expect(stage.watched).toHaveLength(30);
      expect(sourceReport('Domino Directory')).toMatchObject({
        entries: 30,
        error: { code: 'DIRECTORY_SOURCE', message: expect.stringMatching(/^Only 1 of 30 Person documents/) },
      });
      stage.domino.faults.hidden.clear();
      await stage.advance(600_000);
      expect(sourceReport('Domino Directory')?.error).toBeUndefined();
      for (const unid of unids.slice(1)) await stage.domino.remove(unid);
      await stage.advance(1_700_000);
      expect(stage.watched).toHaveLength(30);
      await stage.advance(1_700_000);
      expect(stage.watched).toEqual(['user0']);
    });

    test('a directory that gives nobody after a start is not believed at once', async () => {
      const users = Array.from({ length: 30 }, (_, index) => `user${index}`);
      await stage.presence.add(...users.map((user) => presenceDocument(user, user)));
      await stage.start();
      expect(stage.watched).toHaveLength(30);
      expect(sourceReport('Domino Directory')?.error?.message).toMatch(/^Only 0 of 30 Person documents/);
      await stage.domino.add(...users.slice(0, 5).map((user) => personDocument(user, user)));
      await stage.advance(60_000);
      expect(stage.watched).toHaveLength(5);
    });

    test('most members of watched groups do not vanish at once, unless it stays so', async () => {
      const users = Array.from({ length: 30 }, (_, index) => `User ${index}`);
      const [unid = ''] = await stage.domino.add(
        groupDocument('All', [...users.map((user) => `CN=${user}/O=Contoso`)]),
        ...users.map((user) => personDocument(user, user.replace(' ', ''))),
      );
      await stage.start(settings({ groups: ['All'] }));
      stage.domino.faults.hidden.add(unid);
      await stage.advance(1_800_000);
      expect(stage.watched).toHaveLength(30);
      expect(sourceReport('watched groups')?.error?.message).toMatch(/^Only 0 of 30 members of watched groups/);
      await stage.advance(1_800_000);
      expect(stage.watched).toEqual([]);
    });

    test('a group that opted out and cannot be read any more shows nobody', async () => {
      const [unid = ''] = await stage.domino.add(
        groupDocument('Works Council', ['CN=Ana Reyes/O=Contoso']),
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ben Okoro', 'ben'),
      );
      await stage.start(settings({ optOut: { people: [], groups: ['Works Council'] } }));
      stage.domino.faults.hidden.add(unid);
      await stage.advance(1_200_000);
      expect(stage.watched).toEqual(['ben']);
    });

    test('documents about nobody and conflicts are skipped and counted', async () => {
      await stage.domino.add(
        personDocument('Ana Reyes', 'ana'),
        personDocument('Ana Reyes', 'ana.old', { $Conflict: '' }),
        { Form: 'Person', InternetAddress: '', LastName: 'Nobody' },
        { Form: 'Person', FullName: 17, InternetAddress: 'x'.repeat(5_000) },
        { Form: 'Person', FullName: '', InternetAddress: 'nameless@contoso.example' },
      );
      await stage.start();
      expect(stage.watched).toEqual(['ana', 'nameless']);
      const [read] = eventsOf('directory.read').filter(({ fields }) => fields['source'] === 'Domino Directory');
      expect(read?.fields).toMatchObject({ entries: 2, skipped: 3 });
      expect(sourceReport('Domino Directory')).toMatchObject({ entries: 2, skipped: 3 });
    });

    test('a file is read when it changed, and a bad one keeps what the good one said', async () => {
      stage.files.set(CSV, 'name,address\nCleo Vogt/Contoso,cleo@contoso.example\n');
      await stage.start({ csvFile: CSV });
      await stage.advance(300_000);
      expect(stage.files.reads).toBe(1);
      stage.files.set(
        CSV,
        'name,address\nCleo Vogt/Contoso,cleo@contoso.example\nDan Dee/Contoso,dan@contoso.example\n',
      );
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['cleo', 'dan']);
      stage.files.set(CSV, 'name,address\nDan Dee/Contoso,dan@contoso.example,x\n');
      await stage.advance(31_000);
      expect(stage.watched).toEqual(['cleo', 'dan']);
      expect(sourceReport('people.csv')?.error).toMatchObject({
        code: 'DIRECTORY_CSV',
        message: expect.stringContaining('people.csv line 2'),
      });
      stage.files.set(CSV, undefined);
      await stage.advance(60_000);
      expect(stage.watched).toEqual(['cleo', 'dan']);
      expect(sourceReport('people.csv')?.error?.message).toBe('The file people.csv cannot be read (ENOENT).');
    });
  });

  describe('on demand', () => {
    test('a refresh reads everything, and joins one under way', async () => {
      await stage.start();
      await stage.domino.add(personDocument('Ana Reyes', 'ana'));
      stage.domino.faults.calls.length = 0;
      await Promise.all([stage.directory?.refresh(), stage.directory?.refresh()]);
      expect(stage.watched).toEqual(['ana']);
      expect(stage.domino.faults.count('bulkReadDocuments')).toBe(1);
    });

    test('a refresh says which source could not be read', async () => {
      await stage.start();
      stage.domino.faults.link = 'unreachable';
      await expect(stage.directory?.refresh()).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
    });

    test('a report needs no start', async () => {
      await stage.domino.add(personDocument('Ana Reyes', 'ana'));
      const directory = stage.make();
      await directory.refresh();
      expect(directory.report().rows.map(({ outcome }) => outcome)).toEqual(['mapped']);
      await directory.stop();
      expect(stage.clock.pendingTimers).toBe(0);
    });
  });

  describe('stopping', () => {
    test('ends all timers and closes the Domino Directory alone', async () => {
      stage.files.set(CSV, 'name,address\n');
      await stage.start({ csvFile: CSV, ...settings({ groups: ['All'], optOut: { people: [], groups: ['None'] } }) });
      await stage.directory?.stop();
      expect(stage.clock.pendingTimers).toBe(0);
      await expect(stage.domino.driver.find({ query: '@all', itemNames: [] })).rejects.toBeInstanceOf(BridgeError);
      await expect(stage.presence.driver.find({ query: "Form = 'x'", itemNames: [] })).resolves.toEqual([]);
      await expect(stage.directory?.refresh()).rejects.toMatchObject({ code: 'DIRECTORY_SOURCE' });
    });

    test('does not wait for a call that hangs, whose late answer changes nothing', async () => {
      await stage.domino.driver.open();
      stage.domino.faults.link = 'hanging';
      await stage.start({ people: [person('dan@contoso.example')] });
      const stopped = stage.directory?.stop();
      await stage.advance(3_000);
      await stopped;
      stage.domino.faults.release();
      await stage.advance(120_000);
      expect(stage.rosters).toEqual([]);
      expect(stage.clock.pendingTimers).toBe(0);
    });
  });

  test('no name and no address stands in a line above debug level', async () => {
    await stage.domino.add(
      personDocument('Ana Reyes', 'ana'),
      groupDocument('Works Council', ['CN=Ana Reyes/O=Contoso']),
    );
    await stage.presence.add(optOutDocument(['Works Council', 'Canary Person']));
    stage.files.set(CSV, 'name,address\nCanary Person/Contoso,canary@contoso.example,x\n');
    await stage.start({ csvFile: CSV });
    stage.domino.faults.link = 'unreachable';
    await expect(stage.directory?.lookUp('Canary Person/Contoso')).rejects.toBeInstanceOf(BridgeError);
    await stage.advance(60_000);
    const lines = JSON.stringify(stage.log.entries.filter(({ level }) => level !== 'debug'));
    expect(lines).toContain('directory.source-failed');
    expect(lines).not.toMatch(/Ana|Reyes|Canary|Council|contoso\.example/i);
  });
});
