/** What a reader needs from a bridge's heartbeat to decide whether its statuses still count. Times in milliseconds. */
export interface Heartbeat {
  readonly writtenAt: number;
  readonly interval: number;
  /** True while the bridge is signed in to its presence server. */
  readonly connected: boolean;
}

/** How many intervals a heartbeat may be late before its statuses no longer count. */
const MISSED_BEATS = 3;

/** The moment from which a status confirmed by this heartbeat counts as `unknown`. */
export function freshUntil(heartbeat: Heartbeat): number {
  return heartbeat.connected ? heartbeat.writtenAt + freshFor(heartbeat.interval) : heartbeat.writtenAt;
}

/** How long a status counts that was confirmed just now, by the interval of heartbeats; milliseconds. */
export function freshFor(interval: number): number {
  return MISSED_BEATS * interval;
}

/** Promise 1 of the product: a status that is no longer confirmed is never shown as it was. */
export function isFresh(heartbeat: Heartbeat | undefined, now: number): boolean {
  return heartbeat !== undefined && now < freshUntil(heartbeat);
}

/** Whether the bridge still writes, whatever it says of its statuses: its last sign of life is not overdue. */
export function isAlive({ writtenAt, interval }: Heartbeat, now: number): boolean {
  return now < writtenAt + MISSED_BEATS * interval;
}
