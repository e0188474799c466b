/** What happened since the start; only ever grows. */
export interface Counters {
  connections: number;
  logonsOk: number;
  logonsFailed: number;
  badSignatures: number;
  malformed: number;
  registers: number;
  /** REGISTERs sent on to another pool. */
  redirects: number;
  subscribes: number;
  publishes: number;
  conflicts: number;
  benotifies: number;
  notifies: number;
  relayed: number;
  messages: number;
}

export function newCounters(): Counters {
  return {
    connections: 0,
    logonsOk: 0,
    logonsFailed: 0,
    badSignatures: 0,
    malformed: 0,
    registers: 0,
    redirects: 0,
    subscribes: 0,
    publishes: 0,
    conflicts: 0,
    benotifies: 0,
    notifies: 0,
    relayed: 0,
    messages: 0,
  };
}
