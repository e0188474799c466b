import { expect, test } from 'vitest';
import { MemoryStore } from '../support/bridge-stand-ins.js';
import { ana, ben, Stage } from '../support/stage.js';

test('an ordinary morning: Ana comes, telephones through a flurry of changes, and goes to lunch', async () => {
  const { bridge, ocs, domino, ...stage } = scene();
  await bridge.starts();
  ocs.link('connected');
  ocs.says(ana, 'available', 'first');
  ocs.says(ben, 'offline', 'first');
  await stage.passes(1);
  expect([domino.shows(ana), domino.shows(ben)]).toEqual(['available', 'offline']);

  for (const status of ['busy', 'available', 'do-not-disturb', 'busy'] as const) ocs.says(ana, status);
  await stage.passes(1);
  expect([domino.shows(ana), domino.writes()]).toEqual(['busy', 3]);

  ocs.says(ana, 'away');
  await stage.passes(1);
  expect([domino.shows(ana), domino.confirms()]).toEqual(['away', true]);
});

test('OCS is restarted for two minutes: everybody is unknown, and right again without an operator', async () => {
  const { bridge, ocs, domino, ...stage } = scene();
  await bridge.starts();
  ocs.link('connected');
  ocs.says(ana, 'available', 'first');
  ocs.says(ben, 'busy', 'first');
  await stage.passes(1);

  ocs.link('transient-disconnect');
  await stage.passes(1);
  expect([bridge.shows(ana), domino.shows(ana), domino.confirms()]).toEqual(['unknown', 'available', false]);
  await stage.passes(119);
  expect([domino.shows(ana), domino.shows(ben)]).toEqual(['unknown', 'unknown']);

  ocs.link('connected');
  ocs.says(ana, 'away', 'first');
  ocs.says(ben, 'busy', 'first');
  await stage.passes(1);
  expect([domino.shows(ana), domino.shows(ben), domino.documents()]).toEqual(['away', 'busy', 2]);
});

test('Domino is down over lunch: the newest status of each person is written when it is back, and no other', async () => {
  const { bridge, ocs, domino, ...stage } = scene();
  await bridge.starts();
  ocs.link('connected');
  ocs.says(ana, 'available', 'first');
  ocs.says(ben, 'available', 'first');
  await stage.passes(1);

  domino.goesAway();
  for (const status of ['be-right-back', 'away', 'available', 'busy'] as const) {
    ocs.says(ana, status);
    await stage.passes(900);
  }
  expect([bridge.shows(ana), domino.shows(ana)]).toEqual(['busy', 'available']);

  domino.comesBack();
  await stage.passes(301);
  expect([domino.shows(ana), domino.writes(), domino.confirms()]).toEqual(['busy', 3, true]);
});

test('the bridge is killed while Ana is available: the next one does not leave that standing unless OCS says so', async () => {
  const left = new MemoryStore();
  const killed = scene(left);
  await killed.bridge.starts();
  killed.ocs.link('connected');
  killed.ocs.says(ana, 'available', 'first');
  killed.ocs.says(ben, 'available', 'first');
  await killed.passes(1);

  const { bridge, ocs, domino, ...stage } = scene(left);
  await bridge.starts();
  expect([bridge.shows(ana), bridge.shows(ben)]).toEqual(['unknown', 'unknown']);
  ocs.link('connected');
  ocs.says(ben, 'available', 'first');
  ocs.refuses(ana);
  await stage.passes(1);
  expect([domino.shows(ana), domino.shows(ben), domino.documents()]).toEqual(['unknown', 'available', 2]);
});

test('the administrator stops the bridge in the evening: nothing that is left behind says "available"', async () => {
  const { bridge, ocs, domino, ...stage } = scene();
  await bridge.starts();
  ocs.link('connected');
  ocs.says(ana, 'available', 'first');
  ocs.says(ben, 'busy', 'first');
  await stage.passes(1);
  await bridge.stops();
  expect([domino.shows(ana), domino.shows(ben), domino.confirms()]).toEqual(['unknown', 'unknown', false]);
});

function scene(domino?: MemoryStore) {
  const stage = new Stage(domino);
  const { bridge, ocs } = stage;
  return { bridge, ocs, domino: stage.domino, passes: (seconds: number) => stage.passes(seconds) };
}
