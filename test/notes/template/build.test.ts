import { describe, expect, test } from 'vitest';
import { FORMS } from '../../../src/notes/fields.js';
import { buildFromSource, buildTemplate, locate } from '../../../src/notes/template/build.js';
import { readTemplateSource, type TemplateSource } from '../../../src/notes/template/source.js';
import { imagesOf } from '../../../src/notes/template/statuses.js';
import { childrenOf } from '../../../src/notes/template/xml-tree.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { TEMPLATE_FOLDER, treeOf } from '../../support/template.js';

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
    expect(childrenOf(root, 'view').map((view) => view.attributes.get('alias'))).toEqual([
      'Bridges',
      'ByStatus',
      'People',
      'Settings',
    ]);
    expect(childrenOf(root, 'form').map((form) => form.attributes.get('name'))).toEqual(Object.values(FORMS).sort());
    expect(childrenOf(root, 'agent').map((agent) => agent.attributes.get('alias'))).toEqual(['SweepStale']);
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
      'Views/People.view:16: the text "column.nmae" is missing in Texts/en.json',
    ],
    [
      'a formula that is not there',
      () =>
        buildFromSource(
          changed('Views/People.view', (text) => text.replace('formula:StatusIcon', 'formula:Icon')),
          'en',
        ),
      'Views/People.view:12: there is no file Icon.formula in the folder Formulas',
    ],
    [
      'a placeholder of an unknown kind',
      () =>
        buildFromSource(
          changed('Views/People.view', (text) => text.replace('text:column.name', 'word:column.name')),
          'en',
        ),
      'Views/People.view:16: "$' + '{word:column.name}" is neither a text nor a formula nor a list of statuses',
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
