import { expect, test } from 'vitest';
import { ana, ben, Stage } from '../support/stage.js';

/** Ana's status jumps a thousand times a second, for so many seconds. */
async function jumps(stage: Stage, seconds: number): Promise<void> {
  for (let tick = 0; tick < seconds * 100; tick++) {
    for (let change = 0; change < 10; change++) stage.ocs.says(ana, change % 2 === 0 ? 'busy' : 'available');
    await stage.passes(0.01);
  }
}

test('a status that jumps a thousand times a second costs thirteen writes a minute at most, and the last one counts', async () => {
  const stage = new Stage();
  await stage.bridge.starts();
  stage.ocs.link('connected');
  stage.ocs.says(ana, 'available', 'first');
  stage.ocs.says(ben, 'offline', 'first');
  await stage.passes(1);
  const before = stage.domino.writes();
  await jumps(stage, 60);
  expect(stage.domino.writes() - before).toBeLessThanOrEqual(13);
  stage.ocs.says(ana, 'away');
  await stage.passes(6);
  expect([stage.domino.shows(ana), stage.bridge.shows(ana)]).toEqual(['away', 'away']);
});

test('the others do not wait for somebody who jumps', async () => {
  const stage = new Stage();
  await stage.bridge.starts();
  stage.ocs.link('connected');
  stage.ocs.says(ben, 'offline', 'first');
  await jumps(stage, 2);
  stage.ocs.says(ben, 'busy');
  await stage.passes(1);
  expect(stage.domino.shows(ben)).toBe('busy');
});

test('the bridge writes unknown at its end also for somebody who jumped just now', async () => {
  const stage = new Stage();
  await stage.bridge.starts();
  stage.ocs.link('connected');
  stage.ocs.says(ana, 'available', 'first');
  await jumps(stage, 1);
  await stage.bridge.stops();
  expect(stage.domino.shows(ana)).toBe('unknown');
});
