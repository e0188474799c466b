import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PersonDesk } from '../../../src/bridge/person-ports.js';
import { exportDocuments } from '../../../src/notes/desk/export.js';
import { createPersonDesk, type PersonDeskOptions } from '../../../src/notes/desk/person-desk.js';
import type { Driver } from '../../../src/notes/driver.js';
import type { Items } from '../../../src/notes/item-value.js';
import { createDriver } from '../../../src/notes/open-driver.js';
import type { DirectoryRow, LookUp } from '../../../src/presence/directory.js';
import { sipKeyOf, type Unid } from '../../../src/presence/ids.js';
import { notesName, sip } from '../../support/people.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';
import {
  storedBridge,
  storedConsent,
  storedMapping,
  storedOptOut,
  storedPerson,
} from '../../support/stored-documents.js';

const ANA = sip('sip:ana.reyes@contoso.example');
const NAME = notesName('CN=Ana Reyes/OU=Sales/O=Contoso');
const BEN = 'sip:ben.okoro@contoso.example';

let clock: SimulatedClock;
let driver: Driver;
const log = recordingLog();

beforeEach(async () => {
  clock = new SimulatedClock();
  driver = createDriver({ kind: 'embedded', folder: undefined }, { clock, log });
  await driver.open();
  log.entries.length = 0;
});
afterEach(() => driver.close());

function desk(more: Partial<PersonDeskOptions> = {}): PersonDesk {
  return createPersonDesk({ driver, store: 'memory', traces: () => [], wantedBy: () => [], ...more }, { clock, log });
}

async function put(...documents: readonly Items[]): Promise<readonly Unid[]> {
  const unids: Unid[] = [];
  for (const document of documents) {
    const [outcome] = await driver.create([document]);
    if (outcome?.ok) unids.push(outcome.unid);
    await clock.advance(10);
  }
  return unids;
}

const left = async (): Promise<readonly Unid[]> => (await exportDocuments(driver)).map(({ unid }) => unid);

const row = (more: Partial<DirectoryRow> = {}): DirectoryRow => ({
  name: NAME,
  otherNames: [],
  displayName: '',
  outcome: 'mapped',
  address: ANA,
  rule: 'sip-item',
  candidates: [],
  reason: '',
  watched: true,
  ...more,
});
const answering = (lookUp: Omit<LookUp, 'age'>): PersonDeskOptions['directory'] => ({
  lookUp: async () => ({ ...lookUp, age: 0 }),
  refresh: async () => {},
});

