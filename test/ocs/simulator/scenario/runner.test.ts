import { describe, expect, test } from 'vitest';
import { readScenario } from '../../../../src/ocs/simulator/scenario/scenario-file.js';
import { play } from '../../../support/played-scenario.js';

function scenario(...steps: readonly string[]) {
  const lines = steps.map((step) => `  - ${step}\n`).join('');
  return readScenario('x.yaml', `name: x\npeople: [ana]\nactors: { bridge: {}, carol: {} }\nsteps:\n${lines}`);
}

const START = ['ana becomes available', 'bridge watches ana', 'bridge signs in', 'bridge sees ana available'];

describe('a scenario that is played', () => {
  test('ends at the first expectation that fails, and says what was seen instead', async () => {
    const reports = await play(scenario(...START, 'bridge sees ana away within 3s', 'wait 1s'));
    expect(reports).toHaveLength(5);
    const last = reports.at(-1);
    expect([last?.step.line, last?.outcome, last?.reason]).toEqual([9, 'failed', 'after 3s: ana is seen as available']);
  });

  test.each([
    ['bridge sees ana available "lunch" within 1s', 'after 1s: ana is seen as available'],
    ['bridge is refused within 1s', 'after 1s: it is connected'],
    ['bridge fails with OCS_REDIRECT within 1s', 'after 1s: the last error is none'],
    ['bridge hears "hello" from carol within 1s', 'after 1s: it has heard []'],
    ['bridge says "hello" to carol', 'nobody is signed in there'],
    ['bridge signs in', 'this actor has signed in already'],
    ['carol publishes busy', 'this actor has not signed in'],
    ['bridge publishes unknown', 'nobody can choose to be unknown'],
    ['ana becomes unknown', 'nobody can become unknown'],
    ['server ends fault slow', 'no such fault had begun'],
    ['server has counted at most 0 sign-ins', '1 were counted'],
    ['server has counted at least 9 connections', '1 were counted'],
  ])('"%s" fails with the reason', async (step, reason) => {
    const reports = await play(scenario(...START, step));
    expect(reports.at(-1)?.outcome).toBe('failed');
    expect(reports.at(-1)?.reason).toContain(reason);
  });

  test('"keeps seeing" fails as soon as something else is seen', async () => {
    const reports = await play(
      scenario(...START, 'server begins cut;from=2s,count=1', 'bridge keeps seeing ana available for 8s'),
    );
    expect(reports.at(-1)?.outcome).toBe('passed');
    const other = await play(
      scenario(...START, 'server begins signed-off=deactivated;from=2s', 'bridge keeps seeing ana available for 30s'),
    );
    expect(other.at(-1)).toMatchObject({ outcome: 'failed', reason: 'ana is seen as unknown' });
    expect(other.at(-1)?.at).toBeLessThan(10_000);
  });
});
