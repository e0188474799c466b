import { describe, expect, test } from 'vitest';
import type { Items } from '../../../../src/notes/item-value.js';
import type { OpenRequest } from '../../../../src/notes/template/form/form-session.js';
import { openForm } from '../../../../src/notes/template/form/open-form.js';
import { type SaveOutcome, saveForm, withInput } from '../../../../src/notes/template/form/save-form.js';
import { TIME_STYLES } from '../../../../src/notes/template/formula/time-text.js';
import { databaseWith, fieldDxl, fieldOf, requestFor } from '../../../support/forms.js';

const EDITABLE = "type='text' kind='editable'";
const SEVERAL = `${EDITABLE} allowmultivalues='true'`;

function save(
  fields: string,
  input: Readonly<Record<string, readonly string[]>>,
  items: Items = {},
  options: Partial<Omit<OpenRequest, 'form' | 'subforms' | 'fields'>> = {},
): SaveOutcome {
  const request = requestFor(databaseWith(`<par>${fields}</par>`), items, { mode: 'edit', ...options });
  return saveForm(request, new Map(Object.entries(input)));
}

function itemsOf(outcome: SaveOutcome): Record<string, unknown> {
  if (!outcome.ok) throw new Error(`${outcome.field}: ${outcome.message}`);
  return Object.fromEntries(
    [...outcome.items].map(([name, value]) => [name, value.type === 'error' ? value : value.list]),
  );
}

