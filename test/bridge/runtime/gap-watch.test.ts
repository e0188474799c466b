import { expect, test } from 'vitest';
import { GapWatch } from '../../../src/bridge/runtime/gap-watch.js';

test('tells how long the process stood still, once', () => {
  const watch = new GapWatch(0, 30_000);
  expect([watch.passed(10_000), watch.passed(40_000), watch.passed(70_001), watch.passed(70_002)]).toEqual([
    0, 0, 30_001, 0,
  ]);
});
