import { describe, expect, test } from 'vitest';
import { createMetrics } from '../../../src/bridge/observe/metrics.js';
import { METRIC_PREFIX, METRICS } from '../../../src/bridge/observe/metrics-table.js';
import { recordStatus } from '../../../src/bridge/observe/status-metrics.js';
import { bridgeStatus, statusCounts } from '../../support/bridge-status.js';

const NOW = 1_767_600_000_000;

describe('createMetrics', () => {
  test('exposes every metric of the table with its help text', async () => {
    const text = await createMetrics().expose();
    for (const [name, { help, type }] of Object.entries(METRICS)) {
      expect(text).toContain(`# HELP ${METRIC_PREFIX}${name} ${help}\n# TYPE ${METRIC_PREFIX}${name} ${type}`);
    }
    expect(text).toContain('process_cpu_seconds_total');
  });

  test('follows the naming rules of Prometheus', () => {
    for (const [name, entry] of Object.entries(METRICS)) {
      expect(name).toMatch(/^[a-z][a-z_]*$/);
      expect(name.endsWith('_total')).toBe(entry.type === 'counter');
    }
  });

  test('counts, sets and observes', async () => {
    const metrics = createMetrics({ include: 'bridge' });
    metrics.inc('changes_total', 2);
    metrics.inc('changes_total', 3);
    metrics.inc('documents_refused_total', 1, { reason: 'doctype' });
    metrics.set('stream_clients', 4);
    metrics.observe('change_to_write_seconds', 0.02);
    const text = await metrics.expose();
    expect(text).toContain('presence_bridge_changes_total 5');
    expect(text).toContain('presence_bridge_documents_refused_total{reason="doctype"} 1');
    expect(text).toContain('presence_bridge_stream_clients 4');
    expect(text).toContain('presence_bridge_change_to_write_seconds_bucket{le="0.025"} 1');
  });

  test('bounds the number of label values, so that input cannot fill the memory', async () => {
    const metrics = createMetrics({ include: 'bridge', maxLabelSets: 3 });
    for (let index = 0; index < 1000; index++) metrics.inc('documents_refused_total', 1, { reason: `r${index}` });
    const lines = (await metrics.expose()).split('\n').filter((line) => line.includes('refused_total{reason='));
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('presence_bridge_documents_refused_total{reason="other"} 997');
  });

  test('keeps a hostile label value inside its quotes', async () => {
    const metrics = createMetrics({ include: 'bridge' });
    metrics.inc('documents_refused_total', 1, { reason: 'x"} 1\npresence_bridge_up 1\\' });
    const text = await metrics.expose();
    expect(text).toContain('{reason="x\\"} 1\\npresence_bridge_up 1\\\\"} 1');
  });

  test('keeps two bridges in one process apart', async () => {
    const one = createMetrics({ include: 'bridge' });
    const two = createMetrics({ include: 'bridge' });
    one.inc('writes_total', 1);
    expect(await two.expose()).toContain('presence_bridge_writes_total 0');
  });
});

describe('recordStatus', () => {
  test('sets the gauges that follow from the status of the bridge', async () => {
    const metrics = createMetrics({ include: 'bridge' });
    const counts = statusCounts({ available: 5, unknown: 2 });
    const watching = { dialogs: 3, subscribed: 97, categorySubscriptions: 194, polled: 3 };
    recordStatus(metrics, bridgeStatus(NOW, { counts, watching, pendingWrites: 3, oldestPendingMs: 1500 }), NOW);
    const text = await metrics.expose();
    expect(text).toContain('presence_bridge_up 1');
    expect(text).toContain('presence_bridge_people{status="available"} 5');
    expect(text).toContain('presence_bridge_people{status="unknown"} 2');
    expect(text).toContain('presence_bridge_subscription_dialogs 3');
    expect(text).toContain('presence_bridge_subscribed_people 97');
    expect(text).toContain('presence_bridge_category_subscriptions 194');
    expect(text).toContain('presence_bridge_polled_people 3');
    expect(text).toContain('presence_bridge_oldest_pending_seconds 1.5');
    expect(text).toContain('presence_bridge_heartbeat_age_seconds 10');
  });

  test('leaves exactly one state of a link at 1', async () => {
    const metrics = createMetrics({ include: 'bridge' });
    recordStatus(metrics, bridgeStatus(NOW), NOW);
    recordStatus(metrics, bridgeStatus(NOW, { ocs: { state: 'refused', since: NOW } }), NOW);
    const lines = (await metrics.expose()).split('\n').filter((line) => line.startsWith('presence_bridge_ocs_link'));
    expect(lines.filter((line) => line.endsWith(' 1'))).toEqual(['presence_bridge_ocs_link_state{state="refused"} 1']);
    expect(await metrics.expose()).toContain('presence_bridge_up 0');
  });
});
