import type { BridgeListener } from '../runtime/bridge.js';
import type { Metrics } from './metrics.js';

/** Counts what a running bridge tells. */
export function bridgeMetrics(metrics: Metrics): BridgeListener {
  return {
    onWritten(milliseconds) {
      for (const value of milliseconds) metrics.observe('change_to_write_seconds', value / 1000);
    },
    onRefused: ({ code }) => metrics.inc('write_failures_total', 1, { code }),
    onLink(partner, report) {
      if (report.state === 'connecting') return;
      if (report.error) metrics.inc('reconnects_total', 1, { link: partner, reason: report.error.code });
    },
    onReconciled({ cause, duplicates, conflicts, spoilt, overtaken }) {
      metrics.inc('reconciles_total', 1, { cause });
      metrics.inc('documents_found_total', duplicates, { kind: 'duplicate' });
      metrics.inc('documents_found_total', conflicts, { kind: 'conflict' });
      metrics.inc('documents_found_total', spoilt, { kind: 'spoilt' });
      metrics.inc('documents_found_total', overtaken, { kind: 'overtaken' });
    },
  };
}
