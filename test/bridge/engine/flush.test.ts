import { expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { ENGINE_CONFIG, EngineRun } from '../../support/engine-run.js';
import { person } from '../../support/people.js';

const { windowMs, batchSize } = ENGINE_CONFIG;
const people: readonly Person[] = Array.from({ length: batchSize }, (_, index) => person(`p${index}@contoso.example`));

function settled(): EngineRun {
  const run = new EngineRun();
  run.begins(people);
  run.effects.length = 0;
  return run;
}

const timers = (run: EngineRun): readonly number[] =>
  run.effects.flatMap((effect) => (effect.type === 'set-timer' && effect.name === 'flush' ? [effect.delayMs] : []));

test('the first change begins the window, and further ones do not put it off', () => {
  const run = settled();
  for (const one of people.slice(0, 3)) run.becomes(one, 6500);
  expect(timers(run)).toEqual([windowMs]);
});

test('a batch that becomes full while the window runs does not wait for its end', () => {
  const run = settled();
  for (const one of people) run.becomes(one, 6500);
  expect(timers(run)).toEqual([windowMs, 0]);
});
