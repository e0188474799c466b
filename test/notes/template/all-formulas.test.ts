import { describe, expect, test } from 'vitest';
import type { Items, ItemValue } from '../../../src/notes/item-value.js';
import { contextOf, type FormulaContext } from '../../../src/notes/template/formula/context.js';
import { evaluate } from '../../../src/notes/template/formula/evaluate.js';
import type { Formula } from '../../../src/notes/template/formula/syntax.js';
import type { Value } from '../../../src/notes/template/formula/values.js';
import { fieldsOf } from '../../../src/notes/template/item-fields.js';
import { selectedForms } from '../../../src/notes/template/lint/fields.js';
import {
  type LintModel,
  type LintSubject,
  modelOf,
  type PlacedFormula,
} from '../../../src/notes/template/lint/model.js';
import { PRESENCE_SCHEMA } from '../../../src/notes/template/lint/template-schema.js';
import { childrenOf, descendants } from '../../../src/notes/template/xml-tree.js';
import { ACTIVITIES, STATUSES } from '../../../src/presence/availability.js';
import { builtDxl, treeOf } from '../../support/template.js';
import { TemplateWorld } from '../../support/template-world.js';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);

const moment = (minutes: number): ItemValue => ({
  type: 'datetime',
  data: new Date(NOW + minutes * 60_000).toISOString(),
});

const WORDS: readonly string[] = ['', ...ACTIVITIES];

const PERSON: Items = {
  Form: 'Presence',
  SipKey: '0123456789abcdef0123456789abcdef',
  SipAddress: 'sip:ana@contoso.example',
  MailAddress: ['ana.reyes@contoso.example', 'ana@contoso.example'],
  PersonName: 'CN=Ana Reyes/OU=Sales/O=Contoso',
  OtherNames: ['CN=Ana Garcia/OU=Sales/O=Contoso', 'Ana'],
  DisplayName: 'Ana Reyes',
  Status: 'available',
  StatusRank: 1,
  StatusSince: moment(-10),
  ObservedAt: moment(-1),
  Bridge: 'main',
  Epoch: 3,
  Seq: 17,
  SchemaVersion: 1,
};

const HEARTBEAT: Items = {
  Form: 'PresenceBridge',
  Bridge: 'main',
  Epoch: 3,
  Connected: '1',
  WrittenAt: moment(-1),
  IntervalSeconds: 60,
  FreshUntil: moment(2),
  OcsState: 'connected',
  OcsSince: moment(-600),
  People: 2,
  Reachable: 1,
  Unknown: 0,
  Version: '1.0.0',
  SchemaVersion: 1,
};

/** Documents of forms that people fill in. */
const FILLED: readonly Items[] = [
  { Form: 'PresenceLease', Bridge: 'main', Holder: 'a1', Epoch: 3, Renewals: 5, RenewedAt: moment(0) },
  { Form: 'PresenceMapping', PersonName: 'CN=Ana Reyes/O=Contoso', SipAddress: 'sip:ana@contoso.example' },
  { Form: 'PresenceOptOut', PersonName: ['CN=Ana Reyes/O=Contoso', 'Works Council'], SipAddress: 'sip:b@c.example' },
  { Form: 'PresenceConsent', PersonName: 'CN=Ana Reyes/O=Contoso', Applications: ['calendar', 'crm'] },
  { Form: 'PresenceProfile', ChatScheme: 'im', PresenceFile: 'presence.nsf', ContactAddress: 'help@contoso.example' },
  { Form: 'PresencePushTarget', TargetFile: 'crm.nsf', TargetView: 'All', NameItem: 'Owner', IsActive: '1' },
];

/** What a program or an older bridge may have left in an item. */
const ODD: readonly ItemValue[] = [
  '',
  '  ',
  'BUSY ',
  'no such word',
  '"quoted" \\ {braced}; @Now',
  'ä/ö=ü/ß',
  'x'.repeat(2000),
  ['a', '', 'a', 'CN=Ana Reyes/O=Contoso'],
  0,
  -1.5,
  [1, 2, 3],
  moment(-100_000),
  { type: 'datetime', data: ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'] },
  { type: 'datetime', data: 'never' },
];

/** Those that a field for text takes from somebody who types. */
const TYPED = ODD.filter(
  (value) => typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'string'),
);

