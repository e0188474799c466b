import { describe, expect, test } from 'vitest';
import { AGENTS, FORMS, VIEWS } from '../../../../src/notes/fields.js';
import { buildFromSource, buildTemplate, locate } from '../../../../src/notes/template/source/build.js';
import { readTemplateSource, type TemplateSource } from '../../../../src/notes/template/source/source.js';
import { imagesOf } from '../../../../src/notes/template/source/statuses.js';
import { childrenOf, descendants, type XmlElement } from '../../../../src/notes/template/xml-tree.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import { elementOf, TEMPLATE_FOLDER, treeOf } from '../../../support/template.js';

const source = readTemplateSource(TEMPLATE_FOLDER);

/** The shipped source with one text file changed. */
function changed(path: string, change: (text: string) => string): TemplateSource {
  const edit = <T extends { readonly path: string; readonly text: string }>(file: T): T =>
    file.path === path ? { ...file, text: change(file.text) } : file;
  return {
    ...source,
    database: edit(source.database),
    images: source.images.map(edit),
    elements: source.elements.map(edit),
    formulas: new Map([...source.formulas].map(([name, file]) => [name, edit(file)])),
  };
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof BridgeError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'nothing was refused';
}

describe('buildTemplate', () => {
  test('the same sources give the same bytes', () => {
    const first = buildTemplate({ folder: TEMPLATE_FOLDER, language: 'en' });
    expect(buildTemplate({ folder: TEMPLATE_FOLDER, language: 'en' })).toEqual(first);
  });

  test.each(['en', 'de'])('the %s database holds every element once, and no placeholder', (language) => {
    const { dxl } = buildFromSource(source, language);
    const root = treeOf(dxl);
    const named = (kind: string, name: string) => childrenOf(root, kind).map(({ attributes }) => attributes.get(name));
    const files = (kind: string): number => source.elements.filter((file) => file.kind === kind).length;
    expect(named('view', 'alias').sort()).toEqual(Object.values(VIEWS).sort());
    expect(named('form', 'name')).toEqual(expect.arrayContaining(Object.values(FORMS)));
    expect(Object.values(AGENTS)).toEqual(expect.arrayContaining(named('agent', 'alias')));
    expect(named('sharedcolumn', 'name').sort()).toEqual(['OutOfOfficeMark', 'PresenceIcon', 'StatusIcon']);
    for (const kind of ['form', 'view', 'agent', 'sharedcolumn']) {
      expect(new Set(named(kind, 'name')).size).toBe(files(kind));
    }
    expect(childrenOf(root, 'imageresource')).toHaveLength(source.statuses ? imagesOf(source.statuses).length : 0);
    expect(dxl).not.toContain('${');
  });

  test.each([...source.languages.keys()])('the language %s has every text, and no text too many', (language) => {
    expect(buildFromSource(source, language).unused).toEqual([]);
  });

  test('the languages differ in what people read and in nothing that programs use', () => {
    const skeleton = (language: string): unknown =>
      childrenOf(treeOf(buildFromSource(source, language).dxl), 'view').map((view) => [
        view.attributes.get('alias'),
        childrenOf(view, 'column').map((column) => [...column.attributes]),
      ]);
    expect(skeleton('de')).toEqual(skeleton('en'));
    expect(buildFromSource(source, 'de').dxl).not.toBe(buildFromSource(source, 'en').dxl);
  });

  test('every line of the DXL leads back to the file and line it came from', () => {
    const built = buildFromSource(source, 'en');
    const lines = built.dxl.split('\n');
    const view = source.elements.find((file) => file.path === 'Views/People.view');
    const sourceLines = view?.text.split('\n') ?? [];
    const start = lines.findIndex((line) => line.includes("alias='People'"));
    const header = lines.indexOf("    <columnheader title='Name'/>", start);
    const place = locate(built, header + 1);
    expect(place?.file).toBe('Views/People.view');
    expect(sourceLines[(place?.line ?? 0) - 1]).toContain('text:column.name}');
    expect(locate(built, lines.length + 5)).toBeUndefined();
  });

  test('a formula that several elements share is written out in each, with XML escapes', () => {
    const { dxl } = buildFromSource(source, 'en');
    expect(dxl.split('position := @Member(status; known);').length).toBeGreaterThan(5);
    expect(dxl).toContain('(position = 0) | (doing = 0)');
    expect(dxl).toContain('SELECT (Form = "Presence") &amp; (!@IsAvailable($Conflict))');
  });
});

