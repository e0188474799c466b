import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Items, ItemValue } from '../../../../src/notes/item-value.js';
import type { OpenRequest } from '../../../../src/notes/template/form/form-session.js';
import { escapeHtml, html } from '../../../../src/notes/template/preview/html.js';
import { type FormHtml, formHtml } from '../../../../src/notes/template/preview/rich-text-html.js';
import type { RichTextOptions } from '../../../../src/notes/template/preview/rich-text-options.js';
import { descendants, type XmlElement } from '../../../../src/notes/template/xml-tree.js';
import { databaseWith, fieldDxl, openTest, xml } from '../../../support/forms.js';
import { treeOf } from '../../../support/template.js';

const OPTIONS: RichTextOptions = {
  images: new Map([['busy.gif', { label: 'Busy' }]]),
  pictureUrl: (image) => (typeof image === 'string' && image.includes('/') ? undefined : '/image/x'),
};

function drawn(
  body: string,
  items: Items = {},
  request: Partial<Omit<OpenRequest, 'form' | 'subforms' | 'fields'>> = {},
  options: Partial<RichTextOptions> = {},
  formParts = '',
): FormHtml {
  return formHtml(openTest(databaseWith(body, '', formParts), items, request), { ...OPTIONS, ...options });
}

/** The elements of a drawn form, which must be well-formed. */
function elements(source: string, name: string): XmlElement[] {
  return [...descendants(treeOf(source))].filter((element) => element.name === name);
}

function attributesOf(element: XmlElement | undefined): Record<string, string> {
  return Object.fromEntries(element?.attributes ?? []);
}

const EDIT = { mode: 'edit' } as const;

