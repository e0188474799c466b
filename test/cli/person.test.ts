import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveView } from '../../src/bridge/person-ports.js';
import { STATE_FILES, writeState } from '../../src/bridge/runtime/state-folder.js';
import { exportDocuments } from '../../src/notes/desk/export.js';
import { createPersonDesk } from '../../src/notes/desk/person-desk.js';
import type { Items } from '../../src/notes/item-value.js';
import type { LookUp } from '../../src/presence/directory.js';
import { sipKeyOf } from '../../src/presence/ids.js';
import { lockFolder } from '../../src/system/folder-lock.js';
import { answeredCommand, command } from '../support/command-line.js';
import { TOKEN, testServer } from '../support/http-server.js';
import { notesName, sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';
import { StoreSite } from '../support/store-site.js';
import { storedBridge, storedOptOut, storedPerson } from '../support/stored-documents.js';

const ANA = sip('sip:ana.reyes@contoso.example');
const NAME = notesName('CN=Ana Reyes/OU=Sales/O=Contoso');
const BEN = 'sip:ben.okoro@contoso.example';

let site: StoreSite;
beforeEach(() => {
  site = new StoreSite();
});
afterEach(() => site.remove());

const person = (verb: string, who: string, ...more: readonly string[]) =>
  command('person', verb, who, '--config', site.config, ...more);

async function stored(): Promise<readonly Items[]> {
  const driver = await site.open();
  const documents = await exportDocuments(driver);
  await driver.close();
  return documents.map(({ items }) => items);
}

/** Everything that stands in the files of the store. */
function onDisk(): string {
  const folder = join(site.store, 'presence.nsf');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

function at(seconds: number): Items[string] {
  return { type: 'datetime', data: `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z` };
}

describe('person show', () => {
  test('prints documents, key, and other places that name the person', async () => {
    await site.holds(storedPerson(ANA, NAME, { Note: 'back at two' }), storedPerson(BEN));
    writeFileSync(join(site.stateFolder, 'odd.json'), `["${ANA}"]`);
    const { code, out } = await person('show', 'Ana Reyes');
    expect(code).toBe(0);
    for (const line of [
      /^Name +CN=Ana Reyes\/OU=Sales\/O=Contoso$/m,
      new RegExp(`^SipKey +${sipKeyOf(ANA)}$`, 'm'),
      /^Presence [0-9A-F]{32} \(made 2026-01-05 08:00:00 UTC\)$/m,
      /^ +StatusSince +2026-01-05T07:58:12Z$/m,
      /^ +Note +back at two$/m,
      /odd\.json: It names ana\.reyes@contoso\.example\.$/m,
      /bridge\.yaml: It names ana\.reyes@contoso\.example\.$/m,
      /^ +files of the embedded store in .*journal for a minute/m,
    ]) {
      expect(out).toMatch(line);
    }
    expect(out).not.toContain('ben.okoro');
    expect(out).not.toContain('canary-password');
  });

  test('--json holds every item as it stands in the store', async () => {
    await site.holds(
      storedPerson(ANA, NAME, { OtherNames: { type: 'text', data: ['CN=A/O=B', 'CN=C/O=D'], names: true } }),
    );
    const told = JSON.parse((await person('show', NAME, '--json')).out) as { documents: { items: Items }[] };
    expect(told.documents.map(({ items }) => items)).toEqual(await stored());
  });

  test('says that nothing is stored about an address, and ends with 0', async () => {
    const { code, out } = await person('show', 'nobody@contoso.example');
    expect([code, out]).toMatchObject([0, expect.stringContaining('No document in the store names this person.')]);
  });

  test.each([
    ['Nobody Known', 65, 'DIRECTORY_NOBODY'],
    ['Ana', 64, 'ask by address'],
  ])('"%s" ends with %d', async (who, exit, words) => {
    await site.holds(storedPerson(ANA, 'CN=Ana/OU=Sales/O=Contoso'), storedPerson(BEN, 'CN=Ana/OU=IT/O=Contoso'));
    const { code, err } = await person('show', who);
    expect([code, err]).toMatchObject([exit, expect.stringContaining(words)]);
  });
});

describe('person why', () => {
  const shown = async (): Promise<string | undefined> =>
    /^Readers see +(.*)$/m.exec((await person('why', ANA)).out)?.[1];

  test('follows the status from the document over the heartbeat to the reader', async () => {
    await site.holds(storedPerson(ANA, NAME, { StatusSince: at(-720) }));
    await site.holds(storedBridge('bridge', { WrittenAt: at(-12), FreshUntil: at(78) }));
    const { out } = await person('why', 'Ana Reyes');
    expect(out).toMatch(/^CN=Ana Reyes\/OU=Sales\/O=Contoso, sip:ana\.reyes@contoso\.example\n\n/);
    expect(out).toMatch(/^Readers see +available, as the document says; its bridge is alive\.$/m);
    expect(out).toMatch(
      /^Document +[0-9A-F]{32} says available since .* UTC \(12m\)\. Written by bridge "bridge", epoch 7, seq 42\.$/m,
    );
    expect(out).toMatch(/^Heartbeat +Bridge "bridge" said 1[2-9]s ago that it is signed in; its statuses count until/m);
    expect(out).toMatch(/^Directory +CN=Ana Reyes.* by the rule "people", and watched\.$/m);
    expect(out).toMatch(/^Bridge +None runs/m);
  });

  test('a status whose bridge is silent, signed out or not there reads unknown', async () => {
    await site.holds(storedPerson(ANA, NAME));
    expect(await shown()).toBe('unknown, though the document says available: nobody confirms it any more.');
    await site.holds(storedBridge('bridge'));
    expect(await shown()).toMatch(/^unknown/);
    expect((await person('why', ANA)).out).toMatch(
      /^Heartbeat .*last sign of life .* ago: its statuses no longer count/m,
    );
  });

  test('names duplicates and opt-outs, and says when there is nothing to see', async () => {
    await site.holds(storedPerson(ANA, NAME), storedPerson(ANA, NAME, { $Conflict: '' }), storedOptOut([NAME], []));
    const { out } = await person('why', ANA);
    expect(out).toMatch(/^ +A replication conflict, [0-9A-F]{32}, does not count\.$/m);
    expect(out).toMatch(/^ +Opt-out document [0-9A-F]{32}: the person does not want to be shown\.$/m);
    await person('erase', ANA, '--yes');
    expect(await shown()).toBe('Nothing: there is no document, so there is no icon.');
  });

  test('--json gives the reasons as a list', async () => {
    await site.holds(storedPerson(ANA, NAME, { Status: 'unknown' }));
    const told = JSON.parse((await person('why', ANA, '--json')).out);
    expect(told).toMatchObject({
      ok: true,
      shown: 'unknown',
      subject: { addresses: [ANA] },
      file: { store: site.store },
    });
    expect([...new Set(told.reasons.map(({ about }: { about: string }) => about))]).toEqual([
      'shown',
      'directory',
      'document',
      'heartbeat',
      'bridge',
    ]);
  });
});

describe('person erase', () => {
  test('removes the person from the files, leaves the others, and warns of a list that brings her back', async () => {
    await site.holds(storedPerson(ANA, NAME), storedPerson(ANA, NAME, { Bridge: 'other' }), storedPerson(BEN));
    const { code, out } = await person('erase', 'Ana Reyes', '--yes');
    expect([code, out]).toMatchObject([0, expect.stringContaining(`2 documents removed from ${site.store}.`)]);
    expect(out).toMatch(
      /still watched and comes back with the next change:\n {2}The directory has CN=Ana Reyes.* by the rule "people"/,
    );
    expect((await stored()).map(({ SipAddress }) => SipAddress)).toEqual([BEN]);
    expect(onDisk().toLowerCase()).not.toContain('reyes');
  });

  test('with --opt-out leaves nothing but the opt-out', async () => {
    await site.holds(storedPerson(ANA, NAME));
    const { code, out } = await person('erase', ANA, '--opt-out', '--yes', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true, optOut: 'written', comesBack: [], refused: [] }]);
    expect(await stored()).toMatchObject([{ Form: 'PresenceOptOut', SipAddress: ANA }]);
  });

  test('asks at a terminal, and takes only yes for yes', async () => {
    await site.holds(storedPerson(ANA, NAME));
    const args = ['person', 'erase', ANA, '--config', site.config];
    for (const answer of ['', 'n', 'yessir']) {
      const { code, err } = await answeredCommand(answer, ...args);
      expect([code, err]).toEqual([64, `${NAME}, ${ANA}: 1 document in the store.\nNothing was erased.\n`]);
    }
    expect(await stored()).toHaveLength(1);
    expect((await answeredCommand('Y', ...args)).code).toBe(0);
    expect(await stored()).toHaveLength(0);
  });

  test('without a terminal wants --yes', async () => {
    await site.holds(storedPerson(ANA, NAME));
    const { code, err } = await person('erase', ANA);
    expect([code, err.includes('--yes'), (await stored()).length]).toEqual([64, true, 1]);
  });
});

