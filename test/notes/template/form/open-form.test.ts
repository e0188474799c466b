import { describe, expect, test } from 'vitest';
import type { FormulaEffect } from '../../../../src/notes/template/formula/effects.js';
import { TIME_STYLES } from '../../../../src/notes/template/formula/time-text.js';
import { databaseWith, fieldDxl, fieldOf, inlinesOf, openTest, wordsOf, xml } from '../../../support/forms.js';

const DISPLAY = "type='text' kind='computedfordisplay'";
const EDITABLE = "type='text' kind='editable'";

function hidden(id: string, formula: string): string {
  return `<pardef id='${id}'><code event='hidewhen'><formula>${xml(formula)}</formula></code></pardef>`;
}

describe('fields of an open form', () => {
  test('are computed in their order, so that a later formula sees an earlier field', () => {
    const body = `<par>${fieldDxl('First', DISPLAY, { defaultvalue: '"a" + Stored' })}</par><par>${fieldDxl('Second', DISPLAY, { defaultvalue: 'First + First' })}</par>`;
    expect(fieldOf(openTest(databaseWith(body), { Stored: '!' }), 'Second').text).toBe('a!a!');
  });

  test('an earlier formula does not see a later field', () => {
    const body = `<par>${fieldDxl('First', DISPLAY, { defaultvalue: '"<" + Second + ">"' })}</par><par>${fieldDxl('Second', DISPLAY, { defaultvalue: '"x"' })}</par>`;
    expect(fieldOf(openTest(databaseWith(body)), 'First').text).toBe('<>');
  });

  test('that are stored stay as they are when a document is only read', () => {
    const body = `<par>${fieldDxl('Sum', "type='number' kind='computed'", { defaultvalue: '1 + 1' })}</par>`;
    expect(fieldOf(openTest(databaseWith(body), { Sum: 5 }), 'Sum').text).toBe('5');
    expect(fieldOf(openTest(databaseWith(body), { Sum: 5 }, { refreshes: true }), 'Sum').text).toBe('2');
    expect(fieldOf(openTest(databaseWith(body)), 'Sum').text).toBe('2');
  });

  test('that are computed when composed keep their first value', () => {
    const body = `<par>${fieldDxl('Made', "type='text' kind='computedwhencomposed'", { defaultvalue: '"now"' })}</par>`;
    expect(fieldOf(openTest(databaseWith(body), {}, { isNew: true }), 'Made').text).toBe('now');
    expect(fieldOf(openTest(databaseWith(body), { Made: 'then' }, { refreshes: true }), 'Made').text).toBe('then');
    expect(fieldOf(openTest(databaseWith(body)), 'Made').text).toBe('');
  });

  test('begin with their default in a new document only', () => {
    const body = `<par>${fieldDxl('Name', EDITABLE, { defaultvalue: '@UserName' })}</par>`;
    const formulas = { userName: 'CN=Ana Reyes/O=Contoso' };
    expect(fieldOf(openTest(databaseWith(body), {}, { isNew: true, mode: 'edit', formulas }), 'Name')).toMatchObject({
      text: 'CN=Ana Reyes/O=Contoso',
      isEditable: true,
    });
    expect(fieldOf(openTest(databaseWith(body), {}, { mode: 'edit', formulas }), 'Name').text).toBe('');
  });

  test('in hidden paragraphs are computed as well', () => {
    const body = `${hidden('h', '1')}<par def='h'>${fieldDxl('Hidden', DISPLAY, { defaultvalue: '"seen"' })}</par><pardef id='p'/><par def='p'>${fieldDxl('Shown', DISPLAY, { defaultvalue: 'Hidden' })}</par>`;
    const open = openTest(databaseWith(body));
    expect(wordsOf(open)).toEqual(['seen']);
    expect(open.values.get('hidden')).toEqual({ type: 'text', list: ['seen'] });
  });

  test('show the error value of their formula, and the form names the field', () => {
    const body = `<par>${fieldDxl('Bad', DISPLAY, { defaultvalue: '1 + "a"' })}${fieldDxl('After', DISPLAY, { defaultvalue: 'Bad' })}</par>`;
    const open = openTest(databaseWith(body));
    expect(fieldOf(open, 'Bad').text).toBe('ERROR: Incorrect data type for operator or @Function');
    expect(fieldOf(open, 'After').error).toBeDefined();
    expect(open.faults.map(({ where }) => where)).toEqual(['field Bad', 'field After']);
  });

  test('whose formula cannot be read show an error with the line', () => {
    const body = `\n<par>${fieldDxl('Bad', DISPLAY, { defaultvalue: '@NoSuch(1)' })}</par>`;
    expect(fieldOf(openTest(databaseWith(body)), 'Bad').text).toBe('ERROR: line 2: the function @nosuch is not known');
  });

  test('see whether the document is new and edited', () => {
    const body = `<par>${fieldDxl('Facts', DISPLAY, { defaultvalue: '@Text(@IsNewDoc) + @Text(@IsDocBeingEdited) + @ThisName' })}</par>`;
    expect(fieldOf(openTest(databaseWith(body), {}, { isNew: true, mode: 'edit' }), 'Facts').text).toBe('11Facts');
    expect(fieldOf(openTest(databaseWith(body)), 'Facts').text).toBe('00Facts');
  });

  test('set other fields by FIELD when formulas may act', () => {
    const effects: FormulaEffect[] = [];
    const body = `<par>${fieldDxl('One', DISPLAY, { defaultvalue: 'FIELD Other := "set"; "x"' })}${fieldDxl('Two', DISPLAY, { defaultvalue: 'Other' })}</par>`;
    const open = openTest(databaseWith(body), {}, { formulas: { effects: (effect) => effects.push(effect) } });
    expect(fieldOf(open, 'Two').text).toBe('set');
    expect(effects).toMatchObject([{ kind: 'set-field', name: 'Other' }]);
    expect(open.effects).toEqual(effects);
  });
});

