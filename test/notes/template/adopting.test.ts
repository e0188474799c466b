import { describe, expect, test } from 'vitest';
import { KIT_SCHEMA, SAMPLE_SCHEMA } from '../../../src/notes/template/lint/adopted-schema.js';
import { lintTemplate } from '../../../src/notes/template/lint/lint.js';
import type { TemplateSchema } from '../../../src/notes/template/lint/template-schema.js';
import { buildTemplate } from '../../../src/notes/template/source/build.js';
import { childrenOf } from '../../../src/notes/template/xml-tree.js';
import { builtDxl, treeOf } from '../../support/template.js';

const TEMPLATES: Readonly<Record<string, TemplateSchema>> = { kit: KIT_SCHEMA, 'sample-directory': SAMPLE_SCHEMA };

const built = (name: string, language: string) => buildTemplate({ folder: `nsf-templates/${name}`, language });
const namesOf = (dxl: string): string[] =>
  treeOf(dxl).children.map(
    ({ name, attributes }) => `${name} ${attributes.get('alias') ?? attributes.get('name') ?? ''}`,
  );

describe.each(Object.keys(TEMPLATES))('the template %s', (name) => {
  test.each(['en', 'de'])('has no mistakes in %s, and no text that nothing uses', (language) => {
    const { dxl, unused } = built(name, language);
    expect([lintTemplate(dxl, TEMPLATES[name]), unused]).toEqual([[], []]);
  });

  test('carries the adopted elements as the presence template has them', () => {
    const own = treeOf(builtDxl('de'));
    const ours = (kind: string, of: typeof own) =>
      childrenOf(of, kind).find((one) => one.attributes.get('name')?.startsWith('Presence'));
    const adopted = treeOf(built(name, 'de').dxl);
    for (const kind of ['subform', 'scriptlibrary']) {
      expect(JSON.stringify(bare(ours(kind, adopted)))).toBe(JSON.stringify(bare(ours(kind, own))));
    }
  });

  test('has every icon', () => {
    const icons = (dxl: string) => namesOf(dxl).filter((one) => one.startsWith('imageresource '));
    expect(icons(built(name, 'en').dxl)).toEqual(icons(builtDxl('en')));
  });
});

describe('the template kit', () => {
  test('holds what applications take over and nothing else', () => {
    const names = namesOf(built('kit', 'en').dxl).filter((one) => !one.startsWith('imageresource '));
    expect(names).toEqual([
      'sharedcolumn PresenceIcon',
      'scriptlibrary PresenceApi',
      'subform PresenceBadge',
      'form PresenceProfile',
    ]);
  });

  test('brings no access list and no property besides a title', () => {
    const root = treeOf(built('kit', 'en').dxl);
    expect([...root.attributes.keys()].sort()).toEqual(['maintenanceversion', 'title', 'version', 'xmlns']);
  });
});

/** An element without the lines where it stands. */
function bare(element: unknown): unknown {
  if (element instanceof Map) return [...element];
  if (Array.isArray(element)) return element.map(bare);
  if (typeof element !== 'object' || element === null) return element;
  return Object.fromEntries(
    Object.entries(element)
      .filter(([key]) => !/line/i.test(key))
      .map(([key, value]) => [key, bare(value)]),
  );
}
