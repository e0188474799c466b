import type { HttpServerOptions } from '../../src/bridge/api/server.js';
import type { Erasure, PersonFile } from '../../src/bridge/person-ports.js';
import type { Person } from '../../src/bridge/ports.js';
import { PersonIndex } from '../../src/bridge/runtime/person-index.js';
import type { BridgeStatus, PersonFinding, PersonStatus } from '../../src/bridge/status.js';
import type { Status } from '../../src/presence/availability.js';
import { BridgeError } from '../../src/presence/errors.js';
import type { SipUri } from '../../src/presence/ids.js';
import { bridgeStatus, statusCounts } from './bridge-status.js';
import { type TestServer, testServer } from './http-server.js';
import { rosterOf } from './people.js';
import { type TestToken, TestTokens } from './token-book.js';

export interface SitePerson extends Person {
  readonly status: Status;
}

/** A server with all of its routes over these people: rows of both views, index, counts and refused documents agree. */
export class AccessSite {
  readonly server: TestServer;
  readonly tokens: TestTokens;
  readonly sent: SipUri[] = [];
  readonly #index: PersonIndex;
  #people: readonly SitePerson[];

  private constructor(server: TestServer, tokens: TestTokens, index: PersonIndex, people: readonly SitePerson[]) {
    this.server = server;
    this.tokens = tokens;
    this.#index = index;
    this.#people = people;
  }

  static async start(
    people: readonly SitePerson[],
    tokens: readonly TestToken[],
    options: Partial<HttpServerOptions> = {},
  ): Promise<AccessSite> {
    const index = new PersonIndex();
    const source = new TestTokens(...tokens);
    const server = await testServer({
      limits: { failures: 10_000 },
      tokens: source,
      people: () => site.#statuses(),
      owners: { person: (key) => index.person(key), revision: () => index.revision },
      query: { find: (text, sees) => site.#find(text, sees), freshMs: 90_000 },
      reconcile: async () => Object.fromEntries(RECONCILED.map((name) => [name, 1])) as never,
      desk: { show: async (who) => site.#file(who), erase: async (who) => site.#file(who) as unknown as Erasure },
      self: {
        own: { publish: async () => {}, clear: async () => {}, current: () => undefined },
        messages: {
          send: async (to) => {
            if (!site.#people.some(({ uri }) => uri === to)) throw new BridgeError('OCS_MESSAGE', 'nobody answers');
            site.sent.push(to);
          },
          typing: () => {},
          onMessage: () => () => {},
          onTyping: () => () => {},
        },
      },
      ...options,
    });
    const site: AccessSite = new AccessSite(server, source, index, people);
    site.set(people);
    return site;
  }

  /** Other people, or the same with other statuses. */
  set(people: readonly SitePerson[]): void {
    const gone = this.#people.filter(({ key }) => !people.some((person) => person.key === key));
    const known = new Set(this.server.feed.rows('People').map((row) => row.id));
    const changed = people.filter((person) => !known.has(person.key) || !this.#people.includes(person));
    this.#people = people;
    this.#index.take(rosterOf(people));
    this.server.status = this.#status();
    for (const { key } of gone) this.server.feed.remove(key);
    this.server.feed.put(...changed.map((person) => this.#row(person)));
  }

  /** The roster has other names for these people; their rows follow later. */
  move(...people: readonly SitePerson[]): void {
    this.#people = people;
    this.#index.take(rosterOf(people));
  }

  /** One person changes, and nothing else does. */
  change(person: SitePerson): void {
    this.#people = this.#people.map((one) => (one.key === person.key ? person : one));
    this.server.status = this.#status();
    this.server.feed.put(this.#row(person));
  }

  async ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Response> {
    return await this.server.get(path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  #row({ key, uri, name, status }: SitePerson) {
    return { id: key, name: name ?? uri, status };
  }

  #status(): BridgeStatus {
    const count: Partial<Record<Status, number>> = {};
    for (const { status } of this.#people) count[status] = (count[status] ?? 0) + 1;
    return bridgeStatus(BEGAN, {
      people: this.#people.length,
      counts: statusCounts(count),
      writtenTotal: this.#people.length,
      failedDocuments: this.#people.length,
      refused: this.#people.map(({ key }) => ({ key, code: 'NOTES_FULL' })),
    });
  }

  #statuses(): readonly PersonStatus[] {
    return this.#people.map(({ uri, key, name, displayName, status }) => ({
      uri,
      key,
      name,
      displayName,
      status,
      activity: '',
      activityText: '',
      outOfOffice: false,
      note: '',
      since: 1,
      observedAt: 2,
      written: true,
      source: 'ocs' as const,
    }));
  }

  #find(text: string, sees?: (person: Person) => boolean): PersonFinding {
    const found = this.#index.resolve(text, sees);
    if (found.outcome !== 'found') return found;
    const person = this.#statuses().find(({ uri }) => uri === found.uri);
    return person === undefined ? { outcome: 'not-found' } : { outcome: 'found', person };
  }

  #file(who: string): PersonFile {
    const { uri, key } = this.#people.find((person) => person.uri === who) ?? {};
    if (uri === undefined || key === undefined) throw new BridgeError('DIRECTORY_NOBODY', `nobody is known as ${who}`);
    const subject = { who, addresses: [uri], keys: [key], names: [], otherNames: [] };
    const nothing = { documents: [], writers: [], elsewhere: [], removed: [], kept: [], refused: [], comesBack: [] };
    return { subject, store: 'data', readAt: 1, ...nothing, optOut: 'not-asked' } as PersonFile;
  }
}

const BEGAN = Date.UTC(2026, 0, 5, 8, 0, 0);

const RECONCILED = [
  'startedAt',
  'endedAt',
  'documents',
  'missing',
  'spoilt',
  'leaving',
  'duplicates',
  'conflicts',
  'leftAlone',
  'overtaken',
  'cause',
];
