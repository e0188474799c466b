import type { Vocabulary } from '../presence/vocabularies.js';
import type {
  BridgeAnswer,
  MeAnswer,
  OnePersonAnswer,
  OwnStatus,
  PeopleAnswer,
  ResolveAnswer,
  SaidAnswer,
  StatusOfOther,
  WhyAnswer,
} from './answers.js';
import { type Caller, createCaller } from './caller.js';
import { type CheckedOptions, checkedOptions, type PresenceClientOptions } from './client-options.js';
import { eventStreamTransport } from './event-stream-transport.js';
import { type Follow, type FollowListener, startFollow } from './follow.js';
import type { ListAnswer, ListsAnswer } from './list-answers.js';
import { onOnline } from './on-online.js';
import { PresenceError } from './presence-error.js';
import { steadyClock } from './steady-clock.js';
import type { Subscription } from './subscription.js';
import type { Transport } from './transport.js';
import { webSocketTransport } from './web-socket-transport.js';

export type { Activity, Status } from '../presence/availability.js';
export type { Vocabulary } from '../presence/vocabularies.js';
export type * from './answers.js';
export type { PresenceClientOptions } from './client-options.js';
export type { Follow, FollowListener, PeopleChange } from './follow.js';
export type { FollowPhase } from './follow-state.js';
export type * from './list-answers.js';
export type * from './messages.js';
export { type ClientErrorCode, PresenceError } from './presence-error.js';
export type { Subscription } from './subscription.js';
export type * from './wire-ports.js';

export interface AskOptions {
  /** Words of other programs that each answer shall carry besides ours. */
  readonly words?: readonly Vocabulary[];
}

/**
 * A bridge as an application uses it. Names are Notes names in any spelling, SIP or mail addresses. Every promise rejects
 * with `PresenceError`.
 */
export interface PresenceClient {
  /** Statuses of up to 1,000 people, in their order. Who is not found is an answer too. */
  query(people: readonly string[], options?: AskOptions): Promise<PeopleAnswer>;
  /** Status of one person; `DIRECTORY_NOBODY` for nobody. */
  person(who: string, options?: AskOptions): Promise<OnePersonAnswer>;
  /** Whom a text means, and by which rule. */
  resolve(name: string): Promise<ResolveAnswer>;
  /** Why somebody is shown so. */
  why(who: string): Promise<WhyAnswer>;
  /** What the token allows. */
  me(): Promise<MeAnswer>;
  lists(): Promise<ListsAnswer>;
  list(id: string, options?: AskOptions): Promise<ListAnswer>;
  /** What the bridge's own account says of itself; `null` for nothing. */
  own(): Promise<OwnStatus | null>;
  setOwn(status: OwnStatus): Promise<OwnStatus | null>;
  clearOwn(): Promise<OwnStatus | null>;
  /** Says something of somebody who allowed this application to; `PERSON_NOT_ALLOWED` otherwise. */
  setStatusOf(who: string, status: StatusOfOther): Promise<SaidAnswer>;
  /** Takes it back. */
  clearStatusOf(who: string): Promise<SaidAnswer>;
  /** Sends an instant message as the bridge's own account; done once the other side has accepted it. */
  sendMessage(to: string, text: string): Promise<void>;
  bridge(): Promise<BridgeAnswer>;
  /** Follows people until it is stopped, whatever happens to network and bridge. Throws `CLIENT_USAGE`. */
  follow(subscription: Subscription, listener?: FollowListener): Follow;
}

/** The other side has a minute to answer, and a message is tried in two dialogs at most. */
const MESSAGE_MS = 160_000;

/** A client of one bridge, for browsers and Node. Throws `CLIENT_USAGE`. */
export function createPresenceClient(options: PresenceClientOptions): PresenceClient {
  const checked = checkedOptions(options, globalThis);
  const call = createCaller(checked);
  const now = steadyClock({ wall: () => Date.now(), monotonic: () => performance.now() });
  const person = (who: string, rest = ''): string => `api/v1/people/${encodeURIComponent(who)}${rest}`;
  const ownOf = async (answer: Promise<{ readonly own: OwnStatus | null }>) => (await answer).own;
  return {
    query: (people, { words = [] } = {}) => call('POST', 'api/v1/people/query', { body: { people, words } }),
    person: (who, { words = [] } = {}) => call('GET', person(who, wordsQuery(words))),
    resolve: (name) => call('GET', `api/v1/resolve?name=${encodeURIComponent(name)}`),
    why: (who) => call('GET', person(who, '/why')),
    me: () => call('GET', 'api/v1/me'),
    lists: () => call('GET', 'api/v1/lists'),
    list: (id, { words = [] } = {}) => call('GET', `api/v1/lists/${encodeURIComponent(id)}${wordsQuery(words)}`),
    own: () => ownOf(call('GET', 'api/v1/self')),
    setOwn: (status) => ownOf(call('PUT', 'api/v1/self', { body: status, timeout: MESSAGE_MS })),
    clearOwn: () => ownOf(call('DELETE', 'api/v1/self', { timeout: MESSAGE_MS })),
    setStatusOf: (who, status) => call('PUT', person(who, '/status'), { body: status }),
    clearStatusOf: (who) => call('DELETE', person(who, '/status')),
    sendMessage: async (to, text) => {
      await call('POST', 'api/v1/messages', { body: { to, text }, timeout: MESSAGE_MS });
    },
    bridge: () => call('GET', 'api/v1/status'),
    follow: (subscription, listener = {}) => {
      const transport = transportOf(checked, call);
      return startFollow({ transport, subscription, listener, now, random: Math.random, onOnline });
    },
  };
}

function wordsQuery(words: readonly Vocabulary[]): string {
  return words.length === 0 ? '' : `?words=${words.map(encodeURIComponent).join(',')}`;
}

function transportOf({ base, token, ticket, fetch, WebSocket, isPage }: CheckedOptions, call: Caller): Transport {
  if (WebSocket === undefined) return eventStreamTransport({ base, token, fetch });
  const own = async (): Promise<string> => {
    return (await call<{ readonly ticket: string }>('POST', 'api/v1/stream-ticket')).ticket;
  };
  // A page cannot send a header with a WebSocket.
  const fetched = ticket ?? (isPage && token !== undefined ? own : undefined);
  if (fetched !== undefined || token === undefined) return webSocketTransport({ base, WebSocket, ticket: fetched });
  const reason = async (): Promise<void> => {
    const { scopes } = await call<MeAnswer>('GET', 'api/v1/me');
    if (scopes.includes('stream')) return;
    throw new PresenceError({
      code: 'API_FORBIDDEN',
      message: 'the access token lacks the scope "stream"',
      status: 403,
    });
  };
  return webSocketTransport({ base, WebSocket, token, reason });
}
