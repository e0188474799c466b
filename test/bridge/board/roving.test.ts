import { expect, test } from 'vitest';
import { boardModule } from '../../support/board-module.js';

const { indexAfter } = await boardModule<{ indexAfter(key: string, at: number, length: number): number }>('roving.js');

test('arrows go round, Home and End to the ends, other keys nowhere', () => {
  expect(
    ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'Home', 'End', 'a'].map((key) => indexAfter(key, 2, 3)),
  ).toEqual([0, 0, 1, 1, 0, 2, -1]);
  expect(indexAfter('ArrowLeft', 0, 3)).toBe(2);
});
