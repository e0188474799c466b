import type { Answer, RequestDraft } from '../../src/ocs/agent/core.js';
import { categoriesDialect } from '../../src/ocs/agent/dialects/categories.js';
import type { RequestBudget } from '../../src/ocs/agent/request-budget.js';
import { Watcher } from '../../src/ocs/agent/watcher.js';
import type { WatcherOptions } from '../../src/ocs/agent/watcher-words.js';
import type { BridgeError } from '../../src/presence/errors.js';
import type { SipUri } from '../../src/presence/ids.js';
import type { Observation } from '../../src/presence/snapshot.js';
import { sip } from './people.js';
import { recordingLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';
import { sipMessage } from './sip-message.js';

export const ACCOUNT = sip('bridge@contoso.example');

export const CATEGORIES = 'application/msrtc-event-categories+xml';
export const stateOf = (uri: SipUri, availability = 3500, time = '2026-01-05T08:00:00.000'): string =>
  `<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="${uri}"><category name="state" instance="1" publishTime="${time}"><state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState"><availability>${availability}</availability></state></category></categories>`;
export const LIST = 'application/rlmi+xml';
export const listOf = (...entries: readonly (readonly [SipUri, string])[]): string =>
  listWith('version="0" fullState="false"', ...entries);
export const listWith = (head: string, ...entries: readonly (readonly [SipUri, string])[]): string =>
  `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${ACCOUNT}" ${head}>${entries
    .map(([uri, instance]) => `<resource uri="${uri}"><instance id="0" ${instance}/></resource>`)
    .join('')}</list>`;

/** What a test says of a notification; the rest is as usual. */
export interface Notice {
  readonly method?: 'BENOTIFY' | 'NOTIFY';
  readonly cseq?: number;
  readonly type?: string;
  readonly state?: string;
  readonly headers?: readonly string[];
  readonly toTag?: string;
}

export interface Sent {
  readonly draft: RequestDraft;
  readonly people: readonly string[];
  answer(answer: Answer): void;
}

/** The watcher between a scripted server and a listener that remembers. */
export class WatcherBench {
  readonly clock = new SimulatedClock();
  readonly log = recordingLog();
  readonly sent: Sent[] = [];
  readonly seen: { readonly uri: SipUri; readonly authoritative: boolean }[] = [];
  readonly heard: { readonly observation: Observation; readonly authoritative: boolean }[] = [];
  readonly lost: { readonly uris: readonly SipUri[]; readonly reason: string }[] = [];
  readonly refused: string[] = [];
  signIns = 0;
  failure: BridgeError | undefined;
  readonly watcher: Watcher;
  #taken = 0;

  constructor(options: Partial<WatcherOptions> & { readonly budget?: (clock: SimulatedClock) => RequestBudget } = {}) {
    const { budget, ...terms } = options;
    const exchange = (draft: RequestDraft, answer: (answer: Answer) => void): void => {
      const body = draft.body?.content.toString() ?? '';
      const people = [...body.matchAll(/<resource uri="([^"]+)"/g)].map((match) => match[1] ?? '');
      this.sent.push({ draft, people, answer });
    };
    this.watcher = new Watcher(
      {
        account: ACCOUNT,
        contact: '<sip:x>',
        categories: ['state'],
        dialect: categoriesDialect('batch'),
        batchSize: 100,
        maxInFlight: 8,
        ...terms,
      },
      { exchange },
      {
        onObservations: (observations: readonly Observation[], authoritative) => {
          this.seen.push(...observations.map(({ uri }) => ({ uri, authoritative })));
          this.heard.push(...observations.map((observation) => ({ observation, authoritative })));
        },
        onLost: (uris, reason) => this.lost.push({ uris, reason }),
        onSignInNeeded: () => {
          this.signIns++;
        },
        onFailed: (error) => {
          this.failure = error;
        },
      },
      {
        clock: this.clock,
        random: seededRandom(),
        log: this.log,
        count: (_what, reason) => this.refused.push(reason),
        budget: budget?.(this.clock),
      },
    );
  }

  watch(...people: readonly SipUri[]): void {
    this.watcher.watch(new Set(people));
  }

  /** Answers request number `index` of all that were sent. */
  reply(index: number, status: number, body = '', type = CATEGORIES, headers: readonly string[] = []): void {
    const sent = this.sent[index];
    if (sent === undefined) throw new Error(`request ${index} was not sent`);
    const { callId, fromTag, cseq } = sent.draft;
    const lines = [
      `SIP/2.0 ${status} x`,
      `From: <${ACCOUNT}>;tag=${fromTag}`,
      `To: <${ACCOUNT}>;tag=T${index}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} SUBSCRIBE`,
      `Contact: <sip:fe${index}.contoso.example>`,
      ...(status < 300 && !headers.some((line) => line.startsWith('Expires:')) ? ['Expires: 28800'] : []),
      ...headers,
      ...(body === '' ? [] : [`Content-Type: ${type}`]),
    ];
    sent.answer(sipMessage(lines, body));
  }

  /** Requests sent since the last call. */
  take(): readonly Sent[] {
    const fresh = this.sent.slice(this.#taken);
    this.#taken = this.sent.length;
    return fresh;
  }

  /** A notification in the dialog of request `index`. */
  notify(index: number, body = '', state = 'active;expires=28000', toTag = this.sent[index]?.draft.fromTag) {
    return this.notice(index, body, { state, ...(toTag !== undefined && { toTag }) });
  }

  notice(index: number, body: string, notice: Notice = {}): boolean {
    const { method = 'BENOTIFY', cseq = 2, type = CATEGORIES, state = 'active;expires=28000', headers = [] } = notice;
    const lines = [
      `${method} sip:10.20.0.7 SIP/2.0`,
      `From: <${ACCOUNT}>;tag=T${index}`,
      `To: <${ACCOUNT}>;tag=${notice.toTag ?? this.sent[index]?.draft.fromTag}`,
      `Call-ID: ${this.sent[index]?.draft.callId}`,
      `CSeq: ${cseq} ${method}`,
      'Event: presence',
      `Subscription-State: ${state}`,
      ...headers,
      ...(body === '' ? [] : [`Content-Type: ${type}`]),
    ];
    const message = sipMessage(lines, body);
    const owned = this.watcher.owns(message);
    if (owned) this.watcher.receive(message);
    return owned;
  }
}
