import type { HeartbeatRecord, LinkState } from '../bridge/ports.js';
import { ERROR_CODES, type ErrorCode } from '../presence/errors.js';
import { freshUntil, type Heartbeat } from '../presence/freshness.js';
import { FORMS, HEARTBEAT_ITEMS as ITEM, SCHEMA_VERSION } from './fields.js';
import { momentItem, momentOf, numberOf, textOf } from './item-access.js';
import type { Items } from './item-value.js';

/** What a bridge's heartbeat document says. Times in milliseconds since 1970, whole seconds. */
export interface StoredHeartbeat extends Heartbeat {
  readonly bridge: string;
  readonly epoch: number;
  readonly version: string;
  readonly ocs: StoredLink;
  readonly notes: StoredLink;
  readonly people: number;
  readonly reachable: number;
  readonly unknown: number;
}

export interface StoredLink {
  readonly state: LinkState;
  readonly since: number;
  readonly errorCode?: ErrorCode;
}

/**
 * All items of a bridge's heartbeat document. `FreshUntil` spares readers the arithmetic. Errors are stored as their
 * code alone: messages may name servers and accounts.
 */
export function heartbeatItems(record: HeartbeatRecord): Items {
  return {
    [ITEM.form]: FORMS.heartbeat,
    [ITEM.bridge]: record.bridge,
    [ITEM.epoch]: record.epoch,
    [ITEM.connected]: record.connected ? '1' : '',
    [ITEM.writtenAt]: momentItem(record.writtenAt),
    [ITEM.interval]: record.interval / 1000,
    [ITEM.freshUntil]: momentItem(freshUntil(record)),
    [ITEM.ocsState]: record.ocs.state,
    [ITEM.ocsSince]: momentItem(record.ocs.since),
    [ITEM.ocsError]: record.ocs.error?.code ?? '',
    [ITEM.notesState]: record.notes.state,
    [ITEM.notesSince]: momentItem(record.notes.since),
    [ITEM.people]: record.people,
    [ITEM.reachable]: record.reachable,
    [ITEM.unknown]: record.unknown,
    [ITEM.version]: record.version,
    [ITEM.schemaVersion]: SCHEMA_VERSION,
  };
}

/** `undefined` when the document names no bridge or no moment, so that it confirms nothing. */
export function heartbeatFromItems(items: Items): StoredHeartbeat | undefined {
  const bridge = textOf(items, ITEM.bridge);
  const writtenAt = momentOf(items, ITEM.writtenAt);
  const interval = numberOf(items, ITEM.interval);
  if (bridge === '' || writtenAt === undefined || interval === undefined) return undefined;
  return {
    bridge,
    epoch: numberOf(items, ITEM.epoch) ?? 0,
    version: textOf(items, ITEM.version),
    connected: textOf(items, ITEM.connected) === '1',
    writtenAt,
    interval: interval * 1000,
    ocs: linkOf(items, ITEM.ocsState, ITEM.ocsSince, ITEM.ocsError),
    notes: linkOf(items, ITEM.notesState, ITEM.notesSince),
    people: numberOf(items, ITEM.people) ?? 0,
    reachable: numberOf(items, ITEM.reachable) ?? 0,
    unknown: numberOf(items, ITEM.unknown) ?? 0,
  };
}

const LINK_STATES: ReadonlySet<string> = new Set<LinkState>([
  'starting',
  'connecting',
  'connected',
  'transient-disconnect',
  'bad-credentials',
  'untrusted-peer',
  'refused',
  'stopped',
]);

function linkOf(items: Items, stateItem: string, sinceItem: string, errorItem?: string): StoredLink {
  const state = textOf(items, stateItem);
  const code = errorItem === undefined ? '' : textOf(items, errorItem);
  return {
    state: LINK_STATES.has(state) ? (state as LinkState) : 'stopped',
    since: momentOf(items, sinceItem) ?? 0,
    ...(Object.hasOwn(ERROR_CODES, code) ? { errorCode: code as ErrorCode } : {}),
  };
}