describe('shared columns', () => {
  const column = (root: XmlElement, view: string, name: string): XmlElement =>
    elementOf(elementOf(elementOf(root, 'view', { alias: view }), 'sharedcolumnref', { name }), 'column', {});

  test.each(['People', 'ByStatus', 'AvailableNow', 'ByDepartment'])('the view %s carries the one copy', (view) => {
    const root = treeOf(buildFromSource(source, 'de').dxl);
    for (const name of ['StatusIcon', 'OutOfOfficeMark']) {
      const own = elementOf(elementOf(root, 'sharedcolumn', { name }), 'column', {});
      const copy = column(root, view, name);
      expect([...copy.attributes]).toEqual([...own.attributes]);
      expect([...descendants(copy)].map(({ name: kind, text }) => [kind, text.trim()])).toEqual(
        [...descendants(own)].map(({ name: kind, text }) => [kind, text.trim()]),
      );
    }
  });

  test('lines of a copy lead to its reference in the view', () => {
    const built = buildFromSource(source, 'en');
    const line = column(treeOf(built.dxl), 'People', 'StatusIcon').line;
    const text = source.elements.find(({ path }) => path === 'Views/People.view')?.text.split('\n') ?? [];
    const place = locate(built, line + 3);
    expect(place?.file).toBe('Views/People.view');
    expect(text[(place?.line ?? 0) - 1]).toContain("<sharedcolumnref name='StatusIcon'/>");
  });

  test('a reference on several lines is filled as well', () => {
    const several = changed('Views/People.view', (text) =>
      text.replace(
        "<sharedcolumnref name='StatusIcon'/>",
        "<sharedcolumnref\n    name='StatusIcon'\n    formulaonly='false' />",
      ),
    );
    const copy = column(treeOf(buildFromSource(several, 'en').dxl), 'People', 'StatusIcon');
    expect(copy.attributes.get('showasicons')).toBe('true');
  });

  test('a reference that has its own copy stays as it is', () => {
    const own = changed('Views/People.view', (text) =>
      text.replace(
        "<sharedcolumnref name='StatusIcon'/>",
        "<sharedcolumnref name='StatusIcon'>\n<column itemname='Own'/>\n</sharedcolumnref>",
      ),
    );
    const copy = column(treeOf(buildFromSource(own, 'en').dxl), 'People', 'StatusIcon');
    expect(copy.attributes.get('itemname')).toBe('Own');
  });

  test.each([
    [
      'a reference to a column that is not there',
      () => changed('Views/People.view', (text) => text.replace("'StatusIcon'", "'StatusIkon'")),
      'Views/People.view:17: there is no shared column "StatusIkon"',
    ],
    [
      'a reference that does not end',
      () => changed('Views/People.view', (text) => text.slice(0, text.indexOf("='StatusIcon'"))),
      'Views/People.view:17: the <sharedcolumnref> does not end',
    ],
    [
      'a shared column without a column',
      () =>
        changed('SharedElements/Columns/StatusIcon.column', (text) =>
          text.replaceAll('column itemname', 'colum itemname'),
        ),
      'SharedElements/Columns/StatusIcon.column:2: the shared column holds no <column>',
    ],
    [
      'a shared column without a name',
      () => changed('SharedElements/Columns/StatusIcon.column', (text) => text.replace(" name='StatusIcon'", '')),
      'SharedElements/Columns/StatusIcon.column:2: it is no shared column with a name',
    ],
  ])('%s is refused', (_, make, message) => {
    expect(refusal(() => buildFromSource(make(), 'en'))).toBe(`TEMPLATE_INVALID: ${message}`);
  });
});

describe('what cannot be built', () => {
  test.each([
    [
      'a language that is not there',
      () => buildFromSource(source, 'fr'),
      'the template has no language "fr", only de, en',
    ],
    [
      'a text that is not there',
      () =>
        buildFromSource(
          changed('Views/People.view', (text) => text.replace('column.name', 'column.nmae')),
          'en',
        ),
      'Views/People.view:25: the text "column.nmae" is missing in Texts/en.json',
    ],
    [
      'a formula that is not there',
      () =>
        buildFromSource(
          changed('Views/People.view', (text) => text.replace('formula:StatusText', 'formula:Words')),
          'en',
        ),
      'Views/People.view:33: there is no file Words.formula in the folder Formulas',
    ],
    [
      'a placeholder of an unknown kind',
      () =>
        buildFromSource(
          changed('Views/People.view', (text) => text.replace('text:column.name', 'word:column.name')),
          'en',
        ),
      'Views/People.view:25: "$' + '{word:column.name}" is neither a text nor a formula nor a list of statuses',
    ],
    [
      'a formula that includes itself',
      () =>
        buildFromSource(
          changed('Formulas/StatusKey.formula', (text) => `\${formula:StatusKey}\n${text}`),
          'en',
        ),
      'Formulas/StatusKey.formula:1: the formula StatusKey includes itself',
    ],
    [
      'formulas that include each other many times',
      () => {
        const names = Array.from({ length: 4 }, (_, index) => `Level${index}`);
        const text = (index: number) => `\${formula:${names[index + 1] ?? 'IsNoAdmin'}}\n`.repeat(1_000);
        const formulas = names.map(
          (name, index) => [name, { path: `Formulas/${name}.formula`, text: text(index) }] as const,
        );
        const source = changed('Formulas/StatusKey.formula', () => `\${formula:Level0}`);
        return buildFromSource({ ...source, formulas: new Map([...source.formulas, ...formulas]) }, 'en');
      },
      'formulas that include formulas become too long',
    ],
    [
      'an element without the namespace',
      () =>
        buildFromSource(
          changed('Views/People.view', (text) => text.replace(" xmlns='http://www.lotus.com/dxl'", '')),
          'en',
        ),
      `Views/People.view: "xmlns='http://www.lotus.com/dxl'" is missing in its root element`,
    ],
    [
      'a folder that is not there',
      () => readTemplateSource('/nowhere'),
      "the template's folder cannot be read: /nowhere",
    ],
    ['a folder with other files', () => readTemplateSource('src/presence'), 'is no part of a template'],
    [
      'a folder with too many files',
      () => readTemplateSource(TEMPLATE_FOLDER, { fileSize: 1e6, files: 3 }),
      'more than 3 files',
    ],
    [
      'a file that is too large',
      () => readTemplateSource(TEMPLATE_FOLDER, { fileSize: 100, files: 500 }),
      'it is larger than 100 bytes',
    ],
  ])('%s', (_, action, message) => {
    const said = refusal(action);
    expect(said).toMatch(/^TEMPLATE_INVALID: /);
    expect(said).toContain(message);
  });
});
