import { expect, test } from 'vitest';
import { ana, ben, Stage } from '../support/stage.js';

async function watching(): Promise<Stage> {
  const stage = new Stage();
  await stage.bridge.starts();
  stage.ocs.link('connected');
  stage.ocs.says(ana, 'available', 'first');
  stage.ocs.says(ben, 'busy', 'first');
  await stage.passes(60);
  return stage;
}

test('one account of several is away for a moment: its people are unknown at once, their documents wait', async () => {
  const stage = await watching();
  const writes = stage.domino.writes();
  stage.ocs.interrupts(ana);
  await stage.passes(5);
  expect([stage.bridge.shows(ana), stage.bridge.shows(ben), stage.domino.shows(ana)]).toEqual([
    'unknown',
    'busy',
    'available',
  ]);
  stage.ocs.says(ana, 'available', 'first');
  await stage.passes(60);
  expect([stage.bridge.shows(ana), stage.domino.shows(ana), stage.domino.writes()]).toEqual([
    'available',
    'available',
    writes,
  ]);
});

test('one account of several stays away: after the grace its people are unknown in Domino too, and only they', async () => {
  const stage = await watching();
  stage.ocs.interrupts(ana);
  await stage.passes(21);
  expect([stage.domino.shows(ana), stage.domino.shows(ben)]).toEqual(['unknown', 'busy']);
});
