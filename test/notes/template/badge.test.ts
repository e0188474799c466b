import { describe, expect, test } from 'vitest';
import { heartbeatItems } from '../../../src/notes/heartbeat-items.js';
import type { Items } from '../../../src/notes/item-value.js';
import { inlinesOf, wordsOf } from '../../support/forms.js';
import { APPLICATION, TemplateWorld, type WorldOptions } from '../../support/template-world.js';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);
const MINUTE = 60_000;
const BEAT = {
  bridge: 'Bridge-1',
  epoch: 1,
  version: '1.0.0',
  writtenAt: NOW - MINUTE,
  interval: MINUTE,
  connected: true,
  ocs: { state: 'connected', since: NOW },
  notes: { state: 'connected', since: NOW },
  people: 3,
  reachable: 2,
  unknown: 0,
} as const;

function person(name: string, address: string, more: Items = {}): Items {
  return {
    Form: 'Presence',
    PersonName: name,
    SipAddress: `sip:${address}`,
    MailAddress: `mail.${address}`,
    Status: 'busy',
    Activity: 'in-a-meeting',
    Bridge: 'bridge-1',
    ...more,
  };
}

const ANA = person('CN=Ana Reyes/OU=Sales/O=Contoso', 'ana@contoso.example');
const CEM = person('CN=Cem Kaya/O=Contoso', 'cem@contoso.example', {
  Status: 'available',
  Activity: '',
  OutOfOffice: '1',
});
const JO_1 = person('CN=Jo Lee/OU=Sales/O=Contoso', 'jo@contoso.example');
const JO_2 = person('CN=Jo Lee/OU=IT/O=Contoso', 'jo.lee@contoso.example');
const PEOPLE = [ANA, CEM, JO_1, JO_2];

function open(PresencePerson: string | string[], options: Partial<WorldOptions> = {}) {
  const world = new TemplateWorld({ now: NOW, documents: [heartbeatItems(BEAT), ...PEOPLE], ...options });
  const form = world.openSubform('PresenceBadge', { PresencePerson });
  const pictures = inlinesOf(form.blocks).flatMap((part) => (part.kind === 'picture' ? [part.image] : []));
  const fields = inlinesOf(form.blocks).flatMap((part) => (part.kind === 'field' ? [part] : []));
  const shown = (name: string): readonly string[] => fields.find((field) => field.name === name)?.texts ?? [];
  return { form, pictures, shown, world };
}

