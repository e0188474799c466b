import { expect, test } from 'vitest';
import { remembered } from '../../../../src/notes/template/lint/memo.js';

test('a result is computed once, and again when more than the limit came after it', () => {
  const asked: string[] = [];
  const length = remembered(2, (text) => {
    asked.push(text);
    return text.length;
  });
  expect(['a', 'bb', 'a', 'ccc', 'bb', 'a'].map(length)).toEqual([1, 2, 1, 3, 2, 1]);
  expect(asked).toEqual(['a', 'bb', 'ccc', 'a']);
});