function documentsOf(form: string): readonly Items[] {
  const items = PRESENCE_SCHEMA.forms.get(form) ?? [];
  const varied = (base: Items, odd: readonly ItemValue[]): Items[] => [
    base,
    ...items.filter((item) => item !== 'Form').flatMap((item) => odd.map((value) => ({ ...base, [item]: value }))),
  ];
  if (form === 'Presence') {
    const usual = STATUSES.flatMap((Status) =>
      WORDS.flatMap((Activity) => ['', '1'].map((OutOfOffice) => ({ ...PERSON, Status, Activity, OutOfOffice }))),
    );
    return [...usual, ...varied(PERSON, ODD), { Form: form }];
  }
  if (form === 'PresenceBridge') return [...varied(HEARTBEAT, ODD), { Form: form }];
  return [...FILLED.filter((one) => one['Form'] === form).flatMap((one) => varied(one, TYPED)), { Form: form }];
}

/** What adopting applications have. */
const HOSTS: readonly Items[] = [
  { PresencePerson: 'CN=Ana Reyes/OU=Sales/O=Contoso', PresenceStatus: 'busy', PresenceActivity: 'in-a-meeting' },
  { PresencePerson: ['Ana Reyes', 'sip:nobody@contoso.example', ''], PresenceStatus: ['away', 'BUSY', ''] },
  { PresencePerson: '', PresenceStatus: '', PresenceActivity: '' },
  {},
];

/** Documents on which formulas of an element run. */
function documentsFor(subject: LintSubject, model: LintModel): readonly Items[] {
  const { element } = subject;
  const name = element.attributes.get('name') ?? '';
  if (element.name === 'form') return documentsOf(name);
  if (element.name === 'view') return [...new Set(selectedForms(subject, model))].flatMap(documentsOf);
  if (element.name === 'subform') return HOSTS;
  if (element.name === 'sharedcolumn') return [...HOSTS, ...documentsOf('Presence')];
  if (element.name === 'sharedactions') return documentsOf('Presence');
  return [{}];
}

type Options = Partial<Omit<FormulaContext, 'field'>>;

/** Worlds of those who open forms: all is well, nothing can be reached, a new document that is being written. */
function worlds(language: 'en' | 'de'): readonly Options[] {
  const documents = [PERSON, HEARTBEAT];
  const client = { type: 'Notes', platform: 'Windows/32', version: '405' } as const;
  const silent = (): void => undefined;
  const well = new TemplateWorld({
    language,
    now: NOW,
    documents,
    profile: FILLED[3] ?? {},
    roles: ['[PresenceAdmin]'],
  });
  const lost = new TemplateWorld({ language, now: NOW, documents, reachable: [] });
  const facts = { created: NOW - 60_000, modified: NOW, unid: '0'.repeat(32), effects: silent };
  return [
    { ...well.formulas, ...facts, outside: { ...well.formulas.outside, client, isNew: false, isEdited: false } },
    { ...lost.formulas, ...facts, outside: { ...lost.formulas.outside, client, isNew: true, isEdited: true } },
  ];
}

function isIndexed({ owner, event }: PlacedFormula): boolean {
  return (owner.name === 'column' && event === 'value') || event === 'selection';
}

/** Values of the fields that a form computes for display, in their order, beside those of the document. */
function shownFields(subject: LintSubject, model: LintModel, items: Items, options: Options): Map<string, Value> {
  const fields = new Map(fieldsOf(items));
  if (subject.element.name !== 'form' && subject.element.name !== 'subform') return fields;
  for (const { subject: other, owner, event, outcome } of model.formulas) {
    if (other !== subject || event !== 'defaultvalue' || owner.attributes.get('kind') !== 'computedfordisplay')
      continue;
    const name = (owner.attributes.get('name') ?? '').toLowerCase();
    if (outcome.ok) fields.set(name, evaluate(outcome.formula, contextOf(fields, options)));
  }
  return fields;
}

interface Wrong {
  readonly where: string;
  readonly reason: string;
  readonly document: string;
}