describe('one person', () => {
  test.each([
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'Ana Reyes/Sales/Contoso',
    'ANA REYES/sales/contoso',
    'Ana Reyes/Sales/Contoso@Contoso',
    'Ana Reyes',
    'sip:ana@contoso.example',
    'Ana@Contoso.example',
    'mail.ana@contoso.example',
  ])('written as %s has picture, words and moment', (name) => {
    const { form, pictures, shown } = open(name);
    expect(form.faults).toEqual([]);
    expect(pictures).toEqual(['presence-in-a-meeting.gif']);
    expect(shown('PresenceBadgeText')).toEqual(['Busy, in a meeting']);
    expect(form.values.get('presenceasof')).toEqual({ type: 'time', list: [NOW - MINUTE] });
    expect(wordsOf(form).join('')).toContain('As of ');
  });

  test('who is out of office is told so', () => {
    expect(open('Cem Kaya').shown('PresenceBadgeText')).toEqual(['Available, out of office']);
    expect(open('Cem Kaya', { language: 'de' }).shown('PresenceBadgeText')).toEqual(['Verfügbar, außer Haus']);
  });

  test.each([
    ['whom nobody knows', 'Dee Nobody/Contoso', {}, 'not in the presence database'],
    ['whose address nobody knows', 'dee@contoso.example', {}, 'not in the presence database'],
    ['whose common name several have', 'Jo Lee', {}, 'several people have this name'],
    ['who is not named', '', {}, 'no person is named'],
    ['who is named by blanks', '  ', {}, 'no person is named'],
    ['without a database', 'Ana Reyes', { reachable: [] }, 'the presence database cannot be read'],
  ] as const)('%s is unknown, and the reason stands there', (_, name, options, reason) => {
    const { form, pictures, shown } = open(name, options);
    expect(form.faults).toEqual([]);
    expect(pictures).toEqual(['presence-unknown.gif']);
    expect(shown('PresenceBadgeText')).toEqual([`Unknown (${reason})`]);
    expect(wordsOf(form).join('')).not.toContain('As of ');
  });

  test.each([
    ['silent', { writtenAt: NOW - 6 * MINUTE }, /The bridge is silent/],
    ['not signed in', { connected: false }, /The bridge is not signed in/],
    ['another', { bridge: 'bridge-2' }, /The bridge that wrote the status is not known/],
  ])('is unknown while the bridge is %s', (_, change, reason) => {
    const documents = [heartbeatItems({ ...BEAT, ...change }), ...PEOPLE];
    const { form, pictures, shown } = open('Cem Kaya', { documents });
    expect(form.faults).toEqual([]);
    expect(pictures).toEqual(['presence-unknown.gif']);
    expect(shown('PresenceBadgeText')[0]).toMatch(/^Unknown \(/);
    expect(shown('PresenceBadgeText')[0]).toMatch(reason);
    expect(form.values.get('presenceasof')).toEqual({ type: 'text', list: [''] });
  });

  test('a document that names no bridge is unknown', () => {
    const documents = [heartbeatItems(BEAT), { ...ANA, Bridge: '' }];
    expect(open('Ana Reyes', { documents }).shown('PresenceBadgeText')[0]).toMatch(/names no bridge/);
  });
});

describe('several people', () => {
  test('each has a line, and there is no single picture', () => {
    const { pictures, shown } = open(['Ana Reyes/Sales/Contoso', 'CN=Cem Kaya/O=Contoso', 'Jo Lee', 'dee@x']);
    expect(pictures).toEqual([]);
    expect(shown('PresenceBadgeList')).toEqual([
      'Ana Reyes: Busy, in a meeting',
      'Cem Kaya: Available, out of office',
      'Jo Lee: Unknown (several people have this name)',
      'dee@x: Unknown (not in the presence database)',
    ]);
  });

  test('without a database each of them is unknown', () => {
    const { form, shown } = open(['Ana Reyes', 'Cem Kaya'], { reachable: [] });
    expect(form.faults).toEqual([]);
    expect(shown('PresenceBadgeList')).toEqual([
      'Ana Reyes: Unknown (the presence database cannot be read)',
      'Cem Kaya: Unknown (the presence database cannot be read)',
    ]);
  });

  test('blank entries of the field do not shift names', () => {
    expect(open(['', 'Cem Kaya', ' ', 'Ana Reyes']).shown('PresenceBadgeList')).toEqual([
      'Cem Kaya: Available, out of office',
      'Ana Reyes: Busy, in a meeting',
    ]);
  });

  test('eleven are ten lines and a remark', () => {
    const { form, shown } = open(Array.from({ length: 11 }, (_, index) => `Nobody ${index}/Contoso`));
    expect(shown('PresenceBadgeList')).toHaveLength(10);
    expect(wordsOf(form)).toContain('Only the first ten people are shown.');
  });

  test('a bridge is asked once, however many people it confirms', () => {
    const { world } = open(['Ana Reyes', 'Cem Kaya', 'Jo Lee/Sales/Contoso']);
    const beats = world.asked.filter(({ view, column }) => view === 'LookUpBridge' && column === 'FreshUntil');
    expect(beats).toHaveLength(1);
  });
});

describe('where the presence database is', () => {
  test.each([
    [{}, 'CN=Apps/O=Contoso!!sales\\presence.nsf'],
    [{ PresenceFile: 'apps/presence.nsf' }, 'CN=Apps/O=Contoso!!apps/presence.nsf'],
    [{ PresenceServer: 'CN=Hub/O=Contoso', PresenceFile: 'p.nsf' }, 'CN=Hub/O=Contoso!!p.nsf'],
    [{ PresenceServer: 'CN=Hub/O=Contoso' }, 'CN=Hub/O=Contoso!!sales\\presence.nsf'],
  ])('with the profile %j it is %s', (profile: Items, place) => {
    expect(APPLICATION.file).toBe('sales\\contacts.nsf');
    const { world, shown } = open('Ana Reyes', { profile, reachable: [place] });
    expect(shown('PresenceBadgeText')).toEqual(['Busy, in a meeting']);
    expect(new Set(world.asked.map(({ server, file }) => `${server}!!${file}`))).toEqual(new Set([place]));
  });
});
