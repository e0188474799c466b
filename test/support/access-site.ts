import type { HttpServerOptions } from '../../src/bridge/api/server.js';
import type { AssertedStatus } from '../../src/bridge/list-ports.js';
import type { Erasure, PersonFile } from '../../src/bridge/person-ports.js';
import type { Person } from '../../src/bridge/ports.js';
import { PersonIndex } from '../../src/bridge/runtime/person-index.js';
import type {
  BridgeStatus,
  PersonExplanation,
  PersonFinding,
  PersonResolution,
  PersonStatus,
} from '../../src/bridge/status.js';
import type { Sees } from '../../src/bridge/watched-ports.js';
import type { Status } from '../../src/presence/availability.js';
import type { DirectoryRow, LookUp } from '../../src/presence/directory.js';
import { BridgeError } from '../../src/presence/errors.js';
import type { SipKey, SipUri } from '../../src/presence/ids.js';
import { bridgeStatus, statusCounts } from './bridge-status.js';
import { endedStream } from './ended-stream.js';
import { type TestServer, testServer } from './http-server.js';
import { rosterOf, sip } from './people.js';
import { type TestToken, TestTokens } from './token-book.js';
import { FakeWatchedPeople } from './watched-people.js';

export interface SitePerson extends Person {
  readonly status: Status;
}

/** A server with all of its routes over these people: rows of both views, index, counts and refused documents agree. */
export class AccessSite {
  readonly server: TestServer;
  readonly tokens: TestTokens;
  readonly sent: SipUri[] = [];
  /** What applications said of people, or took back. */
  readonly said: (readonly [holder: string, key: SipKey, status: AssertedStatus | undefined])[] = [];
  /** Applications all of whose words were taken back. */
  readonly silenced: string[] = [];
  readonly watched: IndexedPeople;
  /** Throws when an application must not speak for people. */
  maySpeak: () => void = () => {};
  readonly #index: PersonIndex;
  #people: readonly SitePerson[];

  private constructor(server: TestServer, tokens: TestTokens, index: PersonIndex, watched: IndexedPeople) {
    this.server = server;
    this.tokens = tokens;
    this.watched = watched;
    this.#index = index;
    this.#people = [];
  }

  static async start(
    people: readonly SitePerson[],
    tokens: readonly TestToken[],
    options: Partial<HttpServerOptions> = {},
  ): Promise<AccessSite> {
    const index = new PersonIndex();
    const watched = new IndexedPeople(index);
    const source = new TestTokens(...tokens);
    const server = await testServer({
      limits: { failures: 10_000 },
      tokens: source,
      people: () => site.#statuses(),
      owners: { person: (key) => index.person(key), revision: () => index.revision },
      query: { find: (text, sees) => site.#find(text, sees), freshMs: 90_000 },
      watched,
      lookUp: async (text) => site.#lookUp(text),
      account: sip('sip:bridge@contoso.example'),
      others: {
        assert: (key, holder, status) => {
          site.maySpeak();
          site.said.push([holder, key, status]);
        },
        retract: (key, holder) => void site.said.push([holder, key, undefined]),
        silence: (holder) => void site.silenced.push(holder),
      },
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
    const site: AccessSite = new AccessSite(server, source, index, watched);
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
    this.watched.set(people.map(confirmed));
    this.server.status = this.#status();
    for (const { key } of gone) this.server.feed.remove(key);
    this.server.feed.put(...changed.map((person) => this.#row(person)));
  }

  /** The roster has other names for these people; their rows follow later. */
  move(...people: readonly SitePerson[]): void {
    this.#people = people;
    this.#index.take(rosterOf(people));
    this.watched.set(people.map(confirmed));
  }

  /** One person changes, and nothing else does. */
  change(person: SitePerson): void {
    this.#people = this.#people.map((one) => (one.key === person.key ? person : one));
    this.watched.change(confirmed(person));
    this.server.status = this.#status();
    this.server.feed.put(this.#row(person));
  }

  async ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Response> {
    const answer = await this.server.get(path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await endedStream(answer);
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

  #lookUp(text: string): LookUp {
    const rows = this.#people
      .filter(({ uri }) => uri === text)
      .map(({ uri, name, displayName }): DirectoryRow => {
        const who = { name, otherNames: [], displayName, address: uri, candidates: [], watched: true };
        return {
          ...who,
          outcome: 'mapped',
          rule: 'people',
          reason: 'The list in the configuration gives the address.',
        };
      });
    return { outcome: rows.length === 0 ? 'not-found' : 'found', rows, age: 0 };
  }

  #file(who: string): PersonFile {
    const { uri, key } = this.#people.find((person) => person.uri === who) ?? {};
    if (uri === undefined || key === undefined) throw new BridgeError('DIRECTORY_NOBODY', `nobody is known as ${who}`);
    const subject = { who, addresses: [uri], keys: [key], names: [], otherNames: [] };
    const nothing = { documents: [], writers: [], elsewhere: [], removed: [], kept: [], refused: [], comesBack: [] };
    return { subject, store: 'data', readAt: 1, ...nothing, optOut: 'not-asked' } as PersonFile;
  }
}

/** Of the site's people by its index, as in a bridge that runs. */
class IndexedPeople extends FakeWatchedPeople {
  readonly #index: PersonIndex;

  constructor(index: PersonIndex) {
    super();
    this.#index = index;
  }

  /** The member whose status every list shows that has an entry, while somebody of that address is there. */
  decider: SipUri | undefined;

  override explain(uri: SipUri): PersonExplanation | undefined {
    const plain = super.explain(uri);
    const list = this.lists().find(({ entry }) => entry?.uri === uri);
    if (plain === undefined || list?.entry === undefined) return plain;
    const decidedBy = this.decider && this.person(this.decider)?.uri;
    const { id, members, entry } = list;
    return { ...plain, rule: 'list-best', list: { id, rule: entry.rule, decidedBy, members: members.length } };
  }

  override resolve(text: string, sees?: Sees): PersonResolution {
    const found = this.#index.resolve(text, sees);
    const statusOf = (uri: SipUri): PersonStatus[] => [this.byAddress(uri) ?? []].flat();
    if (found.outcome === 'ambiguous') return { ...found, candidates: found.uris.flatMap(statusOf) };
    if (found.outcome !== 'found') return found;
    const [person] = statusOf(found.uri);
    return person === undefined ? { outcome: 'not-found' } : { ...found, person };
  }
}

function confirmed(person: SitePerson) {
  return { ...person, since: 1, observedAt: 2 };
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