describe('a form as HTML', () => {
  test('has its text in paragraphs, with styles as classes of a style sheet', () => {
    const { html: body, css } = drawn(
      "<pardef id='1' leftmargin='0.5in' align='center' spacebefore='1.5'/><par def='1'><run><font size='12pt' style='bold' color='#5b6673'/>a &amp; b</run></par><par/>",
    );
    expect(body).toBe(
      '<div class="notes-form mode-read " data-form="Test"><div class="par rt1"><span class="rt2">a &amp; b</span></div><div class="par rt1"><br/></div></div>',
    );
    expect(css).toContain('.rt1{text-align:center;margin-left:48px;margin-top:0.5em}');
    expect(css).toContain('.rt2{font-size:12pt;color:#5b6673;font-weight:bold}');
  });

  test('makes lists of paragraphs with the same kind of marks', () => {
    const body =
      "<pardef id='b' list='bullet'/><pardef id='n' list='number'/><par def='b'>1</par><par def='b'>2</par><par def='n'>3</par>";
    const { html: source, css } = drawn(body);
    expect(elements(source, 'ul').map((list) => list.children.length)).toEqual([2]);
    expect(elements(source, 'ol').map((list) => list.children.length)).toEqual([1]);
    expect(css).toContain('list-style-type:decimal');
  });

  test('draws pictures with words', () => {
    const body =
      "<par><picture alttext='Her status' width='16px' height='15px'><imageref name='busy.gif'/></picture><picture><imageref name='busy.gif'/></picture><picture><imageref name='a/b'/></picture></par>";
    const { html: source } = drawn(body);
    expect(elements(source, 'img').map(attributesOf)).toEqual([
      { class: 'notes-picture align-baseline', src: '/image/x', alt: 'Her status', width: '16', height: '15' },
      { class: 'notes-picture align-baseline', src: '/image/x', alt: 'Busy' },
    ]);
    expect(source).toContain('is-missing">a/b</span>');
  });

  test('draws tables with columns, borders and spans; only those with headers are tables for a screen reader', () => {
    const cell = "<tablecell borderwidth='0px 0px 1px' columnspan='2'><par>x</par></tablecell>";
    const table = (inner: string): string =>
      `<table widthtype='fitmargins' leftmargin='0.5in' cellbordercolor='#e3e7ec'><tablecolumn width='1in'/><tablecolumn width='3in'/><tablerow>${inner}</tablerow></table>`;
    const { html: source, css } = drawn(
      table(cell) + table(cell.replace('<tablecell', "<tablecell columnheader='true'")),
    );
    expect(elements(source, 'table').map((element) => element.attributes.get('role'))).toEqual([
      'presentation',
      undefined,
    ]);
    expect(elements(source, 'td').map((element) => element.attributes.get('colspan'))).toEqual(['2']);
    expect(elements(source, 'th').map((element) => element.attributes.get('scope'))).toEqual(['col']);
    expect(css).toContain('width:25%');
    expect(css).toContain('width:75%');
    expect(css).toContain('width:calc(100% - 48px);margin-left:48px');
    expect(css).toContain('border:0 solid #e3e7ec;border-width:0px 0px 1px 0px');
  });

  test('spreads the two colours of a table', () => {
    const row = '<tablerow><tablecell/><tablecell/></tablerow>';
    const { html: source, css } = drawn(
      `<table colorstyle='altrows' bgcolor='white' altbgcolor='silver'>${row}${row}</table>`,
    );
    const classes = elements(source, 'td').map((cell) => cell.attributes.get('class'));
    expect(new Set(classes).size).toBe(2);
    expect(css).toMatch(/background-color:#ffffff[\s\S]*background-color:#c0c0c0/);
  });

  test('draws sections that open', () => {
    const section = "<section onread='expand'><sectiontitle><text>More</text></sectiontitle><par>in</par></section>";
    const [details] = elements(drawn(section).html, 'details');
    expect(attributesOf(details)).toMatchObject({ open: 'open' });
    expect(drawn(section, {}, EDIT).html).not.toContain('open=');
  });

  test('draws the title of a section with the margin of its style', () => {
    const { html: source, css } = drawn(
      "<pardef id='s' leftmargin='0.5in'/><section><sectiontitle pardef='s' color='red' borderstyle='single'><text>More</text></sectiontitle></section>",
    );
    expect(attributesOf(elements(source, 'summary')[0])).toEqual({ class: 'rt1' });
    expect(css).toContain('.rt1{margin-left:48px;border-bottom:1px solid #ff0000}');
  });

  test('links only to addresses that run nothing', () => {
    const link = (href: string): string => `<urllink href='${href}'>x</urllink>`;
    const { html: source } = drawn(
      `<par>${link('https://example.com/?a=1')}${link('sip:ana@x')}${link('javascript:alert(1)')}${link('data:text/html,x')}${link(' JaVaScript:x')}</par>`,
    );
    expect(elements(source, 'a').map((a) => a.attributes.get('href'))).toEqual([
      'https://example.com/?a=1',
      'sip:ana@x',
    ]);
  });

  test('links to elements where the page has a place for them', () => {
    const link = "<par><namedelementlink type='view' name='People' targetframe='right'>x</namedelementlink></par>";
    const { html: source } = drawn(link, {}, {}, { elementUrl: ({ type, name }) => `/${type}/${name}` });
    expect(attributesOf(elements(source, 'a')[0])).toMatchObject({ href: '/view/People', 'data-frame': 'right' });
    expect(elements(drawn(link).html, 'a')).toEqual([]);
  });

  test('lets the page draw outlines, and notes what is not drawn', () => {
    const body = "<par><embeddedoutline outline='Main'/><embeddedview name='v'/></par>";
    const { html: source } = drawn(
      body,
      {},
      {},
      { outline: ({ outline }) => html`<nav>${outline}</nav>`, undrawn: (element) => `no ${element}` },
    );
    expect(source).toContain('<nav>Main</nav><span class="undrawn">no embeddedview</span>');
  });

  test('has its actions in a bar, with menus', () => {
    const bar = `<actionbar><action title='Edit' systemcommand='edit'/><action title='More\\One'><code event='click'><formula>1</formula></code></action><action title='More\\Two'/><action title='Not here' showinbar='false'/></actionbar>`;
    const { actionBar } = drawn('', {}, {}, {}, bar);
    expect(elements(actionBar, 'button').map((button) => button.text)).toEqual(['Edit', 'One', 'Two']);
    expect(attributesOf(elements(actionBar, 'button')[0])).toMatchObject({ 'data-command': 'edit', type: 'button' });
    expect(elements(actionBar, 'summary').map(({ text }) => text)).toEqual(['More']);
    expect(drawn('').actionBar).toBe('');
  });
});

describe('fields as HTML', () => {
  const keywords = (ui: string, more = ''): string =>
    `<keywords ui='${ui}' ${more}><textlist><text>Busy|busy</text><text>Away|away</text></textlist></keywords>`;
  const choice = (ui: string, attributes = '', more = ''): string =>
    `<par>${fieldDxl('K', `type='keyword' ${attributes}`, {}, keywords(ui, more))}</par>`;

  test('are text when they are read, with line breaks', () => {
    const body = `<par>${fieldDxl('T', "type='text' listdisplayseparator='newline'")}</par>`;
    expect(drawn(body, { T: ['a', 'b'] }).html).toMatch(/data-field="T">a<br\/>b<\/span>/);
  });

  test('are inputs when they can be typed into', () => {
    const body = `<par>${fieldDxl('T', "type='text' fieldhint='hint' description='What for'")}${fieldDxl('C', "type='text' kind='computed'")}</par>`;
    const { html: source } = drawn(body, { T: 'x"y', C: 'c' }, EDIT);
    expect(elements(source, 'input').map(attributesOf)).toEqual([
      {
        class: 'field-input',
        name: 'T',
        'aria-label': 'What for',
        placeholder: 'hint',
        type: 'text',
        value: 'x"y',
        autocomplete: 'off',
      },
    ]);
  });

  test('are areas when they have several lines', () => {
    const body = `<par>${fieldDxl('T', "type='text' multiline='true'")}</par>`;
    expect(elements(drawn(body, { T: 'a\nb' }, EDIT).html, 'textarea')[0]?.text).toBe('\na\nb');
  });

  test('never send passwords back', () => {
    const body = `<par>${fieldDxl('P', "type='password'")}</par>`;
    expect(drawn(body, { P: 'secret' }, EDIT).html).not.toContain('secret');
    expect(drawn(body, { P: 'secret' }).html).not.toContain('secret');
  });

  test('offer choices as boxes, buttons and lists', () => {
    const boxes = elements(drawn(choice('checkbox'), { K: ['busy'] }, EDIT).html, 'input');
    expect(boxes.map((box) => [box.attributes.get('type'), box.attributes.get('checked')])).toEqual([
      ['checkbox', 'checked'],
      ['checkbox', undefined],
    ]);
    expect(
      elements(drawn(choice('radiobutton'), {}, EDIT).html, 'input').map((box) => box.attributes.get('type')),
    ).toEqual(['radio', 'radio']);
    const select = drawn(choice('combobox'), { K: 'away' }, EDIT).html;
    expect(elements(select, 'option').map((option) => [option.text, option.attributes.get('selected')])).toEqual([
      ['Busy', undefined],
      ['Away', 'selected'],
    ]);
    expect(
      elements(drawn(choice('listbox', "allowmultivalues='true'"), {}, EDIT).html, 'select').map(attributesOf),
    ).toMatchObject([{ multiple: 'multiple' }]);
    expect(elements(drawn(choice('dialoglist', '', "allownew='true'"), {}, EDIT).html, 'datalist')).toHaveLength(1);
  });

  test('keep a stored value that is no longer offered', () => {
    const select = drawn(choice('combobox'), { K: 'gone' }, EDIT).html;
    expect(elements(select, 'option').map((option) => option.attributes.get('value'))).toEqual([
      'busy',
      'away',
      'gone',
    ]);
  });
});

describe('hostile values', () => {
  const FIELDS = `<par>${fieldDxl('T', "type='text' allowmultivalues='true'")}${fieldDxl('N', "type='names'")}<computedtext><code event='value'><formula>@Text(T)</formula></code></computedtext></par>
    <par><picture><imageref><code event='value'><formula>@Text(@Subset(T; 1))</formula></code></imageref></picture><urllink><code event='value'><formula>@Text(@Subset(T; 1))</formula></code>x</urllink></par>
    <par>${fieldDxl('K', "type='keyword' kind='editable'", {}, '<keywords><formula>T</formula></keywords>')}${fieldDxl('D', "type='datetime'")}${fieldDxl('R', "type='number'")}</par>`;
  const BAR = `<actionbar><action><code event='label'><formula>${xml('@Text(@Subset(T; 1))')}</formula></code></action></actionbar>`;

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onclick='x",
    '</textarea><b>',
    '\u0000\u0007\u009f\ufffe',
    '\ud800',
    ']]>',
    '&lt;',
    'javascript:alert(1)',
  ])('stay text: %j', (value) => {
    for (const mode of ['read', 'edit'] as const) {
      const { html: source, actionBar } = drawn(
        FIELDS,
        { T: [value, 'x'], N: value, K: value },
        { mode },
        { pictureUrl: (image) => `/i/${String(image)}` },
        BAR,
      );
      const all = [...descendants(treeOf(source)), ...descendants(treeOf(actionBar))];
      expect(all.filter(({ name }) => ['script', 'b'].includes(name))).toEqual([]);
      expect(
        all.flatMap(({ attributes }) => [...attributes.keys()]).filter((name) => /^on|^style$/.test(name)),
      ).toEqual([]);
      expect(all.map(({ attributes }) => attributes.get('href')).filter((href) => href !== undefined)).toEqual([]);
    }
  });

  test('of the design cannot leave the style sheet', () => {
    const body =
      "<pardef id='1' leftmargin='1in;}body{display:none'/><par def='1'><run><font name='x\";}*{color:red' color='red;}' size='3pt}'/>a</run></par>";
    const { css } = drawn(body);
    expect(css).not.toMatch(/display:none|\*\{/);
  });

  test('that are huge are cut', () => {
    const items = { T: Array.from({ length: 20_000 }, () => 'x'.repeat(50)), N: 'y'.repeat(1_000_000) };
    expect(drawn(FIELDS, items).html.length).toBeLessThan(400_000);
  });

  const value: fc.Arbitrary<ItemValue> = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.double(),
    fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
    fc.array(fc.double(), { maxLength: 5 }),
    fc.record({
      type: fc.constant('datetime' as const),
      data: fc.oneof(
        fc.string(),
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
    }),
    fc.record({ type: fc.constant('text' as const), data: fc.array(fc.string(), { maxLength: 3 }) }),
  );

  const NAMES =
    'par run font field table tablerow tablecell section sectiontitle picture imageref gif button popup urllink computedtext subformref block break horizrule strange code'.split(
      ' ',
    );
  const ATTRIBUTES =
    'name type kind width leftmargin color style size href rowspan columnspan borderwidth list id def onread event'.split(
      ' ',
    );
  const { element } = fc.letrec<{ element: string; part: string }>((tie) => ({
    element: fc
      .tuple(
        fc.constantFrom(...NAMES),
        fc.dictionary(
          fc.constantFrom(...ATTRIBUTES),
          fc.oneof(fc.string(), fc.constantFrom('1px', '100%', 'text', 'value', '-1')),
        ),
        fc.array(tie('part'), { maxLength: 4 }),
      )
      .map(([name, attributes, parts]) => {
        const written = Object.entries(attributes).map(([key, word]) => ` ${key}="${escapeHtml(word)}"`);
        return `<${name}${written.join('')}>${parts.join('')}</${name}>`;
      }),
    part: fc.oneof({ depthSize: 'small' }, fc.string().map(escapeHtml), tie('element')),
  }));

  test('of the design, and elements anywhere, give well-formed HTML and never throw', () => {
    fc.assert(
      fc.property(
        fc.array(element, { maxLength: 5 }),
        fc.constantFrom('read' as const, 'edit' as const),
        (body, mode) => {
          treeOf(drawn(body.join(''), {}, { mode }).html);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of any kind give well-formed HTML and never throw', () => {
    const items = fc.record({ T: value, N: value, K: value, D: value, R: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(items, fc.constantFrom('read' as const, 'edit' as const), fc.boolean(), (some, mode, isNew) => {
        const { html: source, actionBar } = drawn(FIELDS, some as Items, { mode, isNew }, {}, BAR);
        treeOf(source);
        treeOf(actionBar);
      }),
      { numRuns: 150 },
    );
  });
});
