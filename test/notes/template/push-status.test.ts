import { describe, expect, test } from 'vitest';
import type { Items } from '../../../src/notes/item-value.js';
import { buildTemplate } from '../../../src/notes/template/source/build.js';
import { MemoryDatabase } from '../../support/lotusscript/notes/memory-database.js';
import { NotesWorld } from '../../support/lotusscript/notes/world.js';
import { runAgent } from '../../support/lotusscript/run.js';
import { beatDocument, personDocument } from '../../support/presence-documents.js';
import { builtDxl } from '../../support/template.js';

const DXL = builtDxl('en');
const SAMPLE = buildTemplate({ folder: 'nsf-templates/sample-directory', language: 'en' }).dxl;
const ANA = 'CN=Ana Reyes/OU=Sales/O=Contoso';
const BEN = 'CN=Ben Ode/O=Contoso';
const ADMIN = 'CN=Ada Min/O=Contoso';
const USER = 'CN=Uma User/O=Contoso';
const TARGET: Items = {
  Form: 'PresencePushTarget',
  $UpdatedBy: { type: 'text', data: [USER, ADMIN], names: true },
  TargetServer: '',
  TargetFile: 'contacts.nsf',
  TargetView: 'Contacts',
  NameItem: 'PresencePerson',
  ItemPrefix: '',
  IsActive: '1',
};
const contact = (people: string | readonly string[], more: Items = {}): Items => ({
  Form: 'Contact',
  Subject: 'c',
  PresencePerson: { type: 'text', data: people, names: true },
  ...more,
});

interface Site {
  readonly presence: MemoryDatabase;
  readonly contacts: MemoryDatabase;
  readonly run: () => Promise<readonly string[]>;
}

function site({
  targets = [TARGET],
  contacts = [],
}: {
  targets?: readonly Items[];
  contacts?: readonly Items[];
} = {}): Site {
  const documents = [
    beatDocument(),
    personDocument({ address: 'sip:ana@contoso.example', name: ANA, status: 'busy', activity: 'in-a-meeting' }),
    personDocument({ address: 'sip:ben@contoso.example', name: BEN, outOfOffice: true }),
    ...targets,
  ];
  const presence = new MemoryDatabase({ file: 'presence.nsf', dxl: DXL, documents });
  presence.granted.set(ADMIN, 4).set(USER, 3);
  const target = new MemoryDatabase({ file: 'contacts.nsf', dxl: SAMPLE, documents: contacts });
  const databases = [presence, target];
  const run = async (): Promise<readonly string[]> => {
    const world = new NotesWorld({ databases, isOnServer: true });
    return (await runAgent({ dxl: DXL, world, agent: 'PushStatus', steps: 50_000_000 })).printed;
  };
  return { presence, contacts: target, run };
}
const items = ({ contacts }: Site, index = 0): Items => contacts.documents()[index]?.items ?? {};

