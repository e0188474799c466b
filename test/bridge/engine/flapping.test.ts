import { expect, test } from 'vitest';
import { Flapping } from '../../../src/bridge/engine/flapping.js';
import { sip } from '../../support/people.js';

const ANA = sip('ana@contoso.example');
const BEN = sip('ben@contoso.example');
const LIMITS = { flapChanges: 3, restMs: 5_000 };

function flap(flapping: Flapping, uri: typeof ANA, now: number): boolean {
  for (let change = 0; change < LIMITS.flapChanges; change++) flapping.changed(uri);
  return flapping.written(uri, now);
}

test('somebody who changes as people do never rests', () => {
  const flapping = new Flapping(LIMITS);
  flapping.changed(ANA);
  expect([flapping.written(ANA, 0), flapping.isResting(ANA)]).toEqual([false, false]);
});

test('the first person at rest asks for the timer, later ones share it', () => {
  const flapping = new Flapping(LIMITS);
  expect([flap(flapping, ANA, 0), flap(flapping, BEN, 1_000)]).toEqual([true, false]);
  expect([flapping.isResting(ANA), flapping.isResting(BEN), flapping.next()]).toEqual([true, true, 5_000]);
});

test('each rest ends at its own time', () => {
  const flapping = new Flapping(LIMITS);
  flap(flapping, ANA, 0);
  flap(flapping, BEN, 1_000);
  expect([flapping.release(5_000), flapping.next(), flapping.release(6_000)]).toEqual([[ANA], 6_000, [BEN]]);
});

test('a clock that is put back does not stretch a rest', () => {
  const flapping = new Flapping(LIMITS);
  flap(flapping, ANA, 3_600_000);
  expect(flapping.release(0)).toEqual([ANA]);
});

test('whoever leaves the roster is forgotten', () => {
  const flapping = new Flapping(LIMITS);
  flap(flapping, ANA, 0);
  flapping.forget(ANA);
  expect([flapping.isResting(ANA), flapping.next()]).toEqual([false, undefined]);
});
