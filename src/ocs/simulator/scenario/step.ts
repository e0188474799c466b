import type { Status } from '../../../presence/availability.js';
import type { ErrorCode } from '../../../presence/errors.js';
import type { CertificateFlaw, ServerAct } from '../faults/fault.js';
import type { FaultSpec } from '../faults/fault-spec.js';
import type { Dialect } from '../options.js';

/** How an actor's link stands, in the words of scenarios. */
export const LINK_WORDS = [
  'connected',
  'disconnected',
  'refused',
  'bad-credentials',
  'untrusted',
  'signed-off',
] as const;
export type LinkWord = (typeof LINK_WORDS)[number];

/** What the server counts, in the words of scenarios. */
export const COUNTED = [
  'connections',
  'sign-ins',
  'failed-sign-ins',
  'registrations',
  'subscriptions',
  'publications',
  'conflicts',
] as const;
export type Counted = (typeof COUNTED)[number];

/** What happens on the server and to people. By their name in the scenario; times in milliseconds. */
export type StageAction =
  | { readonly kind: 'becomes'; readonly person: string; readonly status: Status; readonly note: string | undefined }
  | { readonly kind: 'out-of-office'; readonly person: string; readonly note: string | undefined }
  | { readonly kind: 'server'; readonly does: 'stop' | 'start' }
  | { readonly kind: 'restart'; readonly after: number }
  | { readonly kind: 'fault'; readonly fault: FaultSpec }
  | { readonly kind: 'end-fault'; readonly name: string | undefined }
  | { readonly kind: 'act'; readonly act: ServerAct; readonly whom: string | undefined; readonly person?: string }
  | { readonly kind: 'enabled'; readonly whom: string; readonly enabled: boolean }
  | { readonly kind: 'move'; readonly whom: string; readonly pool: string }
  | { readonly kind: 'user-services'; readonly down: boolean }
  | { readonly kind: 'certificate'; readonly flaw: CertificateFlaw | undefined }
  | { readonly kind: 'counted'; readonly atMost: boolean; readonly number: number; readonly what: Counted }
  | { readonly kind: 'wait'; readonly duration: number };

/** What an actor does, or is expected to show. */
export type ActorAction =
  | { readonly kind: 'sign-in'; readonly actor: string; readonly wrongPassword: boolean }
  | { readonly kind: 'sign-off'; readonly actor: string }
  | { readonly kind: 'watch'; readonly actor: string; readonly people: readonly string[] }
  | {
      readonly kind: 'sees';
      readonly actor: string;
      readonly person: string;
      readonly status: Status;
      readonly note: string | undefined;
      readonly within: number;
    }
  | KeepsSeeing
  | { readonly kind: 'link'; readonly actor: string; readonly link: LinkWord; readonly within: number }
  | { readonly kind: 'fails'; readonly actor: string; readonly code: ErrorCode; readonly within: number }
  | { readonly kind: 'publish'; readonly actor: string; readonly status: Status; readonly note: string | undefined }
  | { readonly kind: 'say'; readonly actor: string; readonly text: string; readonly other: string }
  | {
      readonly kind: 'hears';
      readonly actor: string;
      readonly text: string;
      readonly other: string;
      readonly within: number;
    };

export interface KeepsSeeing {
  readonly kind: 'keeps-seeing';
  readonly actor: string;
  readonly person: string;
  readonly status: Status;
  readonly duration: number;
}

export type StepAction = StageAction | ActorAction;

/** One step of a scenario, and where it stands. */
export interface Step {
  readonly action: StepAction;
  readonly text: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** Somebody who signs in. */
export interface Actor {
  readonly name: string;
  /** Account name, the part of the address before `@`. */
  readonly account: string;
  /** True for the product under test when the scenario is played to whatever client connects. */
  readonly outside: boolean;
  /** Home pool; default: the first that is no director. */
  readonly pool?: string | undefined;
}

/** One pool of the site. */
export interface ScenarioPool {
  /** Host name without the domain. */
  readonly name: string;
  readonly director: boolean;
  readonly dialect: Dialect;
}

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly people: readonly string[];
  /** Empty: there is one. Clients connect to the first. */
  readonly pools: readonly ScenarioPool[];
  readonly actors: readonly Actor[];
  readonly steps: readonly Step[];
}
