import { describe, expect, test } from 'vitest';
import { readDesign } from '../../../../src/notes/template/design/design.js';
import { buildTemplate } from '../../../../src/notes/template/source/build.js';
import { odpFiles } from '../../../../src/notes/template/source/odp.js';
import { childrenOf } from '../../../../src/notes/template/xml-tree.js';
import { TEMPLATE_FOLDER, treeOf } from '../../../support/template.js';

const NAMESPACE = 'http://www.lotus.com/dxl';

describe.each(['en', 'de'])('the On-Disk Project in %s', (language) => {
  const built = buildTemplate({ folder: TEMPLATE_FOLDER, language });
  const files = odpFiles(built);
  const paths = files.map(({ path }) => path);
  const textOf = (path: string): string => String(files.find((file) => file.path === path)?.data);

  test('has a file for every design element, each once', () => {
    expect(new Set(paths).size).toBe(paths.length);
    const { forms, views } = readDesign(built.dxl);
    expect(paths.filter((path) => path.startsWith('Forms/'))).toHaveLength(forms.length);
    expect(paths.filter((path) => path.startsWith('Views/'))).toHaveLength(views.length);
  });

  test('has DXL that can be read, in its namespace, without placeholders', () => {
    const dxl = files.filter(({ path }) =>
      /\.(view|form|page|frameset|column|subform|outline|lsa|metadata|properties)$/.test(path),
    );
    expect(dxl.length).toBeGreaterThan(20);
    for (const { data } of dxl) {
      expect(treeOf(String(data)).attributes.get('xmlns')).toBe(NAMESPACE);
      expect(String(data)).not.toContain('${');
    }
  });

  test('has every picture as a file of its own, with the words for a screen reader beside it', () => {
    for (const [name, image] of readDesign(built.dxl).images) {
      expect(files.find(({ path }) => path === `Resources/Images/${name}`)?.data).toEqual(image.data);
      const [item] = childrenOf(treeOf(textOf(`Resources/Images/${name}.metadata`)), 'item');
      expect(item && childrenOf(item, 'text')[0]?.text).toBe(image.label);
    }
  });

  test('has properties and access list, but no design elements, in the file of the database', () => {
    const root = treeOf(textOf('AppProperties/database.properties'));
    expect(root.name).toBe('database');
    expect(new Set(root.children.map(({ name }) => name))).toEqual(new Set(['acl', 'launchsettings']));
  });

  test('is a project that Designer knows', () => {
    expect(textOf('.project')).toContain('<nature>com.ibm.designer.domino.team.nature</nature>');
    expect(textOf('META-INF/MANIFEST.MF')).toMatch(/^Bundle-SymbolicName: [A-Za-z0-9_]+;singleton:=true$/m);
  });
});

describe('an On-Disk Project of a template from elsewhere', () => {
  test.each(['../../../evil.gif', '/evil.gif', 'a/../../../../evil.gif', '..\\evil.gif', 'C:evil.gif', ''])(
    'is refused when a picture is called %j, since its file would lie elsewhere',
    (name) => {
      const built = buildTemplate({ folder: TEMPLATE_FOLDER, language: 'en' });
      const dxl = built.dxl.replace(/<imageresource name='[^']+'/, `<imageresource name='${name}'`);
      expect(() => odpFiles({ ...built, dxl })).toThrow('is no file inside of a project');
    },
  );

  test('is refused when an element comes from outside of all templates', () => {
    const built = buildTemplate({ folder: TEMPLATE_FOLDER, language: 'en' });
    const elements = built.elements.map((element) => ({ ...element, file: `x/../../../${element.file}` }));
    expect(() => odpFiles({ ...built, elements })).toThrow('is no file inside of a project');
  });
});
