import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAULTS } from '../../src/ocs/simulator/faults/catalogue.js';
import { SCOPE_KEYS } from '../../src/ocs/simulator/faults/scope.js';
import { SENTENCES } from '../../src/ocs/simulator/scenario/grammar.js';
import { readScenario } from '../../src/ocs/simulator/scenario/scenario-file.js';

const guide = readFileSync('docs/guide/scenarios.md', 'utf8');
const cell = (text: string): string => text.replaceAll('|', '\\|');

describe('the guide to scenarios', () => {
  test('has a row for every sentence, fault and key, and no others', () => {
    const rows = [
      ...SENTENCES.map(({ usage, meaning }) => `| \`${usage}\` | ${cell(meaning)} |`),
      ...FAULTS.map(({ name, value, summary }) => `| \`${name}\` | ${cell(value)} | ${cell(summary)} |`),
      ...Object.entries(SCOPE_KEYS).map(([key, meaning]) => `| \`${key}\` | ${meaning} |`),
    ];
    expect(guide.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows);
  });

  test('shows an example that can be played', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? [];
    expect(readScenario('example.yaml', example).steps).toHaveLength(6);
  });
});