describe('agent PushStatus', () => {
  test('writes lists in the order of the names, unknown for whoever is not confirmed', async () => {
    const at = site({ contacts: [contact([BEN, 'CN=Nobody/O=Contoso', ANA])] });
    const printed = await at.run();
    expect(items(at)).toMatchObject({
      PresenceStatus: ['available', 'unknown', 'busy'],
      PresenceActivity: ['', '', 'in-a-meeting'],
      PresenceOutOfOffice: ['1', '', ''],
      PresenceSince: ['2026-01-05 10:00:00', '', '2026-01-05 10:00:00'],
      $ConflictAction: '3',
    });
    expect(printed).toEqual(['Presence: contacts.nsf: 1 of 1 documents got new statuses.']);
  });

  test('writes nothing and says nothing when nothing changed', async () => {
    const at = site({ contacts: [contact(ANA), contact([ANA, BEN])] });
    await at.run();
    expect(at.contacts.saved).toHaveLength(2);
    expect(await at.run()).toEqual([]);
    expect(at.contacts.saved).toHaveLength(2);
  });

  test('writes only documents whose people changed', async () => {
    const at = site({ contacts: [contact(ANA), contact(BEN)] });
    await at.run();
    const ana = at.presence.documents().find((one) => one.items['SipAddress'] === 'sip:ana@contoso.example');
    at.presence.change(ana?.unid ?? '', { Status: 'away', Activity: '' });
    await at.run();
    expect(items(at)).toMatchObject({ PresenceStatus: 'away', PresenceActivity: '' });
    expect(at.contacts.saved).toHaveLength(3);
  });

  test('turns statuses to unknown when the bridge is silent', async () => {
    const at = site({ contacts: [contact([ANA, BEN])] });
    await at.run();
    const beat = at.presence.documents().find((one) => one.items['Form'] === 'PresenceBridge');
    at.presence.change(beat?.unid ?? '', beatDocument({ writtenAt: 0 }));
    await at.run();
    expect(items(at)).toMatchObject({ PresenceStatus: ['unknown', 'unknown'], PresenceActivity: ['', ''] });
  });

  test('leaves a document alone that has no name, and one that is a conflict', async () => {
    const at = site({ contacts: [contact(''), contact(ANA, { $Conflict: '' })] });
    expect(await at.run()).toEqual([]);
    expect(at.contacts.saved).toEqual([]);
  });

  test('keeps what somebody else saved at the same moment, and comes back', async () => {
    const at = site({ contacts: [contact(ANA)] });
    at.contacts.beforeSave = (unid) => at.contacts.change(unid, { Subject: 'newer' });
    expect(await at.run()).toEqual(['Presence: contacts.nsf: 0 of 1 documents got new statuses, 1 were in use.']);
    expect(items(at)).toMatchObject({ Subject: 'newer' });
    at.contacts.beforeSave = undefined;
    await at.run();
    expect(items(at)).toMatchObject({ Subject: 'newer', PresenceStatus: 'busy' });
  });

  test('goes on after a document that cannot be written', async () => {
    const at = site({ contacts: [contact(ANA), contact(BEN)] });
    const refused = at.contacts.documents()[0]?.unid;
    at.contacts.deniesWriting = (unid) => (unid === refused ? 'You are not authorized' : undefined);
    expect((await at.run()).join('\n')).toMatch(
      /1 of 2 documents got new statuses, 1 could not be written \(.*not authorized/,
    );
    expect(items(at, 1)).toMatchObject({ PresenceStatus: 'available' });
  });

  test.each<[string, Items, string]>([
    ['whose database is missing', { TargetFile: 'gone.nsf' }, 'gone.nsf got no statuses: the database was not found'],
    ['whose view is missing', { TargetView: 'Gone' }, 'the view Gone is missing'],
    ['that a user saved last', { $UpdatedBy: [ADMIN, USER] }, 'saved by somebody without Editor access'],
    ['whose writer nobody knows', { $UpdatedBy: '' }, 'saved by somebody without Editor access'],
    ['without an item of names', { NameItem: '' }, 'the item with the names is not named'],
    ['with an item of Notes itself', { ItemPrefix: '$' }, "beginning is no item's name"],
    ['with a beginning that is too long', { ItemPrefix: 'P'.repeat(21) }, "beginning is no item's name"],
    ['that is the presence database', { TargetFile: 'presence.nsf', TargetView: 'People' }, 'presence database itself'],
  ])('tells of a target %s and serves the others', async (_what, change, words) => {
    const at = site({ targets: [{ ...TARGET, ...change }, TARGET], contacts: [contact(ANA)] });
    const printed = await at.run();
    expect(printed.join('\n')).toContain(words);
    expect(items(at)).toMatchObject({ PresenceStatus: 'busy' });
  });

  test('does nothing for targets that are not active', async () => {
    const at = site({ targets: [{ ...TARGET, IsActive: '' }], contacts: [contact(ANA)] });
    expect([await at.run(), at.contacts.saved]).toEqual([[], []]);
  });

  test('touches nothing when the presence database lacks a view: the fault is ours', async () => {
    const at = site({ contacts: [contact(ANA, { PresenceStatus: 'busy' })] });
    at.presence.missingViews.add('LookUpByName');
    expect((await at.run()).join('\n')).toContain('statuses were not copied');
    expect(at.contacts.saved).toEqual([]);
  });
});