describe('saving a form', () => {
  test('gives what was entered, and the name of the form', () => {
    expect(itemsOf(save(fieldDxl('Name', EDITABLE), { name: ['Ana'] }))).toEqual({ Name: ['Ana'], Form: ['Test'] });
  });

  test('translates before it validates, and validates before it computes what comes after validation', () => {
    const fields =
      fieldDxl('Name', EDITABLE, {
        inputtranslation: '@Trim(Name)',
        inputvalidation: '@If(Name = "Ana"; @Success; @Failure("Who?"))',
      }) +
      fieldDxl('Twice', "type='text' kind='computed'", { defaultvalue: 'Name + Name' }) +
      fieldDxl('Late', "type='text' kind='computed' computeaftervalidation='true'", { defaultvalue: '"late " + Name' });
    expect(itemsOf(save(fields, { name: ['  Ana '] }))).toMatchObject({
      Name: ['Ana'],
      Twice: ['AnaAna'],
      Late: ['late Ana'],
    });
    expect(save(fields, { name: ['Bo'] })).toEqual({ ok: false, field: 'Name', reason: 'refused', message: 'Who?' });
  });

  test('lets a validation see fields after it', () => {
    const fields =
      fieldDxl('One', EDITABLE, { inputvalidation: '@If(Two = ""; @Failure("Two is needed"); @Success)' }) +
      fieldDxl('Two', EDITABLE);
    expect(save(fields, { one: ['x'], two: ['y'] }).ok).toBe(true);
    expect(save(fields, { one: ['x'], two: [''] })).toMatchObject({ ok: false, message: 'Two is needed' });
  });

  test('splits lists by the separators of the field', () => {
    const fields =
      fieldDxl('A', SEVERAL) + fieldDxl('B', `${SEVERAL} listinputseparators='semicolon'`) + fieldDxl('C', EDITABLE);
    const input = { a: ['x, y;z\r\n w,,'], b: ['x, y; z'], c: ['x, y'] };
    expect(itemsOf(save(fields, input))).toMatchObject({ A: ['x', 'y', 'z', 'w'], B: ['x, y', 'z'], C: ['x, y'] });
  });

  test('takes several chosen entries', () => {
    const field = fieldDxl(
      'K',
      `type='keyword' kind='editable' allowmultivalues='true'`,
      {},
      "<keywords ui='checkbox'/>",
    );
    expect(itemsOf(save(field, { k: ['a', 'b'] }))).toMatchObject({ K: ['a', 'b'] });
    expect(itemsOf(save(field, { k: [] }, { K: 'a' }))).toMatchObject({ K: [''] });
  });

  test('reads numbers and moments as the reader writes them', () => {
    const fields = fieldDxl('N', "type='number'") + fieldDxl('T', "type='datetime'");
    const formulas = { timeStyle: TIME_STYLES.de };
    const outcome = save(fields, { n: ['1.234,5'], t: ['05.01.2026 10:42'] }, {}, { language: 'de', formulas });
    expect(itemsOf(outcome)).toMatchObject({ N: [1234.5], T: [Date.parse('2026-01-05T10:42:00Z')] });
    expect(save(fields, { n: ['many'] })).toMatchObject({ ok: false, field: 'N', reason: 'number' });
    expect(save(fields, { t: ['soon'] })).toMatchObject({ ok: false, field: 'T', reason: 'time' });
    expect(itemsOf(save(fields, { n: [' '], t: [''] }))).toMatchObject({ N: [''], T: [''] });
  });

  test('changes nothing where the input says what the form put into it', () => {
    const date = fieldDxl('D', "type='datetime'", {}, "<datetimeformat show='date'/>");
    const items = { D: { type: 'datetime', data: '2026-01-05T09:30:00Z' }, P: 'secret' } as const;
    const outcome = save(date + fieldDxl('P', "type='password'"), { d: ['2026-01-05'], p: [''] }, items);
    expect(itemsOf(outcome)).toMatchObject({ D: [Date.parse('2026-01-05T09:30:00Z')], P: ['secret'] });
  });

  test('keeps names canonical and words behind their labels', () => {
    const keywords = "<keywords allownew='true'><textlist><text>Chat|im</text></textlist></keywords>";
    const fields =
      fieldDxl('Who', "type='names' allowmultivalues='true'") + fieldDxl('K', "type='keyword'", {}, keywords);
    const outcome = save(fields, { who: ['Ana Reyes/Sales/Contoso, Team'], k: ['Chat'] });
    expect(itemsOf(outcome)).toMatchObject({ Who: ['CN=Ana Reyes/OU=Sales/O=Contoso', 'Team'], K: ['im'] });
  });

  test('reads a list again that is displayed with a separator that is not for input', () => {
    const field = fieldDxl('L', `${SEVERAL} listinputseparators='semicolon' listdisplayseparator='space'`);
    const request = requestFor(databaseWith(`<par>${field}</par>`), { L: ['a b', 'c'] }, { mode: 'edit' });
    expect(fieldOf(openForm(request), 'L').text).toBe('a b; c');
  });

  test('keeps what was not shown, gives new documents their defaults, and stores nothing that is only displayed', () => {
    const fields =
      fieldDxl('Old', EDITABLE) +
      fieldDxl('Default', EDITABLE, { defaultvalue: '"d"' }) +
      fieldDxl('Shown', "type='text' kind='computedfordisplay'", { defaultvalue: '"s"' });
    expect(itemsOf(save(fields, {}, { Old: 'kept' }, { isNew: true }))).toEqual({
      Old: ['kept'],
      Default: ['d'],
      Form: ['Test'],
    });
  });

  test('ignores input for fields that cannot be typed into', () => {
    const field = fieldDxl('Fixed', "type='text' kind='computed'", { defaultvalue: '"f"' });
    expect(itemsOf(save(field, { fixed: ['x'], strange: ['y'] }))).toEqual({ Fixed: ['f'], Form: ['Test'] });
  });

  test('is refused where a formula fails, with the field', () => {
    const field = fieldDxl('Bad', "type='text' kind='computed'", { defaultvalue: '1 + "a"' });
    expect(save(field, {})).toMatchObject({ ok: false, field: 'Bad', reason: 'error' });
  });

  test('is refused when a field holds too much', () => {
    expect(save(fieldDxl('A', SEVERAL), { a: ['x,'.repeat(20_000)] })).toMatchObject({ ok: false, reason: 'size' });
    expect(save(fieldDxl('A', EDITABLE), { a: ['x'.repeat(70_000)] })).toMatchObject({ ok: false, reason: 'size' });
  });

  test('names the form by its last alias, as Notes does', () => {
    const dxl = "<database><form name='Title' alias='a|b'><body><richtext/></body></form></database>";
    const request = requestFor(
      dxl.replace("name='Title' alias='a|b'", "name='Title' alias='Test|Last'"),
      {},
      { mode: 'edit' },
    );
    expect(itemsOf(saveForm(request, new Map()))).toEqual({ Form: ['Last'] });
  });
});

test('a form opened again with what was entered computes anew', () => {
  const fields =
    fieldDxl('Name', EDITABLE) + fieldDxl('Hello', "type='text' kind='computed'", { defaultvalue: '"Hello " + Name' });
  const request = requestFor(databaseWith(`<par>${fields}</par>`), { Name: 'Bo', Hello: 'Hello Bo' }, { mode: 'edit' });
  const entered = withInput(request, new Map([['name', ['Ana']]]));
  expect(fieldOf(openForm({ ...request, fields: entered, refreshes: true }), 'Hello').text).toBe('Hello Ana');
});
