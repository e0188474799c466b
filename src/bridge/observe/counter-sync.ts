import type { Metrics } from './metrics.js';
import type { CounterName } from './metrics-table.js';

type PlainCounter = Extract<CounterName, 'observations_total' | 'changes_total' | 'coalesced_total' | 'writes_total'>;

/**
 * Carries running totals, which the engine keeps as plain numbers since it is pure, over into counters. Call the result
 * with the totals at each scrape.
 */
export function counterSync(metrics: Metrics): (totals: Readonly<Record<PlainCounter, number>>) => void {
  const seen = new Map<PlainCounter, number>();
  return (totals) => {
    for (const [name, total] of Object.entries(totals) as [PlainCounter, number][]) {
      const grown = total - (seen.get(name) ?? 0);
      if (grown > 0) metrics.inc(name, grown);
      seen.set(name, total);
    }
  };
}
