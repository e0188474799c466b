import { describe, expect, test } from 'vitest';
import { readDesign } from '../../../../src/notes/template/design/design.js';
import type { FormDesign, Inline } from '../../../../src/notes/template/design/form-model.js';
import { databaseWith } from '../../../support/forms.js';

function formOf(body: string, others = '', formParts = ''): FormDesign {
  const [form] = readDesign(databaseWith(body, others, formParts)).forms;
  if (!form) throw new Error('there is no form');
  return form;
}

/** What stands in the first paragraph. */
function partsOf(body: string): readonly Inline[] {
  const [paragraph] = formOf(body).body.filter(({ kind }) => kind === 'paragraph');
  return paragraph?.kind === 'paragraph' ? paragraph.parts : [];
}

describe('text of rich text', () => {
  test.each([
    ['one <run>two</run> three', ['one ', 'two', ' three']],
    ['\n    <run>a</run>\n    <run>b</run>\n  ', ['a', 'b']],
    ['one\n    two', ['one two']],
    ['one \n    two', ['one two']],
    ['one\t\n\n two', ['one\ttwo']],
    ['one  ', ['one  ']],
    ["<run keepindentation='true'>a\n b</run>", ['a\n b']],
  ])('takes white space of %o as an importer does', (source, texts) => {
    expect(partsOf(`<par>${source}</par>`).map((part) => (part.kind === 'text' ? part.text : part.kind))).toEqual(
      texts,
    );
  });

  test('keeps the indentation inside a block that says so', () => {
    const form = formOf("<block keepindentation='true'><par>a\n b</par></block>");
    expect(form.body).toMatchObject([{ parts: [{ text: 'a\n b' }] }]);
  });

  test('has the font of its run and breaks where they stand', () => {
    const run = "<run><font size='12pt' style='bold italic' color='red' name='serif'/>a<break/>b</run>c";
    expect(partsOf(`<par>${run}</par>`)).toMatchObject([
      { text: 'a', font: { size: 12, bold: true, italic: true, underline: false, color: '#ff0000', name: 'serif' } },
      { kind: 'break' },
      { text: 'b', font: { size: 12 } },
      { text: 'c', font: { size: undefined, bold: false } },
    ]);
  });
});

describe('paragraphs', () => {
  test('have the style they name, or that of the paragraph before', () => {
    const body =
      "<pardef id='1' leftmargin='1in' align='center' spacebefore='1.5' list='bullet' hide='print web'/><par def='1'>a</par><par>b</par>";
    const style = { leftMargin: { px: 96 }, align: 'center', spaceBefore: 1.5, list: 'bullet', hide: ['print', 'web'] };
    expect(formOf(body).body).toMatchObject([{ style }, { style }]);
  });

  test.each([
    ['0.5in', { px: 48 }],
    ['1cm', { px: 37.8 }],
    ['72pt', { px: 96 }],
    ['10px', { px: 10 }],
    ['50%', { percent: 50 }],
    ['wide', undefined],
    ['1e9in', undefined],
    ['999999in', undefined],
  ])('have the margin %s', (leftmargin, leftMargin) => {
    expect(formOf(`<pardef id='1' leftmargin='${leftmargin}'/><par def='1'/>`).body).toMatchObject([
      { style: { leftMargin } },
    ]);
  });
});

