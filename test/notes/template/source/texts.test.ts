import { describe, expect, test } from 'vitest';
import { readTexts } from '../../../../src/notes/template/source/texts.js';

describe('readTexts', () => {
  test('reads keys and texts', () => {
    const { entries } = readTexts({ path: 'Texts/en.json', text: '{"column.name": "Name", "age.now": "just now"}' });
    expect([...entries]).toEqual([
      ['column.name', 'Name'],
      ['age.now', 'just now'],
    ]);
  });

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'an object was expected'],
    ['{"Name": "x"}', '"Name" is no key'],
    ['{"column.name": 1}', '"column.name" needs a text'],
    ['{"column.name": " "}', '"column.name" needs a text'],
    ['{"column.name": "say \\"x\\""}', 'holds a quotation mark'],
    ['{"column.name": "a\\nb"}', 'holds a quotation mark, a backslash or a line break'],
    [`{"column.name": "${'x'.repeat(301)}"}`, 'has more than 300 characters'],
  ])('refuses %s', (text, reason) => {
    expect(() => readTexts({ path: 'Texts/en.json', text })).toThrow(reason);
  });
});
