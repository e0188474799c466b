import { describe, expect, test } from 'vitest';
import { splitList } from '../../../src/ocs/wire/scan.js';

describe('splitting a list', () => {
  test.each([
    ['', ['']],
    [' a ', ['a']],
    ['a,b', ['a', 'b']],
    ['a,,b,', ['a', '', 'b', '']],
    ['"a,b",c', ['"a,b"', 'c']],
    ['"a\\",b",c', ['"a\\",b"', 'c']],
    ['<a,b>,c', ['<a,b>', 'c']],
    ['"a,b', ['"a,b']],
    ['<a,b', ['<a,b']],
    ['sip:a@b>;x,c', ['sip:a@b>;x', 'c']],
  ])('%j', (text, parts) => {
    expect(splitList(text)).toEqual(parts);
  });

  test('may be done at semicolons', () => {
    expect(splitList('a;b="c;d";e', ';')).toEqual(['a', 'b="c;d"', 'e']);
  });
});
