import { describe, expect, test } from 'vitest';
import type { Items } from '../../../src/notes/item-value.js';
import type { FormulaEffect } from '../../../src/notes/template/formula/effects.js';
import { PRIVILEGES } from '../../../src/notes/template/formula/outside.js';
import { text } from '../../../src/notes/template/formula/values.js';
import { designOf, TemplateWorld, type WorldOptions } from '../../support/template-world.js';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);
const ANA = 'CN=Ana Reyes/OU=Sales/O=Contoso';

function press(label: string, items: Items, options: Partial<WorldOptions> = {}): readonly FormulaEffect[] {
  const outcome = new TemplateWorld({ now: NOW, ...options }).press(label, items);
  expect(outcome.value.type).not.toBe('error');
  return outcome.effects;
}

function linkOf(effects: readonly FormulaEffect[]): string | undefined {
  return effects.flatMap((effect) => (effect.kind === 'open-url' ? [effect.url] : []))[0];
}

function messageOf(effects: readonly FormulaEffect[]): string | undefined {
  return effects.flatMap((effect) => (effect.kind === 'prompt' && effect.style === 'OK' ? [effect.words] : []))[0];
}

function statusLineOf(effects: readonly FormulaEffect[]): string | undefined {
  return effects.flatMap((effect) => (effect.kind === 'status-bar' ? effect.words : []))[0];
}

describe('Chat', () => {
  test.each([
    ['sip:ana@contoso.example', 'im:<sip:ana@contoso.example>'],
    ['ana@contoso.example', 'im:<sip:ana@contoso.example>'],
    ['SIP:Ana@Contoso.example', 'im:<sip:Ana@Contoso.example>'],
    ["  sip:o'hara+test@contoso.example ", "im:<sip:o'hara+test@contoso.example>"],
    ['sip:a%20b&c=d@contoso.example', 'im:<sip:a%20b&c=d@contoso.example>'],
    ['sip:jürgen@contoso.example', 'im:<sip:jürgen@contoso.example>'],
  ])('"%s" opens %s', (SipAddress, link) => {
    const effects = press('Chat', { SipAddress });
    expect(linkOf(effects)).toBe(link);
    expect(messageOf(effects)).toBeUndefined();
  });

  test('the scheme of the profile is taken', () => {
    const options = { profile: { ChatScheme: 'sip' } };
    expect(linkOf(press('Chat', { SipAddress: 'sip:ana@contoso.example' }, options))).toBe('sip:ana@contoso.example');
  });

  test('the status bar says what to do when nothing opens', () => {
    const profile = { ContactAddress: '4711' };
    expect(statusLineOf(press('Chat', { SipAddress: 'sip:ana@x' }, { profile }))).toMatch(/ask 4711\.$/);
    expect(statusLineOf(press('Chat', { SipAddress: 'sip:ana@x' }, { language: 'de' }))).toMatch(
      /^Falls kein Chat-Fenster erscheint.* die Administratoren dieser Datenbank\.$/,
    );
  });

  test.each([{}, { SipAddress: '' }, { SipAddress: 'sip:' }, { SipAddress: ' ' }])(
    '%j has a plain message',
    (items) => {
      const effects = press('Chat', items);
      expect(messageOf(effects)).toBe('No address for chats is known for this person.');
      expect(linkOf(effects)).toBeUndefined();
    },
  );

  test.each([
    'sip:ana@x> <sip:eve@x',
    'sip:ana@x" --run',
    'sip:ana@x?Subject=Hi',
    'sip:ana@x;transport=tcp',
    'sip:ana@x,eve@x',
    'sip:ana@x#',
    'sip:ana@x\\..\\eve',
    'sip:ana@eve@x',
    'sip:@x',
    'sip:ana@',
    'tel:4711',
  ])('the address %s never becomes a link', (SipAddress) => {
    const effects = press('Chat', { SipAddress });
    expect(linkOf(effects)).toBeUndefined();
    expect(messageOf(effects)).toMatch(/^This address cannot be used in a link: /);
  });
});

describe('Call', () => {
  const call = (number: string, language: 'en' | 'de' = 'en') =>
    press(language === 'en' ? 'Call' : 'Anrufen', { PersonName: ANA }, { language, phones: { [ANA]: number } });

  test.each([
    ['4711', 'tel:4711'],
    ['+49 (0)30 12-34', 'tel:+49301234'],
    ['(030) 12 34/56', 'tel:030123456'],
    ['1.555.0100', 'tel:15550100'],
  ])('%s is dialled as %s', (number, link) => {
    const effects = call(number);
    expect(linkOf(effects)).toBe(link);
    expect(statusLineOf(effects)).toContain(`Dialling ${number}.`);
  });

  test.each(['ask Ben', '4711 ext. 5', '4711+1', '+', '-', '4711&eve', '#31#4711'])(
    '%s is shown, not dialled',
    (number) => {
      const effects = call(number);
      expect(linkOf(effects)).toBeUndefined();
      expect(messageOf(effects)).toBe(`This number cannot be dialled by a link: ${number}`);
    },
  );

  test('without a number or a name there is a plain message', () => {
    expect(messageOf(call(''))).toBe('The Domino Directory has no office phone number for Ana Reyes.');
    expect(messageOf(call('', 'de'))).toBe('Im Domino-Verzeichnis steht keine Bürotelefonnummer für Ana Reyes.');
    expect(messageOf(press('Call', { DisplayName: 'Ana' }))).toMatch(/^This person has no Notes name/);
  });
});