describe('show', () => {
  test.each([
    'sip:ana.reyes@contoso.example',
    'SIP:Ana.Reyes@Contoso.Example',
    'ana.reyes@contoso.example',
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'ana  reyes/sales/CONTOSO',
    'Ana Reyes',
    sipKeyOf(ANA),
  ])('finds under "%s" all documents of the person and nobody else', async (who) => {
    const unids = await put(
      storedPerson('SIP:Ana.Reyes@Contoso.example', 'Ana Reyes/Sales/Contoso'),
      storedPerson(ANA, NAME, { Bridge: 'other', $Conflict: '' }),
      storedMapping('ana reyes/SALES/contoso', 'sip:ana@old.example'),
      storedOptOut(['CN=Dora/O=C', 'CN=Ana Reyes/OU=Sales/O=Contoso'], []),
      storedPerson(BEN, 'CN=Ben Okoro/O=Contoso'),
      storedPerson('sip:ana.reyes@fabrikam.example', 'CN=Ana Reyesová/O=Fabrikam'),
      storedBridge('bridge'),
    );
    const { documents, subject } = await desk().show(who);
    expect(documents.map(({ unid }) => unid)).toEqual(unids.slice(0, 4));
    expect(documents.map(({ conflict }) => conflict)).toEqual([false, true, false, false]);
    expect([subject.addresses.includes(ANA), subject.names]).toEqual([true, [NAME]]);
  });

  test('gives every item of a document, and the sign of life of the bridge that wrote it', async () => {
    await put(storedPerson(ANA, NAME, { Note: 'canary' }), storedBridge('bridge'), storedBridge('other'));
    const { documents, writers } = await desk().show(ANA);
    expect(documents[0]?.items).toMatchObject(storedPerson(ANA, NAME, { Note: 'canary' }));
    expect(writers).toMatchObject([{ bridge: 'bridge', connected: true, fresh: true }]);
    await clock.advance(90_000);
    expect((await desk().show(ANA)).writers).toMatchObject([{ fresh: false }]);
  });

  test('finds a document by its key when its address was spoilt', async () => {
    const unids = await put(storedPerson('spoilt', undefined, { SipKey: sipKeyOf(ANA) }));
    expect((await desk().show(ANA)).documents.map(({ unid }) => unid)).toEqual(unids);
  });

  test('finds a person under a former name', async () => {
    await put(storedPerson(ANA, NAME, { OtherNames: { type: 'text', data: 'CN=Ana Alt/O=Contoso', names: true } }));
    expect((await desk().show('Ana Alt/Contoso')).subject.addresses).toEqual([ANA]);
  });

  test('finds a person by a mail address that is not the SIP address, also without a directory', async () => {
    const unids = await put(
      storedPerson(ANA, NAME, { MailAddress: ['Reyes@mail.example', 'ana@mail.example'] }),
      storedPerson(BEN, 'CN=Ben Okoro/O=Contoso', { MailAddress: 'ben@mail.example' }),
    );
    const { documents, subject } = await desk().show('ana@mail.example');
    expect([documents.map(({ unid }) => unid), subject.names]).toEqual([unids.slice(0, 1), [NAME]]);
    await desk().erase('reyes@MAIL.example', { optOut: false });
    expect(await left()).toEqual(unids.slice(1));
  });

  test('takes a mail address for the SIP address of somebody before it takes it for a mail address', async () => {
    const unids = await put(storedPerson(ANA, NAME), storedPerson(BEN, 'CN=Ben Okoro/O=Contoso', { MailAddress: ANA }));
    expect((await desk().show(ANA)).documents.map(({ unid }) => unid)).toEqual(unids.slice(0, 1));
  });

  test('asks whom a mail address of two people means', async () => {
    await put(
      storedPerson(ANA, NAME, { MailAddress: 'desk@mail.example' }),
      storedPerson(BEN, 'CN=Ben Okoro/O=Contoso', { MailAddress: 'desk@mail.example' }),
    );
    await expect(desk().show('desk@mail.example')).rejects.toThrow('This mail address leads to 2 people');
  });

  test('says so when nothing is stored about an address', async () => {
    expect((await desk().show('nobody@contoso.example')).documents).toEqual([]);
  });

  test('a common name nobody has leads to nobody', async () => {
    await expect(desk().show('Ana Reyes')).rejects.toMatchObject({ code: 'DIRECTORY_NOBODY' });
  });

  test('a common name of two people is refused, with their addresses', async () => {
    await put(storedPerson(ANA, NAME), storedPerson('sip:ana2@contoso.example', 'CN=Ana Reyes/OU=IT/O=Contoso'));
    await expect(desk().show('ana reyes')).rejects.toMatchObject({
      code: 'API_BAD_REQUEST',
      message: expect.stringContaining('sip:ana2@contoso.example'),
    });
  });

  test('a common name is refused when somebody without an address has it too', async () => {
    await put(storedPerson(ANA, NAME));
    const other = row({ name: notesName('CN=Ana Reyes/OU=IT/O=Contoso'), outcome: 'unmapped', address: undefined });
    const directory = answering({ outcome: 'ambiguous', rows: [row(), other] });
    await expect(desk({ ...(directory && { directory }) }).erase('Ana Reyes', { optOut: true })).rejects.toMatchObject({
      code: 'API_BAD_REQUEST',
    });
    expect(await left()).toHaveLength(1);
  });

  test('a common name is enough when both documents are of one person with a new address', async () => {
    await put(storedPerson(ANA, NAME), storedPerson('sip:ana.new@contoso.example', NAME));
    expect((await desk().show('Ana Reyes')).documents).toHaveLength(2);
  });

  test('does without a directory that does not answer', async () => {
    await put(storedPerson(ANA, NAME));
    const directory = { lookUp: () => Promise.reject(new Error('away')), refresh: async () => {} };
    expect(await desk({ directory }).show(ANA)).toMatchObject({ documents: [{ form: 'Presence' }] });
    expect((await desk({ directory }).show(ANA)).directory).toBeUndefined();
  });

  test('takes from the directory whom a mail address or a name means', async () => {
    await put(storedPerson(ANA));
    const directory = answering({ outcome: 'found', rows: [row()] });
    for (const who of ['mail@contoso.example', 'Ana Reyes/Sales/Contoso']) {
      const file = await desk({ ...(directory && { directory }) }).show(who);
      expect([file.documents.length, file.directory?.rows[0]?.rule]).toEqual([1, 'sip-item']);
    }
  });
});

