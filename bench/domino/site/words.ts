/** What the benchmark tells the process of the stand-in for Domino. */
export type ToDomino =
  /** Where the packages of gRPC are installed. */
  | { readonly type: 'start'; readonly folder: string }
  /** Adds Person documents with these numbers, and takes away those. */
  | { readonly type: 'staff'; readonly from: number; readonly to: number; readonly without: number }
  | { readonly type: 'count' };

export interface DominoCounts {
  /** Documents of people that were created, changed and deleted since the start. */
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  /** Documents of people that stand there, and how many keys they have. */
  readonly documents: number;
  readonly keys: number;
  /** Most documents of people that were changed within a second of the clock. */
  readonly busiestSecond: number;
}

/** What it answers. */
export type FromDomino =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'staffed' }
  | ({ readonly type: 'counted' } & DominoCounts);

/** What happens to the site, one after the other. */
export const PHASES = [
  'start',
  'first-states',
  'restart',
  'steady',
  'outage',
  'return',
  'directory',
  'exchange',
] as const;
export type Phase = (typeof PHASES)[number];

/** What the benchmark tells the process of the bridge, or of the idle one beside it. */
export type ToWatched =
  | { readonly type: 'open'; readonly folder: string; readonly port: number; readonly people: number }
  | { readonly type: 'run'; readonly phase: Phase }
  | { readonly type: 'begin' }
  | { readonly type: 'end' };

export interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly longestStopMs: number;
  /** At the end. */
  readonly rssMegabytes: number;
  readonly heapMegabytes: number;
}

/** What it answers. */
export type FromWatched =
  | { readonly type: 'opened' }
  | { readonly type: 'begun' }
  /** Changes that the source told in the phase. */
  | { readonly type: 'done'; readonly changes: number }
  | ({ readonly type: 'ended' } & Measured);

export const PRESENCE_DATABASE = 'presence.nsf';
export const DIRECTORY_DATABASE = 'names.nsf';

export const STEADY_PER_SECOND = 50;
export const STEADY_SECONDS = 60;
export const OUTAGE_SECONDS = 10;
export const SWEEP_PER_SECOND = 50;
/** Part of all who changed while the pool restarted. */
export const CHANGED_MEANWHILE = 0.02;

export function addressOf(number: number): string {
  return `sip:ana.reyes.${String(number).padStart(6, '0')}@contoso.example`;
}

export function nameOf(number: number): string {
  return `CN=Ana Reyes ${String(number).padStart(6, '0')}/OU=Sales/O=Contoso`;
}
