/** What the benchmark tells a process that sends: the bridge, or the peer. */
export type ToSender =
  | { readonly type: 'start'; readonly task: SenderTask }
  /** So many changes a second, one person after the other; `together` of them at a moment, evenly over time. */
  | { readonly type: 'storm'; readonly changes: number; readonly perSecond: number; readonly together: number }
  | { readonly type: 'cpu' }
  /** Begins to watch the memory of the process; `peak` tells the most above that. */
  | { readonly type: 'watch-memory' }
  | { readonly type: 'peak' };

export type SenderTask =
  | {
      readonly kind: 'bridge';
      readonly people: number;
      /** Least time between two messages to a client, milliseconds; the product's own when left out. */
      readonly tick?: number;
      /** How long changes are gathered before they are written, milliseconds; the product's own when left out. */
      readonly windowMs?: number;
    }
  | {
      readonly kind: 'peer';
      /** What is sent for each change, in turns. */
      readonly texts: readonly string[];
      readonly as: 'text' | 'octets' | 'framed';
    };

export type FromSender =
  | { readonly type: 'ready'; readonly port: number }
  /** `latencies`: milliseconds from when a change was due to arrive until it was given to the store; bridge only. */
  | { readonly type: 'storm-over'; readonly latencies: readonly number[] }
  /** Microseconds since the process began. */
  | { readonly type: 'cpu'; readonly used: number }
  | { readonly type: 'watching' }
  | { readonly type: 'peak'; readonly peak: Memory };

/** Octets. */
export interface Memory {
  readonly rss: number;
  /** On the heap and beside it, after a collection. */
  readonly held: number;
}

export const WIRES = ['websocket', 'event-stream', 'peer'] as const;
export type Wire = (typeof WIRES)[number];

/** What the benchmark tells the process of the clients. */
export type ToReaders =
  | {
      readonly type: 'open';
      readonly port: number;
      readonly wire: Wire;
      readonly count: number;
      /** Time between two openings, milliseconds. */
      readonly every: number;
      /** Those that do not read open their stream and then take no octet more. */
      readonly reads: boolean;
    }
  /** Waits until nothing arrives any more, and forgets what arrived. */
  | { readonly type: 'quiet' }
  /** The same, and tells what arrived since the last `quiet`. */
  | { readonly type: 'arrived' }
  | { readonly type: 'close' };

export type FromReaders =
  | { readonly type: 'opened' }
  | { readonly type: 'quiet' }
  | { readonly type: 'arrived'; readonly arrived: Arrived }
  | { readonly type: 'closed' };

export interface Arrived {
  /** Fewest and most octets that a reading client got. */
  readonly octets: readonly [fewest: number, most: number];
  /** Texts of the messages about people that the first client got, one for each. */
  readonly messages: readonly string[];
}

export const TOKEN = 'Zm9yLWJlbmNobWFya3Mtb25seS0xMjgtYml0cw';