describe('person with a running bridge', () => {
  const VIEW: LiveView = {
    address: ANA,
    status: 'busy',
    since: undefined,
    confirmed: true,
    observedAt: Date.now() - 5_000,
    written: false,
    refused: 'NOTES_FULL',
  };
  const FOUND: LookUp = {
    outcome: 'found',
    rows: [
      {
        name: NAME,
        otherNames: [],
        displayName: '',
        outcome: 'mapped',
        address: ANA,
        rule: 'csv',
        candidates: [{ address: ANA, rule: 'csv', origin: 'people.csv line 7' }],
        reason: 'The CSV file decides.',
        watched: true,
      },
    ],
    age: 61_000,
  };

  /** Runs a task while a bridge has the state folder and the store. */
  async function whileRunning<T>(task: () => Promise<T>, answer: LookUp = FOUND): Promise<T> {
    const driver = await site.open();
    const desk = createPersonDesk(
      {
        driver,
        store: site.store,
        traces: () => [],
        wantedBy: () => [],
        directory: { lookUp: async () => answer, refresh: async () => {} },
        live: () => [VIEW],
      },
      { clock: site.clock, log: silentLog },
    );
    const server = await testServer({ desk });
    const lock = lockFolder(site.stateFolder);
    writeState(site.stateFolder, STATE_FILES.address, server.url);
    writeState(site.stateFolder, STATE_FILES.token, TOKEN);
    try {
      return await task();
    } finally {
      if (lock.taken) lock.release();
      await server.close();
      await driver.close();
    }
  }

  test('show and why print what it has in memory and what the directory says', async () => {
    await site.holds(storedPerson(ANA, NAME));
    const { out } = await whileRunning(() => person('show', 'Ana Reyes'));
    expect(out).toMatch(/^Memory of the running bridge\n {2}address +sip:ana/m);
    const why = await whileRunning(() => person('why', 'Ana Reyes'));
    expect(why.out).toMatch(/^Directory +CN=Ana.* is mapped to sip:ana.* by the rule "csv", and watched\.$/m);
    expect(why.out).toMatch(
      /^ +The CSV file decides\.\n +Address found: .*rule "csv", in people\.csv line 7\.\n +Read 1m ago\.$/m,
    );
    expect(why.out).toMatch(/^Bridge +Watches sip:ana.*: busy, confirmed, .* Domino refuses it \(NOTES_FULL\)\.$/m);
  });

  test('erase goes through it, although it has the store', async () => {
    await site.holds(storedPerson(ANA, NAME), storedPerson(BEN));
    const { code, out } = await whileRunning(() => person('erase', ANA, '--yes'));
    expect([code, out]).toMatchObject([0, expect.stringContaining('1 document removed')]);
    expect(out).toContain(`The running bridge watches ${ANA}.`);
    expect((await stored()).map(({ SipAddress }) => SipAddress)).toEqual([BEN]);
  });

  test('nobody of that name, and no name at all, are told as without a bridge', async () => {
    const none: LookUp = { outcome: 'not-found', rows: [], age: 0 };
    const nobody = await whileRunning(() => person('show', 'No One'), none);
    expect([nobody.code, nobody.err]).toMatchObject([65, expect.stringContaining('No document and no directory')]);
    const empty = await whileRunning(() => person('show', ' '));
    expect([empty.code, empty.err]).toMatchObject([64, expect.stringContaining('CLI_USAGE')]);
  });

  test('one without such a desk is reported as one that does not answer', async () => {
    const server = await testServer();
    const lock = lockFolder(site.stateFolder);
    writeState(site.stateFolder, STATE_FILES.address, server.url);
    writeState(site.stateFolder, STATE_FILES.token, TOKEN);
    const { code, err } = await person('show', ANA);
    if (lock.taken) lock.release();
    await server.close();
    expect([code, err]).toMatchObject([69, expect.stringContaining('API_UNREACHABLE')]);
  });
});