describe('erase', () => {
  const erase = (who: string, optOut = false, more: Partial<PersonDeskOptions> = {}) =>
    desk(more).erase(who, { optOut });

  test('removes all documents of the person, duplicates and conflicts and those of other bridges, and no other', async () => {
    const unids = await put(
      storedPerson(ANA, NAME),
      storedPerson('SIP:ANA.REYES@contoso.example', NAME, { Bridge: 'other' }),
      storedPerson(ANA, NAME, { Bridge: '', $Conflict: '' }),
      storedMapping(NAME, ANA),
      storedPerson('sip:ana.old@contoso.example', 'ana reyes/sales/contoso'),
      storedPerson(BEN, 'CN=Ben Okoro/O=Contoso'),
      storedBridge('bridge'),
    );
    const { removed, kept, refused } = await erase(ANA);
    expect(removed.map(({ unid }) => unid).sort()).toEqual(unids.slice(0, 5).sort());
    expect([kept, refused, (await left()).length]).toEqual([[], [], 2]);
  });

  test('touches nothing of whoever had the address before', async () => {
    const before = 'CN=Cleo Vogt/O=Contoso';
    const unids = await put(
      storedPerson(ANA, before),
      storedPerson('sip:cleo.new@contoso.example', before),
      storedMapping(before, 'sip:cleo.new@contoso.example'),
    );
    const directory = answering({ outcome: 'found', rows: [row()] });
    const { removed } = await erase('Ana Reyes/Sales/Contoso', true, { ...(directory && { directory }) });
    expect(removed.map(({ unid }) => unid)).toEqual(unids.slice(0, 1));
    const optOuts = (await exportDocuments(driver)).filter(({ form }) => form === 'PresenceOptOut');
    expect(JSON.stringify(optOuts)).not.toContain('Cleo');
  });

  test('keeps opt-outs, mappings of others, and documents that agree in a former name only', async () => {
    const unids = await put(
      storedPerson(ANA, NAME, { OtherNames: { type: 'text', data: 'CN=Ana Alt/O=Contoso', names: true } }),
      storedOptOut([NAME], []),
      storedMapping('CN=Front Desk/O=Contoso', ANA),
      storedPerson('sip:alt@contoso.example', 'CN=Ana Alt/O=Contoso'),
    );
    const { removed, kept } = await erase(ANA);
    expect(removed.map(({ unid }) => unid)).toEqual(unids.slice(0, 1));
    expect(kept.map(({ reason }) => reason).sort()).toEqual([
      'it keeps the person from being shown',
      'it maps somebody else too',
      'only a former name agrees; ask by its address if it is the same person',
    ]);
  });

  test('removes consents of the person, and keeps those that are also of somebody else', async () => {
    const unids = await put(
      storedConsent(['Ana Reyes/Sales/Contoso'], ['calendar']),
      storedConsent([NAME, 'CN=Ben Okoro/O=Contoso'], ['calendar']),
      storedConsent(['CN=Ben Okoro/O=Contoso'], ['calendar']),
      storedPerson(ANA, NAME),
    );
    const { documents } = await desk().show(ANA);
    expect(documents.map(({ unid }) => unid).sort()).toEqual([unids[0], unids[1], unids[3]].sort());
    const { removed, kept } = await erase(ANA);
    expect(removed.map(({ unid }) => unid).sort()).toEqual([unids[0], unids[3]].sort());
    expect(kept).toEqual([
      { form: 'PresenceConsent', unid: unids[1], reason: 'it is the consent of somebody else too' },
    ]);
  });

  test('with an opt-out writes it before anything goes, and not twice', async () => {
    await put(storedPerson(ANA, NAME));
    const seen: number[] = [];
    const forget = async (): Promise<void> => {
      seen.push((await exportDocuments(driver, ['PresenceOptOut'])).length);
    };
    expect((await erase(ANA, true, { forget })).optOut).toBe('written');
    expect((await erase('Ana Reyes/Sales/Contoso', true)).optOut).toBe('stood-already');
    const [optOut, ...others] = await exportDocuments(driver);
    expect([seen, others, optOut?.items]).toEqual([
      [1],
      [],
      expect.objectContaining({ PersonName: { type: 'text', data: NAME, names: true }, SipAddress: ANA }),
    ]);
  });

  test('with an opt-out has the directory read it at once, and goes on when that fails', async () => {
    await put(storedPerson(ANA, NAME));
    let refreshed = 0;
    const directory = {
      lookUp: async () => ({ outcome: 'not-found', rows: [], age: 0 }) as LookUp,
      refresh: async () => {
        refreshed++;
        throw new Error('a source is away');
      },
    };
    const { removed } = await erase(ANA, true, { directory });
    expect([refreshed, removed.length]).toEqual([1, 1]);
  });

  test('says why the person would come back, and not after an opt-out', async () => {
    const directory = answering({ outcome: 'found', rows: [row()] });
    const more: Partial<PersonDeskOptions> = {
      wantedBy: () => ['The list has it.'],
      ...(directory && { directory }),
      live: () => [
        { address: ANA, status: 'busy', since: undefined, confirmed: true, observedAt: undefined, written: true },
      ],
    };
    expect((await erase(ANA, false, more)).comesBack).toEqual([
      `The directory has ${NAME} watched, by the rule "sip-item".`,
      `The running bridge watches ${ANA}.`,
    ]);
    expect((await erase(ANA, false, { wantedBy: more.wantedBy ?? (() => []) })).comesBack).toEqual([
      'The list has it.',
    ]);
    expect((await erase(ANA, true, more)).comesBack).toEqual([]);
  });

  test('names a document that the database does not let go', async () => {
    const [unid] = await put(storedPerson(ANA, NAME));
    const stubborn: Driver = Object.create(driver, {
      remove: { value: async (unids: readonly Unid[]) => unids.map((one) => ({ ok: true, unid: one })) },
    }) as Driver;
    const calls = { find: driver.find.bind(driver), open: driver.open.bind(driver), maxBatch: 100 };
    const { refused } = await erase(ANA, false, { driver: Object.assign(stubborn, calls) });
    expect(refused).toEqual([{ form: 'Presence', unid, code: 'NOTES_INTERNAL' }]);
  });

  test('logs the key of the person and no name or address', async () => {
    await put(storedPerson(ANA, NAME));
    await erase('Ana Reyes/Sales/Contoso', true);
    const logged = JSON.stringify(log.entries.filter(({ level }) => level !== 'debug'));
    expect(logged).toContain(sipKeyOf(ANA));
    expect(logged.toLowerCase()).not.toMatch(/ana|reyes/);
  });
});