describe('parts of paragraphs', () => {
  test('fields have types, formats, formulas and choices', () => {
    const body = `<par><field name='Date' type='datetime' kind='computed' computeaftervalidation='true'><datetimeformat show='date' date='monthday'/></field>
      <field name='List' type='keyword' allowmultivalues='true' listinputseparators='semicolon newline' listdisplayseparator='semicolon' fieldhint='h' description='d'>
      <keywords ui='checkbox' allownew='true'><textlist><text>A|a</text></textlist></keywords>
      <code event='inputvalidation'><formula>@Success</formula></code></field></par>`;
    expect(partsOf(body)).toMatchObject([
      {
        field: {
          name: 'Date',
          kind: 'computed',
          timeParts: { date: 'month-day', time: 'none' },
          computesAfterValidation: true,
        },
      },
      {
        field: {
          name: 'List',
          kind: 'editable',
          takesSeveral: true,
          inputSeparators: ['semicolon', 'newline'],
          displaySeparator: 'semicolon',
          choices: { control: 'checkbox', entries: ['A|a'], takesNewWords: true },
          validation: { kind: 'formula' },
          translation: undefined,
          hint: 'h',
          help: 'd',
        },
      },
    ]);
  });

  test('pictures, buttons, rules, popups, hotspots and outlines are read', () => {
    const body = `<par><picture width='16px' height='16px' alttext='busy'><imageref name='busy.gif'/></picture><picture><gif>R0lGOD==</gif></picture><button>Press<code event='click'><formula>1</formula></code></button><horizrule height='2px' width='50%' color='red'/><popup><popuptext>why</popuptext>what</popup><actionhotspot>go<code event='click'><lotusscript>Beep</lotusscript></code></actionhotspot><embeddedoutline name='n' outline='Main' type='flat' targetframe='right'/></par>`;
    expect(partsOf(body)).toMatchObject([
      { kind: 'picture', source: 'busy.gif', alt: 'busy', width: 16, height: 16 },
      { kind: 'picture', source: { kind: 'data', type: 'image/gif' } },
      { kind: 'button', label: 'Press', click: { kind: 'formula' } },
      { kind: 'rule', height: 2, width: { percent: 50 }, color: '#ff0000' },
      { kind: 'popup', text: 'why', parts: [{ text: 'what' }] },
      { kind: 'hotspot', click: { kind: 'lotusscript', source: 'Beep' }, parts: [{ text: 'go' }] },
      { kind: 'outline', outline: 'Main', isTree: false, targetFrame: 'right' },
    ]);
  });

  test('what the model has no words for leaves a mark and is told with its line', () => {
    const form = formOf("\n<par>a<embeddedview name='v'/><attachmentref name='f'/></par>\n<compositedata/>");
    expect(form.body).toMatchObject([
      {
        parts: [
          { text: 'a' },
          { kind: 'undrawn', element: 'embeddedview' },
          { kind: 'undrawn', element: 'attachmentref' },
        ],
      },
      { kind: 'undrawn', element: 'compositedata' },
    ]);
    expect(form.undrawn.map(({ element, line }) => [element, line])).toEqual([
      ['embeddedview', 2],
      ['attachmentref', 2],
      ['compositedata', 3],
    ]);
  });

  test('what is only simplified is told as well', () => {
    const body =
      "<table rowdisplay='tabs'/><par><run html='true'>b</run><doclink/><picture><notesbitmap/></picture></par>";
    expect(formOf(body).undrawn.map(({ element }) => element)).toEqual(['table', 'run', 'doclink', 'picture']);
  });
});

describe('tables and sections', () => {
  test('tables have columns, borders, colours and spans', () => {
    const body = `<table widthtype='fitmargins' leftmargin='0.5in' cellbordercolor='#E3E7EC' rowspacing='0.25in' colorstyle='altrows' bgcolor='white' altbgcolor='silver'>
      <tablecolumn width='1in'/><tablecolumn sizetofit='true'/>
      <tablerow><tablecell columnspan='2' rowspan='-4' borderwidth='0px 0px 1px' bgcolor='yellow' valign='center' columnheader='true'><par>x</par></tablecell></tablerow></table>`;
    expect(formOf(body).body).toMatchObject([
      {
        kind: 'table',
        fits: 'fitmargins',
        leftMargin: { px: 48 },
        borderColor: '#e3e7ec',
        rowSpacing: 24,
        colorStyle: 'altrows',
        background: '#ffffff',
        otherBackground: '#c0c0c0',
        columnWidths: [{ px: 96 }, undefined],
        rows: [
          [
            {
              columnSpan: 2,
              rowSpan: 1,
              borders: [0, 0, 1, 0],
              background: '#ffff00',
              align: 'center',
              isHeader: true,
            },
          ],
        ],
      },
    ]);
  });

  test.each([
    ["onread='expand' onedit='collapse'", { read: true, edit: false }],
    ["expanded='true'", { read: true, edit: true }],
    ["expanded='true' onread='collapse'", { read: false, edit: true }],
    ['', { read: false, edit: false }],
  ])('a section with %s is open: %o', (attributes, isOpen) => {
    const body = `<section ${attributes}><sectiontitle color='red' hidewhenexpanded='true'><font style='bold'/><text>More</text></sectiontitle><par>in</par></section>`;
    expect(formOf(body).body).toMatchObject([
      {
        kind: 'section',
        title: 'More',
        isOpen,
        titleFont: { bold: true },
        hidesTitleWhenOpen: true,
        blocks: [{ kind: 'paragraph' }],
      },
    ]);
  });
});

test('a form has its names, events and how it opens', () => {
  const dxl = `<database><form name='A Form' alias='F1|F2' editonopen='true' nocompose='true' bgcolor='silver'>
    <code event='windowtitle'><formula>"t"</formula></code><code event='queryopen'><lotusscript>Sub</lotusscript></code>
    <code event='onLoad' for='web'><javascript>x</javascript></code><body><richtext/></body></form></database>`;
  const [form] = readDesign(dxl).forms;
  expect(form).toMatchObject({
    kind: 'form',
    title: 'A Form',
    alias: 'F1',
    names: ['A Form', 'F1', 'F2'],
    opensInEditMode: true,
    isInMenu: false,
    background: '#c0c0c0',
  });
  expect([...(form?.events.keys() ?? [])]).toEqual(['queryopen']);
});
