import type { OwnStatus } from '../../bridge/ports.js';
import type { BridgeError } from '../../presence/errors.js';
import type { MemberAddition } from '../documents/container-members-write.js';
import type { PublicationWrite } from '../documents/publish-write.js';

/** A publication as roaming-self shows it (MS-PRES 2.2.2.3); without instance or version it says that there is none. */
export interface SeenPublication {
  readonly category: string;
  readonly instance?: number | undefined;
  readonly container?: number | undefined;
  readonly version?: number | undefined;
  readonly expireType?: string | undefined;
}

export interface SeenContainer {
  readonly id: number;
  readonly version: number;
  readonly memberTypes: readonly string[];
}

/** What the server says about our own data. A part that is absent was not mentioned. */
export interface SelfReport {
  readonly publications?: readonly SeenPublication[];
  readonly containers?: readonly SeenContainer[];
}

export type PublisherEvent =
  /** A newer wish; `goal` grows. `undefined` takes back whatever is ours. */
  | { readonly type: 'want'; readonly status: OwnStatus | undefined; readonly goal: number }
  /** Look for what an earlier run of ours left behind. */
  | { readonly type: 'tidy' }
  /** The subscription to our own data stands; what it said first, if anything. */
  | { readonly type: 'opened'; readonly report: SelfReport | undefined }
  | { readonly type: 'not-opened'; readonly error: BridgeError; readonly passing: boolean }
  /** The subscription has ended. */
  | { readonly type: 'closed' }
  | { readonly type: 'self'; readonly report: SelfReport }
  | { readonly type: 'accepted'; readonly report: SelfReport | undefined }
  /** 409: publications by position in our request, counted from 1, with the version that the server has. */
  | {
      readonly type: 'conflict';
      readonly operations: readonly { readonly index: number; readonly curVersion: number }[];
    }
  | { readonly type: 'refused'; readonly error: BridgeError; readonly passing: boolean; readonly unanswered: boolean }
  | { readonly type: 'retry' };

export type PublisherEffect =
  /** Subscribe to our own data anew. */
  | { readonly type: 'open' }
  | { readonly type: 'add-members'; readonly additions: readonly MemberAddition[] }
  | { readonly type: 'publish'; readonly writes: readonly PublicationWrite[] }
  /** All wishes up to `goal` are done with; with `kept` the newest will be tried again. */
  | {
      readonly type: 'settled';
      readonly goal: number;
      readonly error: BridgeError | undefined;
      readonly kept: boolean;
    }
  | { readonly type: 'arm'; readonly delay: number };

/** One SERVICE that is under way. */
export type UnderWay =
  | { readonly kind: 'publish'; readonly goal: number; readonly writes: readonly PublicationWrite[] }
  | { readonly kind: 'members' };

export interface PublisherState {
  /** First eight hexadecimal digits of the epid, as a number. */
  readonly endpoint: number;
  /** Open the usual containers when nobody did. */
  readonly grants: boolean;
  readonly wanted: OwnStatus | undefined;
  readonly goal: number;
  /** Something is to be done. */
  readonly dirty: boolean;
  readonly roaming: 'closed' | 'opening' | 'open';
  /** Versions that the server has, by slot. */
  readonly versions: ReadonlyMap<string, number>;
  /** What we published: content, and the versions under which it may stand. More than one only after silence. */
  readonly ours: ReadonlyMap<string, { readonly content: string; readonly versions: readonly number[] }>;
  readonly containers: readonly SeenContainer[] | undefined;
  readonly underWay: UnderWay | undefined;
  /** Refusals for wrong versions in a row. */
  readonly conflicts: number;
  /** Our own data were asked for anew because of them. */
  readonly reopened: boolean;
  /** Passing failures in a row. */
  readonly failures: number;
  /** A retry is armed. */
  readonly waiting: boolean;
}