describe('what fields show', () => {
  test('times by the format of the field and the style of the reader', () => {
    const format = "<datetimeformat show='date'/>";
    const body = `<par>${fieldDxl('When', "type='datetime' kind='computed'", {}, format)}</par>`;
    const formulas = { timeStyle: { ...TIME_STYLES.de, zone: 'Europe/Berlin' } };
    const items = { When: { type: 'datetime', data: '2026-01-05T23:30:00Z' } } as const;
    expect(fieldOf(openTest(databaseWith(body), items, { formulas }), 'When').text).toBe('06.01.2026');
  });

  test.each([
    ["digits='2' format='fixed'", 1234.5, 'en', '1234.50'],
    ["digits='2' format='fixed' punctuated='true'", 1234.5, 'de', '1.234,50'],
    ["percent='true' digits='0' format='fixed'", 0.25, 'en', '25%'],
    ["parens='true'", -3, 'en', '(3)'],
    ["format='scientific' digits='1'", 12345, 'en', '1.2E+4'],
    ['', -0.5, 'de', '-0,5'],
  ])('numbers by the format %s', (format, value, language, shown) => {
    const inner = `<numberformat ${format}/>`;
    const body = `<par>${fieldDxl('N', "type='number' kind='computed'", {}, inner)}</par>`;
    expect(fieldOf(openTest(databaseWith(body), { N: value }, { language }), 'N').text).toBe(shown);
  });

  test.each([
    ['comma', 'a, b'],
    ['semicolon', 'a; b'],
    ['newline', 'a\nb'],
    ['blankline', 'a\n\nb'],
    ['space', 'a b'],
    ['none', 'ab'],
  ])('lists with the separator %s', (separator, shown) => {
    const body = `<par>${fieldDxl('L', `type='text' allowmultivalues='true' listdisplayseparator='${separator}'`)}</par>`;
    expect(fieldOf(openTest(databaseWith(body), { L: ['a', 'b'] }), 'L').text).toBe(shown);
  });

  test('names abbreviated', () => {
    const body = `<par>${fieldDxl('Who', "type='names' kind='editable' allowmultivalues='true'")}</par>`;
    const items = { Who: ['CN=Ana Reyes/OU=Sales/O=Contoso', 'Sales Team'] };
    expect(fieldOf(openTest(databaseWith(body), items), 'Who').text).toBe('Ana Reyes/Sales/Contoso, Sales Team');
  });

  test('the label of a chosen word, and passwords as stars', () => {
    const keywords =
      "<keywords ui='radiobutton'><textlist><text>Chat by im|im</text><text>Chat by sip|sip</text></textlist></keywords>";
    const body = `<par>${fieldDxl('Scheme', "type='keyword' kind='editable'", {}, keywords)}${fieldDxl('Secret', "type='password'")}</par>`;
    const open = openTest(databaseWith(body), { Scheme: 'sip', Secret: 'word' });
    expect(wordsOf(open)).toEqual(['Chat by sip', '****']);
    expect(fieldOf(open, 'Scheme').choices?.entries).toEqual([
      { label: 'Chat by im', value: 'im', isChosen: false },
      { label: 'Chat by sip', value: 'sip', isChosen: true },
    ]);
  });

  test('choices that a formula gives', () => {
    const keywords = '<keywords ui=\'combobox\'><formula>"one" : Extra</formula></keywords>';
    const body = `<par>${fieldDxl('K', "type='keyword'", {}, keywords)}</par>`;
    expect(
      fieldOf(openTest(databaseWith(body), { Extra: 'two' }), 'K').choices?.entries.map(({ value }) => value),
    ).toEqual(['one', 'two']);
  });

  test('at most a thousand entries, and such a field cannot be edited', () => {
    const body = `<par>${fieldDxl('L', "type='text' allowmultivalues='true'")}</par>`;
    const open = openTest(databaseWith(body), { L: Array.from({ length: 5000 }, () => 'x') }, { mode: 'edit' });
    expect(fieldOf(open, 'L')).toMatchObject({ isEditable: false });
    expect(fieldOf(open, 'L').texts).toHaveLength(1001);
  });
});

