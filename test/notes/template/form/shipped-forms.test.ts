import { describe, expect, test } from 'vitest';
import type { Items } from '../../../../src/notes/item-value.js';
import { type Design, readDesign } from '../../../../src/notes/template/design/design.js';
import { findNamed } from '../../../../src/notes/template/design/element-names.js';
import type { FormDesign } from '../../../../src/notes/template/design/form-model.js';
import type { OpenRequest } from '../../../../src/notes/template/form/form-session.js';
import { openForm } from '../../../../src/notes/template/form/open-form.js';
import { saveForm } from '../../../../src/notes/template/form/save-form.js';
import { TIME_STYLES } from '../../../../src/notes/template/formula/time-text.js';
import { fieldsOf } from '../../../../src/notes/template/item-fields.js';
import { formHtml } from '../../../../src/notes/template/preview/rich-text-html.js';
import { inlinesOf, wordsOf } from '../../../support/forms.js';
import { builtDxl, treeOf } from '../../../support/template.js';

const LANGUAGES = ['en', 'de'] as const;
const DESIGNS: Readonly<Record<(typeof LANGUAGES)[number], Design>> = {
  en: readDesign(builtDxl('en')),
  de: readDesign(builtDxl('de')),
};
const NOW = Date.parse('2026-01-05T10:42:00Z');

/** What a client sees of a presence database without any bridge. */
const OUTSIDE = {
  lookUp: () => ({ type: 'error', reason: 'Entry not found in index' }) as const,
  column: () => ({ type: 'text', list: [''] }) as const,
  profileField: () => undefined,
  documentField: () => undefined,
  database: { server: '', file: 'presence.nsf', title: 'Presence', replicaId: '0123456789ABCDEF' },
  access: () => ({ level: 4, privileges: [] }) as const,
  roles: [],
  client: { type: 'Notes', platform: 'Windows/32', version: '405' },
} as const;

const PERSON: Items = {
  Form: 'Presence',
  PersonName: 'CN=Ana Reyes/OU=Sales/O=Contoso',
  SipAddress: 'sip:ana@contoso.example',
  Status: 'busy',
  StatusSince: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
  ObservedAt: { type: 'datetime', data: '2026-01-05T10:41:00Z' },
};

function requestFor(design: Design, form: FormDesign, items: Items, options: Partial<OpenRequest> = {}): OpenRequest {
  const formulas = { now: NOW, userName: 'CN=Bo Berg/O=Contoso', timeStyle: TIME_STYLES.en, outside: OUTSIDE };
  return { form, subforms: design.subforms, fields: fieldsOf(items), mode: 'read', formulas, ...options };
}

describe.each(LANGUAGES)('the shipped template in %s', (language) => {
  const design = DESIGNS[language];
  const all = [...design.forms, ...design.subforms, ...design.pages, design.about, design.using].filter(
    (form) => form !== undefined,
  );

  test.each(all.map((form) => [form.kind, form.alias, form] as const))(
    '%s %s is drawn whole',
    (_kind, _alias, form) => {
      expect(form.undrawn).toEqual([]);
      for (const mode of ['read', 'edit'] as const) {
        for (const items of [PERSON, {}]) {
          const open = openForm(requestFor(design, form, items, { mode, isNew: items !== PERSON }));
          expect(open.faults).toEqual([]);
          const { html } = formHtml(open, { images: design.images, pictureUrl: (image) => `/image/${String(image)}` });
          treeOf(html);
        }
      }
    },
  );

  test('names only pictures that there are', () => {
    for (const form of all) {
      const open = openForm(requestFor(design, form, PERSON));
      const names = inlinesOf(open.blocks).flatMap((part) => (part.kind === 'picture' ? [String(part.image)] : []));
      expect(names.filter((name) => !design.images.has(name))).toEqual([]);
    }
  });
});

test('a person is shown with name and status', () => {
  const form = findNamed(DESIGNS.en.forms, 'Presence');
  if (!form) throw new Error('there is no form Presence');
  const open = openForm(requestFor(DESIGNS.en, form, PERSON));
  expect(open.windowTitle).toContain('Ana Reyes');
  expect(wordsOf(open)).toContain('Ana Reyes');
});

describe('an opt-out document that is saved', () => {
  const form = findNamed(DESIGNS.en.forms, 'PresenceOptOut');
  if (!form) throw new Error('there is no form PresenceOptOut');
  const request = requestFor(DESIGNS.en, form, {}, { mode: 'edit', isNew: true });
  const outside = { ...OUTSIDE, roles: ['[PresenceAdmin]'] };
  const byAdministrator = { ...request, formulas: { ...request.formulas, outside } };

  test('by an administrator needs somebody, and its names become canonical', () => {
    const nobody = new Map([
      ['personname', ['']],
      ['sipaddress', ['']],
    ]);
    expect(saveForm(byAdministrator, nobody)).toMatchObject({ ok: false, reason: 'refused' });
    const saved = saveForm(byAdministrator, new Map([['personname', ['Ana Reyes/Contoso']]]));
    expect(saved.ok && saved.items.get('PersonName')).toEqual({ type: 'text', list: ['CN=Ana Reyes/O=Contoso'] });
    expect(saved.ok && saved.items.get('Form')).toEqual({ type: 'text', list: ['PresenceOptOut'] });
  });

  test('by anybody else names the user and nobody else', () => {
    const saved = saveForm(request, new Map([['personname', ['Ana Reyes/Contoso']]]));
    expect(saved.ok && saved.items.get('PersonName')).toEqual({ type: 'text', list: ['CN=Bo Berg/O=Contoso'] });
  });
});
