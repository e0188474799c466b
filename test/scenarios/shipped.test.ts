import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScenario } from '../../src/ocs/simulator/scenario/scenario-file.js';
import { play } from '../support/played-scenario.js';

const FOLDER = 'docs/guide/scenarios';
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe('a scenario of the guide', () => {
  for (const file of files) {
    const scenario = readScenario(file, readFileSync(join(FOLDER, file), 'utf8'));
    test(`${file} goes as it says: ${scenario.name}`, async () => {
      const reports = await play(scenario);
      const failed = reports.find(({ outcome }) => outcome === 'failed');
      expect(failed && `${file}:${failed.step.line}: ${failed.step.text}: ${failed.reason}`).toBeUndefined();
      expect(reports).toHaveLength(scenario.steps.length);
    });
  }
});
