import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelArguments,
  METRIC_PREFIX,
  METRICS,
  type MetricName,
} from './metrics-table.js';

/** Counts what happens. Takes only names of the table, with exactly their labels: `inc('documents_refused_total', 1, { reason })`. */
export interface Metrics {
  inc<Name extends CounterName>(name: Name, amount: number, ...labels: LabelArguments<Name>): void;
  set<Name extends GaugeName>(name: Name, value: number, ...labels: LabelArguments<Name>): void;
  observe<Name extends HistogramName>(name: Name, value: number, ...labels: LabelArguments<Name>): void;
  /** Everything in the Prometheus text format. */
  expose(): Promise<string>;
  /** Content type of what `expose` gives. */
  readonly contentType: string;
}

export interface MetricsOptions {
  /** `process` adds memory, CPU and event-loop figures of this process. */
  readonly include?: 'bridge' | 'process';
  /** Different label values of one metric; further ones count as `other`, so that no input can fill the memory. */
  readonly maxLabelSets?: number;
}

type Instrument = Counter | Gauge | Histogram;
type Labels = Readonly<Record<string, string>>;

/** Own registry each time: two bridges in one process (tests, demo) do not mix. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const { include = 'process', maxLabelSets = 50 } = options;
  const registry = new Registry();
  const names = Object.keys(METRICS) as MetricName[];
  const instruments = new Map(names.map((name) => [name, instrumentOf(name, registry)]));
  const seen = new Map<MetricName, Set<string>>();
  if (include === 'process') collectDefaultMetrics({ register: registry });

  const bounded = (name: MetricName, labels: Labels): Labels => {
    const key = Object.values(labels).join('\u0000');
    const sets = seen.get(name) ?? new Set();
    seen.set(name, sets);
    if (sets.has(key)) return labels;
    if (sets.size < maxLabelSets) {
      sets.add(key);
      return labels;
    }
    return Object.fromEntries(Object.keys(labels).map((label) => [label, 'other']));
  };

  return {
    inc(name, amount, ...labels) {
      (instruments.get(name) as Counter).inc(bounded(name, labels[0] ?? {}), amount);
    },
    set(name, value, ...labels) {
      (instruments.get(name) as Gauge).set(bounded(name, labels[0] ?? {}), value);
    },
    observe(name, value, ...labels) {
      (instruments.get(name) as Histogram).observe(bounded(name, labels[0] ?? {}), value);
    },
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function instrumentOf(key: MetricName, registry: Registry): Instrument {
  const entry = METRICS[key];
  const common = {
    name: `${METRIC_PREFIX}${key}`,
    help: entry.help,
    labelNames: 'labels' in entry ? [...entry.labels] : [],
    registers: [registry],
  };
  switch (entry.type) {
    case 'counter':
      return new Counter(common);
    case 'gauge':
      return new Gauge(common);
    case 'histogram':
      return new Histogram({ ...common, buckets: [...entry.buckets] });
  }
}