describe('Mail', () => {
  const recipient = (effects: readonly FormulaEffect[]): unknown =>
    effects.flatMap((effect) => (effect.kind === 'command' && effect.name === 'EDITINSERTTEXT' ? effect.args : []))[0];

  test.each([
    [{ PersonName: ANA, MailAddress: 'ana@contoso.example' }, 'Ana Reyes/Sales/Contoso'],
    [{ PersonName: '', MailAddress: ['ana@contoso.example', 'a@contoso.example'] }, 'ana@contoso.example'],
  ])('of %j a memo is opened to %s', (items: Items, wanted) => {
    const effects = press('Mail', items);
    expect(effects[0]).toMatchObject({ kind: 'command', name: 'MAILCOMPOSEMEMO' });
    expect(recipient(effects)).toEqual(text(wanted));
  });

  test('a SIP address is no mail address', () => {
    const effects = press('Mail', { SipAddress: 'sip:ana@contoso.example' });
    expect(messageOf(effects)).toBe('Neither a Notes name nor a mail address is known for this person.');
    expect(effects).toHaveLength(1);
  });
});

describe('Do not show me', () => {
  const documents = PRIVILEGES.filter((privilege) => privilege === 'CREATEDOCUMENTS');

  test('whoever may create documents gets the form', () => {
    const effects = press('Do not show me', {}, { access: { level: 3, privileges: documents } });
    expect(effects).toEqual([
      { kind: 'command', name: 'COMPOSE', args: [text(''), text('PresenceOptOut')], isPosted: false },
    ]);
  });

  test('whoever has opted out gets that document, to read or to delete it', () => {
    const optOut = (name: string): Items => ({
      Form: 'PresenceOptOut',
      PersonName: { type: 'text', data: name, names: true },
    });
    const there = [optOut('CN=Ben Okoro/O=Contoso'), optOut('CN=Ana Reyes/OU=Sales/O=Contoso')];
    const open = { kind: 'command', name: 'OPENDOCUMENT', args: [text('0'), text('D1')], isPosted: false };
    for (const privileges of [[], documents] as const) {
      const effects = press('Do not show me', {}, { access: { level: 3, privileges }, documents: there });
      expect(effects).toEqual([open]);
    }
  });

  test.each([
    ['a reader', { level: 2, privileges: [] } as const],
    ['an author without that right', { level: 3, privileges: [] } as const],
    ['somebody without access', undefined],
  ])('%s is told whom to ask', (_, access) => {
    const profile = { ContactAddress: 'helpdesk@contoso.example' };
    expect(messageOf(press('Do not show me', {}, { access, profile }))).toBe(
      'You may not create documents here. To be left out, ask helpdesk@contoso.example.',
    );
    expect(messageOf(press('Mich nicht anzeigen', {}, { access, language: 'de' }))).toMatch(
      /wenden Sie sich an die Administratoren dieser Datenbank\.$/,
    );
  });
});

describe('Allow applications', () => {
  const documents = PRIVILEGES.filter((privilege) => privilege === 'CREATEDOCUMENTS');

  test('whoever may create documents gets the form, and later the document that is there', () => {
    const access = { level: 3, privileges: documents } as const;
    expect(press('Allow applications', {}, { access })).toEqual([
      { kind: 'command', name: 'COMPOSE', args: [text(''), text('PresenceConsent')], isPosted: false },
    ]);
    const own = { Form: 'PresenceConsent', PersonName: { type: 'text', data: ANA, names: true } } as const;
    const optOut = { ...own, Form: 'PresenceOptOut' };
    expect(press('Allow applications', {}, { access, documents: [optOut, own] })).toEqual([
      { kind: 'command', name: 'OPENDOCUMENT', args: [text('0'), text('D1')], isPosted: false },
    ]);
  });

  test('whoever may not is told whom to ask', () => {
    const access = { level: 2, privileges: [] } as const;
    expect(messageOf(press('Allow applications', {}, { access }))).toMatch(
      /^You may not create documents here\. To let/,
    );
    expect(messageOf(press('Anwendungen erlauben', {}, { access, language: 'de' }))).toMatch(
      /Ihren Status setzen soll/,
    );
  });
});

describe('the action bars', () => {
  const actions = (form: string, roles: readonly string[]): string[] =>
    new TemplateWorld({ now: NOW, roles }).open(form).actions.map(({ label }) => label);

  test('a person offers what one does with people', () => {
    expect(actions('Presence', [])).toEqual(['Chat', 'Call', 'Mail', 'Do not show me', 'Allow applications']);
  });

  test.each(['New address of a person', 'New opt-out', 'New consent', 'Copy statuses to a database', 'Configuration'])(
    '"%s" needs the role',
    (label) => {
      const { design } = designOf();
      const action = [...design.sharedActions.values()].find((one) => one.label === label);
      const hides = (roles: readonly string[]): boolean => {
        const world = new TemplateWorld({ now: NOW, roles });
        const form = world.design.forms.find(({ alias }) => alias === 'PresenceLease');
        if (!form || !action) throw new Error(`there is no action ${label}`);
        return world.openWith({ ...form, actions: [action] }).actions.length === 0;
      };
      expect(hides([])).toBe(true);
      expect(hides(['[PresenceWriter]'])).toBe(true);
      expect(hides(['[PresenceAdmin]'])).toBe(false);
    },
  );

  test('what needs a Notes client is not offered on the web and on mobile devices', () => {
    const offered = [...designOf().design.sharedActions.values()].filter(({ hide }) => !hide.includes('web'));
    expect(offered).toEqual([]);
  });
});
