import { headerOf, type SipMessage, type SipRequest, type SipResponse } from '../../src/ocs/simulator/codec/message.js';
import {
  DEFAULT_LIMITS,
  type ServerSettings,
  type SimulatorAccount,
  settingsOf,
} from '../../src/ocs/simulator/options.js';
import type { Link } from '../../src/ocs/simulator/server/link.js';
import { SipServer } from '../../src/ocs/simulator/server/sip-server.js';
import type { SipUri } from '../../src/presence/ids.js';
import { sip } from './people.js';
import { silentLog } from './silent-log.js';
import { SimulatedClock, seededRandom } from './simulated-clock.js';

export const ana = sip('ana@contoso.example');
export const ben = sip('ben@contoso.example');
export const cleo = sip('cleo@contoso.example');

export function testAccount(uri: SipUri, displayName: string): SimulatorAccount {
  const user = uri.slice('sip:'.length, uri.indexOf('@'));
  return { uri, user, domain: 'CONTOSO', password: 'secret', displayName };
}

/** A server without sockets and without authentication, on a clock that moves only when told. */
export function testServer(overrides: Partial<ServerSettings> = {}): { server: SipServer; clock: SimulatedClock } {
  const clock = new SimulatedClock();
  const accounts = [testAccount(ana, 'Ana Reyes'), testAccount(ben, 'Ben Okoro'), testAccount(cleo, 'Cleo Lind')];
  const settings = settingsOf({ accounts, clock, random: seededRandom(7), log: silentLog, authVersion: 'none' });
  return {
    server: new SipServer({ ...settings, ...overrides, limits: { ...DEFAULT_LIMITS, ...overrides.limits } }),
    clock,
  };
}

let links = 0;

/** One client's connection to a `testServer`: builds requests by hand and keeps all that the server sends. */
export class TestClient implements Link {
  readonly id: number;
  readonly transport = 'TLS';
  readonly remotePort = 50_412;
  readonly received: SipMessage[] = [];
  readonly user: SipUri;
  closed = false;
  readonly #server: SipServer;
  readonly #epid: string;
  #cseq = 0;

  constructor(server: SipServer, user: SipUri, epid = '5f0c9a1b2d') {
    links += 1;
    this.id = links;
    this.#server = server;
    this.user = user;
    this.#epid = epid;
  }

  send(message: SipMessage): void {
    this.received.push(message);
  }

  close(): void {
    this.closed = true;
    this.#server.disconnected(this);
  }

  /** Sends a request and gives the last response that came at once. */
  request(method: string, options: RequestOptions = {}): SipResponse {
    const before = this.received.length;
    this.deliver(this.build(method, options));
    const responses = this.received.slice(before).filter((message) => message.kind === 'response');
    const last = responses.at(-1);
    if (!last) throw new Error(`no response to ${method}`);
    return last;
  }

  deliver(message: SipMessage): void {
    this.#server.receive(this, message);
  }

  build(method: string, options: RequestOptions = {}): SipRequest {
    const { to = this.user, uri = to, toTag, callId = `call-${method}`, headers = [], body = '' } = options;
    this.#cseq += 1;
    const cseq = options.cseq ?? this.#cseq;
    return {
      kind: 'request',
      method,
      uri,
      headers: [
        { name: 'Via', value: 'SIP/2.0/TLS 10.20.0.7:50412;branch=z9hG4bKa1' },
        { name: 'From', value: `<${this.user}>;tag=7d1f0a2b3c${this.#epid === '' ? '' : `;epid=${this.#epid}`}` },
        { name: 'To', value: toTag === undefined ? `<${to}>` : `<${to}>;tag=${toTag}` },
        { name: 'Call-ID', value: callId },
        { name: 'CSeq', value: `${cseq} ${method}` },
        ...headers.map(([name, value]) => ({ name, value })),
      ],
      body: Buffer.from(body, 'utf8'),
    };
  }

  register(headers: readonly (readonly [string, string])[] = []): SipResponse {
    const instance = '488034f8-5165-5d34-a500-cfdd0a904716';
    return this.request('REGISTER', {
      callId: `registration-${this.#epid}`,
      headers: [
        [
          'Contact',
          `<sip:10.20.0.7:50412;transport=tls;ms-opaque=6f1d2c3b4a>;proxy=replace;+sip.instance="<urn:uuid:${instance.replace('4880', this.#epid.slice(0, 4).padEnd(4, '0'))}>"`,
        ],
        ...headers,
      ],
    });
  }

  /** Publishes one user state; `version` as last seen. */
  publishState(availability: number, version = 0, kind = 'userState'): SipResponse {
    const state = `<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${kind}"><availability>${availability}</availability></state>`;
    const expireType = kind === 'userState' ? 'static' : 'endpoint';
    return this.publish(
      `<publication categoryName="state" instance="${kind.length}" container="2" version="${version}" expireType="${expireType}">${state}</publication>`,
    );
  }

  publish(publications: string): SipResponse {
    return this.request('SERVICE', {
      headers: [['Content-Type', 'application/msrtc-category-publish+xml']],
      body: `<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence"><publications uri="${this.user}">${publications}</publications></publish>`,
    });
  }

  /** Watches people as a batch, as OCS clients do. */
  watch(people: readonly string[], options: WatchOptions = {}): SipResponse {
    const {
      action = 'subscribe',
      categories = ['state', 'note'],
      supported = 'ms-benotify, ms-piggyback-first-notify',
    } = options;
    const resources = people.map((person) => `<resource uri="${person}"/>`).join('');
    const names = categories.map((name) => `<category name="${name}"/>`).join('');
    return this.request('SUBSCRIBE', {
      callId: options.callId ?? 'watching',
      ...(options.toTag === undefined ? {} : { toTag: options.toTag }),
      headers: [
        ['Event', 'presence'],
        ['Supported', supported],
        ['Require', 'adhoclist, categoryList'],
        ['Content-Type', 'application/msrtc-adrl-categorylist+xml'],
      ],
      body: `<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="${this.user}" name=""><action name="${action}" id="1"><adhocList>${resources}</adhocList><categoryList>${names}</categoryList></action></batchSub>`,
    });
  }

  /** Requests of one method that the server sent, oldest first. */
  requests(method: string): readonly SipRequest[] {
    return this.received.filter(
      (message): message is SipRequest => message.kind === 'request' && message.method === method,
    );
  }

  /** Answers a request that the server sent. */
  answer(request: SipRequest, status: number, headers: readonly (readonly [string, string])[] = []): void {
    const copied = request.headers.filter(({ name }) => /^(via|from|to|call-id|cseq)$/i.test(name));
    this.deliver({
      kind: 'response',
      status,
      reason: 'Reason',
      headers: [...copied, ...headers.map(([name, value]) => ({ name, value }))],
      body: Buffer.alloc(0),
    });
  }
}

export interface RequestOptions {
  readonly to?: string;
  readonly uri?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

export interface WatchOptions {
  readonly action?: 'subscribe' | 'unsubscribe';
  readonly categories?: readonly string[];
  readonly supported?: string;
  readonly callId?: string;
  readonly toTag?: string;
}

/** Tag in the `To` of a response. */
export function toTagOf(response: SipResponse): string {
  return /;tag=([^;]+)/.exec(headerOf(response, 'to') ?? '')?.[1] ?? '';
}
