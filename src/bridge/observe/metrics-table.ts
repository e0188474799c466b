interface CounterEntry {
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly labels?: readonly string[];
}

interface HistogramEntry {
  readonly type: 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds, in the unit of the name. */
  readonly buckets: readonly number[];
}

/** Every exposed name starts with this. */
export const METRIC_PREFIX = 'presence_bridge_';

/**
 * All metrics of the bridge, the single source for code and documentation. Names follow Prometheus: unit at the end,
 * `_total` for counters. No label ever carries a person.
 */
export const METRICS = {
  up: { type: 'gauge', help: '1 while both links are connected and the heartbeat is current, else 0.' },
  ocs_link_state: { type: 'gauge', help: '1 for the present state of the OCS link, 0 for others.', labels: ['state'] },
  notes_link_state: {
    type: 'gauge',
    help: '1 for the present state of the Domino link, 0 for others.',
    labels: ['state'],
  },
  people: { type: 'gauge', help: 'People on the roster by shown status.', labels: ['status'] },
  subscription_dialogs: { type: 'gauge', help: 'Dialogs of subscriptions held at the OCS server.' },
  subscribed_people: { type: 'gauge', help: 'People in accepted subscriptions.' },
  category_subscriptions: {
    type: 'gauge',
    help: "Category subscriptions that these take from the watched people's limits.",
  },
  polled_people: {
    type: 'gauge',
    help: 'People who are asked about every five minutes instead, since their limit is reached.',
  },
  observations_total: { type: 'counter', help: 'Presence observations received from OCS.' },
  changes_total: { type: 'counter', help: 'Observations that changed what is shown of a person.' },
  coalesced_total: { type: 'counter', help: 'Changes that a newer one replaced before they were written.' },
  writes_total: { type: 'counter', help: 'Documents written to Domino.' },
  write_failures_total: { type: 'counter', help: 'Documents Domino refused, by error code.', labels: ['code'] },
  documents_found_total: {
    type: 'counter',
    help: 'Documents that a comparison of all found wrong and set right: duplicates, conflicts, edited ones, ones with a later stamp.',
    labels: ['kind'],
  },
  reconciles_total: { type: 'counter', help: 'Comparisons of all documents, by cause.', labels: ['cause'] },
  doubtful_documents: { type: 'gauge', help: 'Documents that say more than is confirmed at the moment.' },
  state_write_failures_total: {
    type: 'counter',
    help: 'Small files of the state folder that could not be written, by file; the bridge goes on without.',
    labels: ['file'],
  },
  epoch: { type: 'gauge', help: "Number of this bridge's turn at writing; it grows with every takeover." },
  active: { type: 'gauge', help: '1 while this bridge writes, 0 while it is on standby.' },
  directory_people: { type: 'gauge', help: 'People whom the directory names, by outcome.', labels: ['outcome'] },
  directory_source_age_seconds: {
    type: 'gauge',
    help: 'Time since the oldest source of the directory was read; -1 while one never was.',
  },
  pending_writes: { type: 'gauge', help: 'People whose newest state is not in Domino yet.' },
  oldest_pending_seconds: { type: 'gauge', help: 'How long the oldest of them has waited.' },
  documents_refused_total: { type: 'counter', help: 'Presence documents refused, by reason.', labels: ['reason'] },
  messages_dropped_total: {
    type: 'counter',
    help: 'SIP messages dropped: malformed, unsigned, repeated, by reason.',
    labels: ['reason'],
  },
  reconnects_total: {
    type: 'counter',
    help: 'Connections lost and begun anew, by side and reason.',
    labels: ['link', 'reason'],
  },
  heartbeat_age_seconds: { type: 'gauge', help: 'Time since the heartbeat document was written; -1 before the first.' },
  change_to_write_seconds: {
    type: 'histogram',
    help: 'From receiving a change to the confirmed write of its document.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  stream_clients: { type: 'gauge', help: 'Open live streams.' },
  stream_messages_total: { type: 'counter', help: 'Messages sent on live streams.' },
  stream_dropped_total: { type: 'counter', help: 'Live streams the bridge ended, by reason.', labels: ['reason'] },
  stream_texts_total: {
    type: 'counter',
    help: 'Instant messages to the bridge that came while streams asked for them, by outcome.',
    labels: ['outcome'],
  },
  http_refused_total: { type: 'counter', help: 'HTTP requests refused, by error code.', labels: ['code'] },
} as const satisfies Record<string, CounterEntry | HistogramEntry>;

export type MetricName = keyof typeof METRICS;

type NamesOf<Type extends string> = {
  [Name in MetricName]: (typeof METRICS)[Name] extends { readonly type: Type } ? Name : never;
}[MetricName];

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;

/** One more argument with all labels for a metric that has labels, none for one that has none. */
export type LabelArguments<Name extends MetricName> = (typeof METRICS)[Name] extends {
  readonly labels: readonly (infer Label extends string)[];
}
  ? [labels: Readonly<Record<Label, string>>]
  : [];
