import { describe, expect, test } from 'vitest';
import { heartbeatItems } from '../../../src/notes/heartbeat-items.js';
import type { Items } from '../../../src/notes/item-value.js';
import { compileFormula } from '../../../src/notes/template/formula/compile.js';
import { text } from '../../../src/notes/template/formula/values.js';
import { descendants } from '../../../src/notes/template/xml-tree.js';
import { builtDxl, elementOf, runFormulaOf, treeOf } from '../../support/template.js';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);
const english = treeOf(builtDxl('en'));
const german = treeOf(builtDxl('de'));

function moment(secondsAgo: number): Items[string] {
  return { type: 'datetime', data: new Date(NOW - secondsAgo * 1000).toISOString() };
}

describe('form Presence', () => {
  const form = elementOf(english, 'form', { name: 'Presence' });
  const age = elementOf(form, 'field', { name: 'ShownSinceAge' });
  const germanAge = elementOf(elementOf(german, 'form', { name: 'Presence' }), 'field', { name: 'ShownSinceAge' });

  test.each([
    [0, 'less than a minute ago', 'vor weniger als einer Minute'],
    [59, 'less than a minute ago', 'vor weniger als einer Minute'],
    [60, 'a minute ago', 'vor einer Minute'],
    [120, '2 minutes ago', 'vor 2 Minuten'],
    [3599, '59 minutes ago', 'vor 59 Minuten'],
    [3600, 'an hour ago', 'vor einer Stunde'],
    [7200, '2 hours ago', 'vor 2 Stunden'],
    [47 * 3600, '47 hours ago', 'vor 47 Stunden'],
    [49 * 3600, '2 days ago', 'vor 2 Tagen'],
    // A clock that is ahead on the server must not give a negative age.
    [-30, 'less than a minute ago', 'vor weniger als einer Minute'],
  ])('%i seconds are "%s"', (seconds, en, de) => {
    const items = { StatusSince: moment(seconds) ?? '' };
    expect(runFormulaOf(age, items, { now: NOW })).toEqual(text(en));
    expect(runFormulaOf(germanAge, items, { now: NOW })).toEqual(text(de));
  });

  test.each([{}, { StatusSince: '' }, { StatusSince: 'yesterday' }])(
    'without a moment, as in %j, there is no age',
    (items: Items) => {
      expect(runFormulaOf(age, items, { now: NOW })).toEqual(text(''));
    },
  );

  test('the picture is that of the view', () => {
    const picture = elementOf(form, 'picture', { width: '16px' });
    expect(runFormulaOf(picture, { Status: 'busy', Activity: 'on-the-phone' })).toEqual(
      text('presence-on-the-phone.gif'),
    );
  });

  test('the window is titled with the name', () => {
    const title = elementOf(form, 'code', { event: 'windowtitle' });
    expect(runFormulaOf(title, { PersonName: 'CN=Ana Reyes/O=Contoso' })).toEqual(text('Ana Reyes'));
  });

  test.each([
    ['out-of-office', { OutOfOffice: '1' }, 0],
    ['out-of-office', { OutOfOffice: '' }, 1],
    ['out-of-office', {}, 1],
    ['note', { Note: 'In Madrid' }, 0],
    ['note', {}, 1],
  ] as const)('the paragraph "%s" of %j is hidden: %i', (id, items, hidden) => {
    expect(runFormulaOf(elementOf(form, 'pardef', { id }), items)).toEqual({ type: 'number', list: [hidden] });
  });
});

describe('form PresenceBridge', () => {
  const state = elementOf(elementOf(english, 'form', { name: 'PresenceBridge' }), 'field', { name: 'ShownState' });
  const record = {
    bridge: 'bridge-1',
    epoch: 1,
    version: '1.0.0',
    writtenAt: NOW,
    interval: 60_000,
    connected: true,
    ocs: { state: 'connected', since: NOW },
    notes: { state: 'connected', since: NOW },
    people: 3,
    reachable: 2,
    unknown: 0,
  } as const;

  test.each([
    ['is connected until three beats are missed', record, 179_000, /^Connected/],
    ['is silent from then on', record, 180_000, /^Silent/],
    ['confirms nothing while it is not signed in', { ...record, connected: false }, 1000, /^Not signed in/],
  ])('%s', (_, heartbeat, later, wanted) => {
    const value = runFormulaOf(state, heartbeatItems(heartbeat), { now: NOW + later });
    expect(value.type === 'text' ? value.list[0] : value.type).toMatch(wanted);
  });

  test('a document without moments is silent', () => {
    const value = runFormulaOf(state, { Form: 'PresenceBridge', Connected: '1' }, { now: NOW });
    expect(value.type === 'text' ? value.list[0] : value.type).toMatch(/^Silent/);
  });
});

describe('every formula of the template', () => {
  const formulas = [...descendants(english)].filter((element) => element.name === 'formula');

  test.each([{}, { Status: 1, Activity: 2, PersonName: 3, SipAddress: 4, StatusSince: 'x', OutOfOffice: 5, Note: 6 }])(
    'runs without an error on a document such as %j',
    (items: Items) => {
      expect(formulas.length).toBeGreaterThan(40);
      for (const element of formulas) {
        expect(compileFormula(element.text).ok).toBe(true);
        expect(runFormulaOf(element, items, { now: NOW }).type).not.toBe('error');
      }
    },
  );
});
