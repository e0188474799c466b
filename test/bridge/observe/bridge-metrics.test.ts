import { describe, expect, test } from 'vitest';
import { bridgeMetrics } from '../../../src/bridge/observe/bridge-metrics.js';
import { createMetrics } from '../../../src/bridge/observe/metrics.js';
import { recordDirectory } from '../../../src/bridge/observe/status-metrics.js';

const NOBODY = { mapped: 0, unmapped: 0, ambiguous: 0, double: 0, 'opted-out': 0 };

const line = (text: string, start: string): string | undefined =>
  text.split('\n').find((one) => one.startsWith(`presence_bridge_${start}`));

describe('metrics of the Domino side', () => {
  test('count what a comparison of all documents found', async () => {
    const metrics = createMetrics();
    bridgeMetrics(metrics).onReconciled?.({
      cause: 'nightly',
      startedAt: 0,
      endedAt: 1,
      documents: 9,
      missing: 0,
      spoilt: 2,
      leaving: 0,
      duplicates: 3,
      conflicts: 4,
      leftAlone: 0,
      overtaken: 0,
    });
    const text = await metrics.expose();
    expect(line(text, 'documents_found_total{kind="duplicate"}')).toMatch(/ 3$/);
    expect(line(text, 'documents_found_total{kind="conflict"}')).toMatch(/ 4$/);
    expect(line(text, 'documents_found_total{kind="spoilt"}')).toMatch(/ 2$/);
    expect(line(text, 'reconciles_total{cause="nightly"}')).toMatch(/ 1$/);
  });

  test('count the people of the directory by outcome, and never name one', async () => {
    const metrics = createMetrics();
    const sources = [
      { source: 'a', entries: 1, readAt: 1_000, error: undefined },
      { source: 'b', entries: 1, readAt: 4_000, error: undefined },
    ];
    recordDirectory(metrics, { outcomes: { ...NOBODY, mapped: 2, double: 1 }, sources }, 11_000);
    const text = await metrics.expose();
    expect(line(text, 'directory_people{outcome="mapped"}')).toMatch(/ 2$/);
    expect(line(text, 'directory_people{outcome="unmapped"}')).toMatch(/ 0$/);
    expect(line(text, 'directory_source_age_seconds')).toMatch(/ 10$/);
  });

  test('leave out the list of the configuration, which nobody reads again', async () => {
    const metrics = createMetrics();
    const listed = { source: 'configuration', entries: 2, readAt: undefined, error: undefined };
    const read = { source: 'presence database', entries: 0, readAt: 4_000, error: undefined };
    recordDirectory(metrics, { outcomes: NOBODY, sources: [listed, read] }, 11_000);
    expect(line(await metrics.expose(), 'directory_source_age_seconds')).toMatch(/ 7$/);
  });

  test('tell of a source that was never read', async () => {
    const metrics = createMetrics();
    const never = { source: 'a', entries: 0, readAt: undefined, error: undefined };
    recordDirectory(metrics, { outcomes: NOBODY, sources: [never] }, 11_000);
    expect(line(await metrics.expose(), 'directory_source_age_seconds')).toMatch(/ -1$/);
  });
});