describe('what an open form hides', () => {
  test('paragraphs by their hide-when', () => {
    const body = `${hidden('h', 'Status != "busy"')}<par def='h'>busy</par><pardef id='p'/><par def='p'>always</par>`;
    expect(wordsOf(openTest(databaseWith(body), { Status: 'busy' }))).toEqual(['busy', 'always']);
    expect(wordsOf(openTest(databaseWith(body), { Status: 'away' }))).toEqual(['always']);
  });

  test('nothing when the hide-when fails, which is told', () => {
    const open = openTest(databaseWith(`${hidden('h', '1 + "a"')}<par def='h'>text</par>`));
    expect(wordsOf(open)).toEqual(['text']);
    expect(open.faults).toMatchObject([{ where: 'hide-when of a paragraph' }]);
  });

  test('nothing by a hide-when that is switched off', () => {
    const off = "<pardef id='h'><code event='hidewhen' enabled='false'><formula>1</formula></code></pardef>";
    expect(wordsOf(openTest(databaseWith(`${off}<par def='h'>text</par>`)))).toEqual(['text']);
  });

  test.each([
    ['read', { mode: 'read' }, []],
    ['read', { mode: 'edit' }, ['text']],
    ['edit', { mode: 'edit' }, []],
    ['print copy web mobile', { mode: 'read' }, ['text']],
    ['notes', { mode: 'read' }, []],
    ['notes', { mode: 'read', client: 'web' }, ['text']],
  ] as const)('paragraphs with hide="%s" for %o', (hide, options, words) => {
    expect(
      wordsOf(openTest(databaseWith(`<pardef id='p' hide='${hide}'/><par def='p'>text</par>`), {}, options)),
    ).toEqual(words);
  });

  test('rows of a table of which everything is hidden', () => {
    const row = (def: string, word: string): string =>
      `<tablerow><tablecell><par def='${def}'>${word}</par></tablecell></tablerow>`;
    const body = `${hidden('h', '1')}<pardef id='p'/><table><tablecolumn/>${row('h', 'gone')}${row('p', 'here')}</table>`;
    const [table] = openTest(databaseWith(body)).blocks;
    expect(table?.kind === 'table' && table.rows.length).toBe(1);
  });

  test('a section by the style of its title', () => {
    const section = "<section><sectiontitle pardef='h'><text>More</text></sectiontitle><par>inside</par></section>";
    expect(openTest(databaseWith(`${hidden('h', '1')}${section}`)).blocks).toEqual([]);
  });
});

describe('what an open form computes', () => {
  test('the title of its window, and the form says its own without one', () => {
    const title = '<code event=\'windowtitle\'><formula>"About " + Name</formula></code>';
    expect(openTest(databaseWith('', '', title), { Name: 'Ana' }).windowTitle).toBe('About Ana');
    expect(openTest(databaseWith('')).windowTitle).toBe('Test');
  });

  test('text, names of pictures and titles of sections', () => {
    const code = (formula: string): string => `<code event='value'><formula>${xml(formula)}</formula></code>`;
    const body = `<par><computedtext>${code('"on " + Day')}</computedtext><picture alttext='p'><imageref>${code('Day + ".gif"')}</imageref></picture></par>
      <section onread='expand'><sectiontitle>${code('"More of " + Day')}</sectiontitle><par>in</par></section>`;
    const open = openTest(databaseWith(body), { Day: 'Monday' });
    expect(inlinesOf(open.blocks)).toMatchObject([
      { kind: 'text', text: 'on Monday' },
      { kind: 'picture', image: 'Monday.gif', alt: 'p' },
      { kind: 'text', text: 'in' },
    ]);
    expect(open.blocks[1]).toMatchObject({ kind: 'section', title: 'More of Monday', isOpen: true });
  });

  test('no picture where its formula names none', () => {
    const picture = '<picture><imageref><code event=\'value\'><formula>""</formula></code></imageref></picture>';
    expect(inlinesOf(openTest(databaseWith(`<par>${picture}</par>`)).blocks)).toEqual([]);
  });

  test('the addresses of links', () => {
    const body = `<par><urllink><code event='value'><formula>"sip:" + Address</formula></code>chat</urllink>
      <namedelementlink type='view' name='People'>all</namedelementlink></par>`;
    expect(inlinesOf(openTest(databaseWith(body), { Address: 'ana@x' }).blocks)).toMatchObject([
      { kind: 'link', target: { kind: 'url', address: 'sip:ana@x' }, parts: [{ text: 'chat' }] },
      { kind: 'link', target: { kind: 'element', type: 'view', name: 'People' } },
    ]);
  });
});

