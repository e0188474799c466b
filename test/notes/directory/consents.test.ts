import { beforeEach, describe, expect, test } from 'vitest';
import type { Roster } from '../../../src/bridge/ports.js';
import type { ConsentEntry, DirectoryEntry } from '../../../src/notes/directory/entry.js';
import { resolveDirectory } from '../../../src/notes/directory/resolve.js';
import { sameRoster } from '../../../src/notes/directory/same-roster.js';
import { CONSENT_LIMITS, readPresenceDocuments } from '../../../src/notes/directory/sources/presence-documents.js';
import { Writers } from '../../../src/notes/directory/writers.js';
import type { Driver } from '../../../src/notes/driver.js';
import type { Items } from '../../../src/notes/item-value.js';
import { atOnce } from '../../../src/notes/steps.js';
import { DIRECTORY_RULES } from '../../../src/presence/directory.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { consentDocument, DirectoryStage, optOutDocument, personDocument } from '../../support/directory-stage.js';
import { sip } from '../../support/people.js';

const ANA = 'CN=Ana Reyes/O=Contoso';
const KOCH = 'CN=Hanna Koch/O=Contoso';
const keyOf = (user: string) => sipKeyOf(sip(`${user}@contoso.example`));

async function read(writers: Writers, ...documents: readonly Items[]) {
  const found = documents.map((items, index) => ({ unid: String(index).padStart(32, '0'), created: undefined, items }));
  const driver = { find: async () => found } as unknown as Driver;
  const { consents, skipped } = await readPresenceDocuments(driver, writers);
  return [consents.map(({ names, applications }) => [names, applications]), skipped];
}

describe('a consent document', () => {
  const anybody = new Writers([]);
  const named = new Writers([KOCH]);

  test('where nobody is named as administrator counts for those it names, as an opt-out does', async () => {
    expect(await read(anybody, consentDocument([ANA, KOCH], ['Calendar', 'crm-2', 'calendar']))).toEqual([
      [
        [
          [ANA, KOCH],
          ['calendar', 'crm-2'],
        ],
      ],
      0,
    ]);
  });

  test('by somebody counts for that one alone', async () => {
    const own = consentDocument(['ana reyes/contoso', KOCH], ['calendar'], ANA);
    const others = consentDocument([KOCH], ['calendar'], ANA);
    expect(await read(named, own, others)).toEqual([[[[ANA], ['calendar']]], 1]);
  });

  test('by an administrator counts for those it names', async () => {
    expect(await read(named, consentDocument([ANA], ['calendar'], 'hanna koch/CONTOSO'))).toEqual([
      [[[ANA], ['calendar']]],
      0,
    ]);
  });

  test.each<[string, Items]>([
    ['whose writer is not known', consentDocument([ANA], ['calendar'])],
    ['that lost a conflict', { ...consentDocument([ANA], ['calendar'], ANA), $Conflict: '' }],
    ['that names nobody', consentDocument([], ['calendar'], ANA)],
    ['that names no application', consentDocument([ANA], [], ANA)],
    ['that names what no token is called', consentDocument([ANA], ['*', 'all of them', '-', 'x'.repeat(65)], ANA)],
  ])('%s counts for nobody', async (_, document) => {
    expect(await read(named, document)).toEqual([[], 1]);
  });

  test('lets in no more people and applications than it may name', async () => {
    const many = (count: number, text: string) => Array.from({ length: count }, (_, index) => `${text}${index}`);
    const [[entry]] = (await read(anybody, consentDocument(many(200, 'A/O'), many(200, 'app')))) as [string[][][]];
    expect(entry?.map(({ length }) => length)).toEqual([CONSENT_LIMITS.names, CONSENT_LIMITS.applications]);
  });

  test('beyond the number that is taken counts no more', async () => {
    const one = consentDocument([ANA], ['calendar']);
    const [consents, skipped] = await read(anybody, ...Array.from({ length: CONSENT_LIMITS.documents + 1 }, () => one));
    expect([(consents as unknown[]).length, skipped]).toEqual([CONSENT_LIMITS.documents, 1]);
  });
});

