import { describe, expect, test } from 'vitest';
import { PERSON_ITEMS } from '../../../src/notes/fields.js';
import { readTemplateSource } from '../../../src/notes/template/source/source.js';
import { builtDxl, elementOf, runFormulaOf, TEMPLATE_FOLDER, treeOf } from '../../support/template.js';

/** Column with status and activity in words, by view. */
const COLUMNS = {
  People: '$Status',
  ByStatus: '$Status',
  AvailableNow: '$Status',
  ByDepartment: '$Status',
  Problems: '$State',
} as const;

/**
 * Widths are counted in average characters of the font, capitals and digits among them; those of a text in small letters
 * take 0.85 of one. Two more are for the space on both sides of a cell. A test with a browser measures it.
 */
const CHARACTER = 0.85;
const SPACE = 2;

describe.each(['en', 'de'] as const)('widths in the language %s', (language) => {
  const { statuses } = readTemplateSource(TEMPLATE_FOLDER);
  const root = treeOf(builtDxl(language));

  test.each(Object.entries(COLUMNS))('no standard text is cut in the view %s', (alias, itemname) => {
    const column = elementOf(elementOf(root, 'view', { alias }), 'column', { itemname });
    const width = Number(column.attributes.get('width'));
    const texts = (statuses?.statuses ?? []).flatMap(({ key: status }) =>
      ['', ...(statuses?.activities ?? []).map(({ key }) => key)].map((activity) => {
        const items = { Form: 'Presence', [PERSON_ITEMS.status]: status, [PERSON_ITEMS.activity]: activity };
        const value = runFormulaOf(column, items);
        return value.type === 'text' ? value.list.join(', ') : '';
      }),
    );
    expect([texts.length > 0, texts.includes('')]).toEqual([true, false]);
    expect(texts.filter((text) => CHARACTER * text.length + SPACE > width)).toEqual([]);
  });
});