/** Runs one formula under both readings of `=` and says what is wrong with its value. */
function faultOf(
  formula: Formula,
  placed: PlacedFormula,
  fields: ReadonlyMap<string, Value>,
  options: Options,
  images: ReadonlySet<string>,
): string | undefined {
  const exact = evaluate(formula, contextOf(fields, { ...options, textEquality: 'exact' }));
  const folded = evaluate(formula, contextOf(fields, { ...options, textEquality: 'ignore-case' }));
  if (exact.type === 'error') return exact.reason;
  if (JSON.stringify(exact) !== JSON.stringify(folded)) return `${JSON.stringify(exact)} or ${JSON.stringify(folded)}`;
  const { owner, event } = placed;
  if ((event === 'hidewhen' || event === 'selection') && exact.type !== 'number')
    return `a ${event} gives ${exact.type}`;
  const isPicture = owner.name === 'imageref' || owner.attributes.get('showasicons') === 'true';
  const strange = isPicture ? exact.list.find((name) => name !== '' && !images.has(String(name))) : undefined;
  return strange === undefined ? undefined : `there is no picture ${strange}`;
}

function runAll(
  dxl: string,
  language: 'en' | 'de',
  isWanted: (subject: LintSubject) => boolean = () => true,
): { readonly wrong: readonly Wrong[]; readonly runs: number; readonly formulas: number } {
  const root = treeOf(dxl);
  const model = modelOf(root);
  const images = new Set(childrenOf(root, 'imageresource').map((image) => image.attributes.get('name') ?? ''));
  const rooms = worlds(language);
  const found: Wrong[] = [];
  const done = new Set<string>();
  let runs = 0;
  for (const subject of model.subjects.slice(1)) {
    const placed = model.formulas.filter((one) => one.subject === subject);
    if (placed.length === 0 || !isWanted(subject)) continue;
    for (const [index, items] of documentsFor(subject, model).entries()) {
      // Where nothing can be reached, fewer documents tell as much.
      for (const options of index % 6 === 0 ? rooms : rooms.slice(0, 1)) {
        const fields = shownFields(subject, model, items, options);
        for (const one of placed) {
          // The index of a view sees the document alone.
          if (isIndexed(one) && options !== rooms[0]) continue;
          if (!one.outcome.ok) throw new Error(`${subject.label}: ${one.outcome.reason}`);
          // Views share formulas and documents.
          const key = isIndexed(one) ? `${one.event} ${one.element.text} ${JSON.stringify(items)}` : '';
          if (key !== '' && done.has(key)) continue;
          done.add(key);
          const seen = isIndexed(one) ? {} : { ...options, thisField: one.owner.attributes.get('name') ?? '' };
          const reason = faultOf(one.outcome.formula, one, fields, seen, images);
          runs += 1;
          if (reason) found.push({ where: `${subject.label} ${one.event}`, reason, document: JSON.stringify(items) });
        }
      }
    }
  }
  return { wrong: found, runs, formulas: model.formulas.length };
}

describe.each(['en', 'de'] as const)('every formula of the built template (%s)', (language) => {
  test('gives a value of its kind on every document, whatever stands in it and however "=" reads texts', () => {
    const dxl = builtDxl(language);
    const { wrong, runs, formulas } = runAll(dxl, language);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(runs).toBeGreaterThan(20_000);
    expect(formulas).toBe([...descendants(treeOf(dxl))].filter(({ name }) => name === 'formula').length);
  }, 30_000);
});

describe('a formula that is wrong', () => {
  test.each([
    ['@LowerCase(@Trim(@Text(@Subset(Status; 1))))', 'Status', /Incorrect data type/],
    ['@LowerCase(@Trim(@Text(@Subset(Status; 1))))', '@If(@Text(Status) = "Busy"; "busy"; "away")', / or /],
    ['presence-away.gif', 'presence-gone.gif', /no picture presence-gone\.gif/],
    ['SELECT (Form', 'SELECT "1" : @Text(Form', /gives text|Incorrect data type/],
  ])('is found: %s as %s', (from, to, reason) => {
    const sound = builtDxl();
    const start = sound.indexOf("alias='People'");
    const end = sound.indexOf('</view>', start);
    const faulty = sound.slice(start, end).replace(from, to);
    expect(faulty).not.toBe(sound.slice(start, end));
    const dxl = sound.slice(0, start) + faulty + sound.slice(end);
    const { wrong } = runAll(dxl, 'en', ({ label }) => label === 'view People');
    expect(wrong.map((one) => one.reason)).toContainEqual(expect.stringMatching(reason));
  });
});
