import { z } from 'zod';
import type { BridgeStatusMessage } from '../../../client/messages.js';
import { STATUSES, type Status } from '../../../presence/availability.js';
import type { BridgeError } from '../../../presence/errors.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import type { BridgeStatus } from '../../status.js';
import type { PlacedRow, ViewDescription, ViewFeed } from '../../view-ports.js';
import { type Problem, problemOf } from '../http/problem.js';
import { statusSchema } from '../schemas.js';
import { readSubscribe, type SubscribeRequest } from './subscribe-request.js';

/**
 * The live stream: text messages, one JSON object each, over WebSocket (RFC 6455) at `/stream`.
 *
 * Opening: browsers fetch a ticket (`POST /api/v1/stream-ticket` with the token) and open `/stream?ticket=...`;
 * programs may send `Authorization: Bearer ...` with the upgrade instead.
 *
 * ```text
 * server  welcome   which views there are and in which language, and the image of each status
 * server  status    the bridge's own state; again at each change and at least every 15 s; who follows people only gets the
 *                   links alone (`BridgeStatusMessage`)
 * client  watch     one view; a later one takes its place
 * server  view      the view's description and all rows in its order
 * server  rows      what changed since, at most every 100 ms; see `RowsMessage`
 * client  subscribe people and lists; a later one takes its place. What comes then: `client/messages.ts`
 * server  error     a message of the client was refused; the stream goes on
 * ```
 *
 * A client too slow for the changes gets no more of them, and a fresh `view` once it has caught up. One that does not
 * catch up is closed with 1013 (try again later), one that does not answer pings is cut, one that floods with 1008.
 */
export const STREAM_PROTOCOL = 1;

/** Languages a template is served in. */
export type ViewLanguage = 'en' | 'de';

export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly protocol: typeof STREAM_PROTOCOL;
  /** Language of all titles, headings and cells, so that a reader can put its own words in the same one. */
  readonly language: ViewLanguage;
  readonly views: readonly ViewDescription[];
  /** Image resource of each status, where the template has one. */
  readonly statusImages: Readonly<Record<string, string>>;
}

export interface ViewMessage {
  readonly type: 'view';
  readonly description: ViewDescription;
  readonly rows: readonly PlacedRow[];
}

/** A row and the place it has once the whole message is applied, counted from 0. */
export interface ChangedRow extends PlacedRow {
  readonly index: number;
}

/**
 * To apply: take out all rows whose id stands in `removed` or `changed`, then put each changed row in at its `index`, in
 * the order given. Applying a message twice does no harm.
 */
export interface RowsMessage {
  readonly type: 'rows';
  readonly view: string;
  /** In ascending order of `index`. */
  readonly changed: readonly ChangedRow[];
  readonly removed: readonly string[];
}

export type StatusMessage = BridgeStatus & {
  readonly type: 'status';
  /** The bridge's clock, so that a reader with a wrong clock can still show ages. */
  readonly now: number;
  /** Statuses of people that were told before may be shown until then. */
  readonly freshUntil: number;
};

export type ErrorMessage = Problem & { readonly type: 'error' };

export type ServerMessage = WelcomeMessage | ViewMessage | RowsMessage | StatusMessage | ErrorMessage;

const watchMessage = z.strictObject({ type: z.literal('watch'), view: z.string().max(128) });

export type ClientMessage = z.infer<typeof watchMessage> | SubscribeRequest;

/** Reads what a client sent. */
export function parseClientMessage(text: string): Result<ClientMessage> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad('the message is not JSON');
  }
  if ((json as { type?: unknown } | null)?.type === 'subscribe') return readSubscribe(json);
  const read = watchMessage.safeParse(json);
  if (read.success) return ok(read.data);
  return bad('{ "type": "watch", "view": "..." } or { "type": "subscribe", "people": [...] } was expected');
}

/** The first message. An image of a status is named as the template names it: `presence-away.gif`. */
export function welcomeMessage(feed: ViewFeed, language: ViewLanguage): WelcomeMessage {
  const images = STATUSES.map((status): [Status, string] => [status, `presence-${status}.gif`]);
  const statusImages = Object.fromEntries(images.filter(([, image]) => feed.image(image) !== undefined));
  return { type: 'welcome', protocol: STREAM_PROTOCOL, language, views: feed.views(), statusImages };
}

/** The state of the view now, or `undefined` when there is no such view. */
export function viewMessage(feed: ViewFeed, view: string): ViewMessage | undefined {
  const description = feed.views().find(({ id }) => id === view);
  return description && { type: 'view', description, rows: feed.rows(view) };
}

/** What became of these rows. `undefined` when the view shows none of them. */
export function rowsMessage(feed: ViewFeed, view: string, ids: ReadonlySet<string>): RowsMessage | undefined {
  const changed: ChangedRow[] = [];
  const gone = new Set(ids);
  // Not the first row only: a document may stand under several categories.
  feed.rows(view).forEach((row, index) => {
    if (!ids.has(row.id)) return;
    gone.delete(row.id);
    changed.push({ index, ...row });
  });
  return changed.length + gone.size === 0 ? undefined : { type: 'rows', view, changed, removed: [...gone] };
}

/** Holds exactly the fields of the API's schema, whatever the status object carries. */
export function statusMessage(status: BridgeStatus, times: Pick<StatusMessage, 'now' | 'freshUntil'>): string {
  return JSON.stringify({ type: 'status', ...times, ...statusSchema.parse(status) });
}

/** The status for those who follow people: without a number or a key of anybody. */
export function linksMessage(
  { bridge, role, ocs, notes }: BridgeStatus,
  times: Pick<StatusMessage, 'now' | 'freshUntil'>,
): string {
  const link = ({ state, since }: { readonly state: string; readonly since: number }) => ({ state, since });
  const message = { type: 'status' as const, ...times, bridge, role: link(role), ocs: link(ocs), notes: link(notes) };
  return JSON.stringify(message satisfies BridgeStatusMessage);
}

export function errorMessage(error: BridgeError): ErrorMessage {
  return { type: 'error', ...problemOf(error).body };
}