describe('subforms of an open form', () => {
  const subform = (name: string, body: string): string =>
    `<subform name='${name}'><body><richtext>${body}</richtext></body></subform>`;

  test('stand in its place with their fields and actions', () => {
    const badge = `<subform name='Badge'><actionbar><action title='Chat'><code event='click'><formula>1</formula></code></action></actionbar><body><richtext><par>${fieldDxl('Inner', DISPLAY, { defaultvalue: 'Outer' })}</par></richtext></body></subform>`;
    const body = `<par>${fieldDxl('Outer', DISPLAY, { defaultvalue: '"o"' })}</par><subformref name='badge'/><par>end</par>`;
    const open = openTest(databaseWith(body, badge));
    expect(wordsOf(open)).toEqual(['o', 'o', 'end']);
    expect(open.actions.map(({ label }) => label)).toEqual(['Chat']);
  });

  test('may be chosen by a formula over the stored items', () => {
    const body = "<subformref><code event='value'><formula>Kind</formula></code></subformref>";
    const others = subform('A', '<par>is A</par>') + subform('B', '<par>is B</par>');
    expect(wordsOf(openTest(databaseWith(body, others), { Kind: 'B' }))).toEqual(['is B']);
    expect(wordsOf(openTest(databaseWith(body, others), { Kind: '' }))).toEqual([]);
  });

  test('that are not there are told and leave a note', () => {
    const open = openTest(databaseWith("<subformref name='Gone'/>"));
    expect(open.blocks).toEqual([{ kind: 'undrawn', element: 'subformref' }]);
    expect(open.faults).toEqual([{ where: 'subform Gone', reason: 'there is no such subform' }]);
  });

  test('that contain themselves, or each other many times, come to an end', () => {
    const self = subform('Self', "<par>x</par><subformref name='Self'/>");
    expect(wordsOf(openTest(databaseWith("<subformref name='Self'/>", self)))).toHaveLength(10);
    const wide = ['A', 'B', 'C', 'D']
      .map((name, index, all) => subform(name, `<subformref name='${all[index + 1] ?? 'E'}'/>`.repeat(10)))
      .join('');
    expect(openTest(databaseWith("<subformref name='A'/>", wide)).faults.at(-1)?.reason).toMatch(
      /more than 100|no such/,
    );
  });
});

describe('actions of an open form', () => {
  const bar = (actions: string): string => `<actionbar>${actions}</actionbar>`;
  const action = (attributes: string, codes: Readonly<Record<string, string>>): string =>
    `<action ${attributes}>${Object.entries(codes)
      .map(([event, formula]) => `<code event='${event}'><formula>${xml(formula)}</formula></code>`)
      .join('')}</action>`;

  test('have labels, visibility and what they do', () => {
    const actions = bar(
      action("title='Edit' systemcommand='edit' hide='edit'", {}) +
        action("title='x'", { label: '"Chat with " + Name', click: '@URLOpen("im:ana")' }) +
        action("title='Call'", { click: '1', hidewhen: 'Phone = ""' }),
    );
    const open = openTest(databaseWith('', '', actions), { Name: 'Ana' });
    expect(open.actions).toMatchObject([
      { label: 'Edit', systemCommand: 'edit' },
      { label: 'Chat with Ana', kind: 'button', isInBar: true },
    ]);
    const edited = openTest(databaseWith('', '', actions), { Name: 'Ana', Phone: '1' }, { mode: 'edit' });
    expect(edited.actions.map(({ label }) => label)).toEqual(['Chat with Ana', 'Call']);
    expect(open.clicks.get(open.actions[1]?.id ?? '')?.kind).toBe('formula');
  });

  test('keep their ids whatever else is hidden', () => {
    const click = (word: string): string => action(`title='${word}'`, { click: '1', hidewhen: `Hide = "${word}"` });
    const dxl = databaseWith('', '', bar(`${click('A')}\n${click('B')}`));
    const all = openTest(dxl).actions;
    expect(openTest(dxl, { Hide: 'A' }).actions).toEqual([all[1]]);
  });

  test('are taken from the shared actions by number', () => {
    const shared = "<sharedactions><action id='7' title='Shared'/></sharedactions>";
    const open = openTest(databaseWith('', shared, bar("<sharedactionref id='7'/><sharedactionref id='8'/>")));
    expect(open.actions.map(({ label }) => label)).toEqual(['Shared']);
    expect(open.undrawn).toMatchObject([{ element: 'sharedactionref', reason: 'there is no shared action "8"' }]);
  });
});