describe('the roster', () => {
  const entry = (user: string, ...names: readonly string[]): DirectoryEntry => ({
    origin: `Person document ${user}`,
    names,
    addresses: [{ rule: 'sip-item', text: `${user}@contoso.example` }],
    displayName: '',
  });
  const consent = (name: string, ...applications: readonly string[]): ConsentEntry => ({
    origin: `Consent document of ${name} ${applications}`,
    names: [name],
    applications,
  });
  const rosterOf = (people: readonly DirectoryEntry[], ...consents: readonly ConsentEntry[]): Roster =>
    resolveDirectory(
      { people, groups: [], optOuts: [], consents },
      { rules: DIRECTORY_RULES, domains: [], groups: [], optOut: { people: [], groups: [] } },
    ).roster;
  const ana = entry('ana', ANA, 'CN=Ana Ode/O=Contoso');

  test('says whom which applications may speak for, all documents together, in whatever spelling the name stands', () => {
    const { consents } = rosterOf([ana], consent('ana  REYES/contoso', 'calendar'), consent(ANA, 'crm', 'calendar'));
    expect(consents).toEqual(new Map([[keyOf('ana'), new Set(['calendar', 'crm'])]]));
  });

  test('takes a former name that is nobody else’s, and no name that is somebody else’s by now', () => {
    const former = consent('Ana Ode/Contoso', 'calendar');
    expect(rosterOf([ana], former).consents?.has(keyOf('ana'))).toBe(true);
    const { consents } = rosterOf([ana, entry('ode', 'CN=Ana Ode/O=Contoso')], former);
    expect(consents).toEqual(new Map([[keyOf('ode'), new Set(['calendar'])]]));
  });

  test.each(['Ana Reyes', '*/Contoso', '*', 'ana@contoso.example', 'Nobody/Contoso'])(
    'takes no consent under "%s"',
    (name) => {
      expect(rosterOf([ana], consent(name, 'calendar')).consents).toBeUndefined();
    },
  );

  test('lets one person allow a hundred applications, the same ones whatever the order', () => {
    const consents = Array.from({ length: 120 }, (_, index) => consent(ANA, `app-${index}`));
    const allowed = rosterOf([ana], ...consents).consents?.get(keyOf('ana'));
    expect(allowed?.size).toBe(100);
    expect(rosterOf([ana], ...consents.reverse()).consents?.get(keyOf('ana'))).toEqual(allowed);
  });

  test('is another one with other consents', () => {
    const same = (a: Roster, b: Roster): boolean => atOnce(sameRoster(a, b));
    const without = rosterOf([ana]);
    const calendar = rosterOf([ana], consent(ANA, 'calendar'));
    const crm = rosterOf([ana], consent(ANA, 'crm'));
    const both = rosterOf([ana], consent(ANA, 'calendar', 'crm'));
    expect(same(calendar, rosterOf([ana], consent(ANA, 'calendar')))).toBe(true);
    for (const other of [without, crm, both]) {
      expect([same(calendar, other), same(other, calendar)]).toEqual([false, false]);
    }
  });
});

describe('the directory', () => {
  let stage: DirectoryStage;
  const allowed = () => stage.rosters.at(-1)?.consents?.get(keyOf('ana'));

  beforeEach(async () => {
    stage = new DirectoryStage();
    await stage.domino.add(personDocument('Ana Reyes', 'ana'), personDocument('Ben Okoro', 'ben'));
    await stage.start();
  });

  test('tells of a consent within a minute, of a change, and of its withdrawal', async () => {
    expect([stage.rosters.length, allowed()]).toEqual([1, undefined]);
    const [unid] = await stage.presence.add(consentDocument([ANA], ['calendar']));
    await stage.advance(31_000);
    expect([stage.rosters.length, allowed()]).toEqual([2, new Set(['calendar'])]);
    await stage.presence.change(unid, { Applications: ['crm'] });
    await stage.advance(31_000);
    expect([stage.rosters.length, allowed()]).toEqual([3, new Set(['crm'])]);
    await stage.presence.remove(unid);
    await stage.advance(31_000);
    expect([stage.rosters.length, allowed(), stage.watched]).toEqual([4, undefined, ['ana', 'ben']]);
  });

  test('counts them among what it read of the presence database', async () => {
    await stage.presence.add(consentDocument([ANA], ['calendar']), consentDocument([ANA], []));
    await stage.advance(31_000);
    expect(stage.directory?.counts().sources.find(({ source }) => source === 'presence database')).toMatchObject({
      entries: 1,
      skipped: 1,
    });
  });

  test('forgets the consent of whoever opts out', async () => {
    await stage.presence.add(consentDocument([ANA], ['calendar']), optOutDocument([ANA]));
    await stage.advance(31_000);
    expect([stage.watched, allowed()]).toEqual([['ben'], undefined]);
  });
});
