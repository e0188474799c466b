import { describe, expect, test } from 'vitest';
import { numberParagraphs } from '../../../../src/notes/template/source/paragraph-numbers.js';
import { descendants } from '../../../../src/notes/template/xml-tree.js';
import { builtDxl, treeOf } from '../../../support/template.js';

function numbered(...texts: string[]): string[] {
  return numberParagraphs(texts.map((text, index) => ({ text, sourceLine: index + 1 }))).map(({ text }) => text);
}

describe('styles of paragraphs', () => {
  test('have numbers in all of the built template, for the importer takes the id for an integer', () => {
    const ids = [...descendants(treeOf(builtDxl()))]
      .filter(({ name }) => name === 'pardef')
      .map(({ attributes }) => attributes.get('id') ?? '');
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => !/^[1-9]\d*$/.test(id))).toEqual([]);
  });

  test('are numbered in their order, and uses follow, those of section titles too', () => {
    expect(
      numbered(
        "<pardef id='hint' hide='web'/><pardef id='1'/>",
        "<par def='1'/><par def='hint'>",
        "<sectiontitle pardef='hint' color='red'>",
      ),
    ).toEqual([
      "<pardef id='1' hide='web'/><pardef id='2'/>",
      "<par def='2'/><par def='1'>",
      "<sectiontitle pardef='1' color='red'>",
    ]);
  });

  test('keep their name where they are used too early, and their number where they are defined twice', () => {
    expect(numbered("<par def='late'/>", "<pardef id='late'/>", "<pardef id='late'/>")).toEqual([
      "<par def='late'/>",
      "<pardef id='1'/>",
      "<pardef id='1'/>",
    ]);
  });
});
