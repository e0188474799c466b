import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFault } from '../../../../src/ocs/simulator/faults/fault-spec.js';
import { readScenario } from '../../../../src/ocs/simulator/scenario/scenario-file.js';
import { play } from '../../../support/played-scenario.js';

const scenario = readScenario(
  'segments.yaml',
  `name: Whatever the segments
people: [ana, ben]
actors: { bridge: { account: presence.bridge } }
steps:
  - ana becomes available "Grüße"
  - ben becomes away
  - bridge watches everybody
  - bridge signs in
  - bridge sees ana available "Grüße" within 5m
  - bridge sees ben away within 1m
  - ana becomes busy
  - ben becomes available
  - ana becomes do-not-disturb "one ear open"
  - bridge sees ben available within 1m
  - bridge sees ana do-not-disturb "one ear open" within 1m
  - ana becomes offline
  - bridge sees ana offline within 1m
  - server has counted at most 1 connections
`,
);

const segmentation = fc.oneof(
  fc.integer({ min: 1, max: 2000 }).map((octets) => `split=${octets}`),
  fc.nat(10_000).map((seed) => `split=random;seed=${seed}`),
  fc
    .tuple(fc.nat(10_000), fc.double({ min: 0.1, max: 0.9, noNaN: true }))
    .map(([seed, share]) => `split=random;seed=${seed},probability=${share.toFixed(3)}`),
  fc.integer({ min: 1, max: 500 }).map((ms) => `glue=${ms}ms`),
  fc.integer({ min: 1_000, max: 20_000 }).map((rate) => `slow=${rate}`),
);

describe('segments', () => {
  test('change nothing of what the own client understands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(segmentation, { minLength: 1, maxLength: 2 }), async (faults) => {
        const reports = await play(scenario, {
          prepare: (simulator) => {
            for (const text of faults) {
              const fault = readFault(text);
              if (fault.ok) simulator.beginFault(fault.value);
            }
          },
        });
        const last = reports.at(-1);
        expect([last?.step.text, last?.outcome, last?.reason]).toEqual([
          'server has counted at most 1 connections',
          'passed',
          undefined,
        ]);
      }),
      { numRuns: 12, seed: 20_26 },
    );
  }, 60_000);
});
