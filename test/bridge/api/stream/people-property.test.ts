import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGrant, type Grant } from '../../../../src/bridge/api/access/grant.js';
import { parsePersonFilter } from '../../../../src/bridge/api/access/person-filter.js';
import { doubtOf, personPresence } from '../../../../src/bridge/api/people/person-answer.js';
import { Resolver } from '../../../../src/bridge/api/stream/subscription.js';
import { STATUSES } from '../../../../src/presence/availability.js';
import type { SipUri } from '../../../../src/presence/ids.js';
import type { FakeWire } from '../../../support/fake-wire.js';
import { HubSite } from '../../../support/hub-site.js';
import { notesName, person, sip } from '../../../support/people.js';
import { PeopleState } from '../../../support/people-state.js';
import type { FakePerson } from '../../../support/watched-people.js';

/** So small that parts, slow readers and changes that are too many come all the time. */
const LIMITS = { part: 400, changes: 900, buffered: 1_000, slice: 1 };
const PEOPLE = 12;
const SUBSCRIPTIONS = [
  { people: [], lists: ['everybody'], words: [] },
  { people: ['p1@contoso.example', 'P2/Sales/Contoso', 'p3@contoso.example'], lists: [], words: [] },
  { people: ['p4@contoso.example'], lists: ['desk'], words: ['lync'] },
] as const;

const sales = parsePersonFilter(['*/Sales/Contoso']);
if (!sales.ok) throw new Error(sales.reason);
const GRANTS: readonly Grant[] = [
  createGrant({ holder: 'all', scopes: ['stream'] }),
  createGrant({ holder: 'sales', scopes: ['stream'], filter: sales.value }),
];

function uriOf(number: number): SipUri {
  return sip(`sip:p${number}@contoso.example`);
}

function somebody(number: number, unit: string, status: (typeof STATUSES)[number]): FakePerson {
  return { ...person(uriOf(number), `P${number}/${unit}/Contoso`), status, observedAt: 1, note: `Note of ${number}` };
}

const number = fc.nat(PEOPLE - 1);
const status = fc.constantFrom(...STATUSES);
const unit = fc.constantFrom('Sales', 'Support');

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('change' as const), who: fc.array(number), status }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('doubt' as const), who: fc.array(number) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('link' as const), up: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('roster' as const), who: number, unit, there: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const), who: fc.uniqueArray(number) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(1_500) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), client: fc.nat(3), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), client: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), client: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('return' as const), client: fc.nat(3), forget: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compare' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** An application that keeps what it knows over connections. */
class Application {
  state = new PeopleState();
  readonly outsiders: string[] = [];
  wire: FakeWire | undefined;
  readonly #site: HubSite;
  readonly #grant: Grant;
  readonly #subscription: (typeof SUBSCRIPTIONS)[number];

  constructor(site: HubSite, grant: Grant, subscription: (typeof SUBSCRIPTIONS)[number]) {
    this.#site = site;
    this.#grant = grant;
    this.#subscription = subscription;
  }

  return(): void {
    if (this.wire !== undefined && this.wire.closed === undefined) return;
    this.state.cut();
    this.wire = this.#site.open((message) => this.state.take(message), this.#grant);
    this.#watchOver(this.wire);
    const { cursor } = this.state;
    this.wire.says({ type: 'subscribe', ...this.#subscription, ...(cursor === undefined ? {} : { cursor }) });
  }

  /** Whoever is told of is there, and inside of the filter, in the moment when it is told. */
  #watchOver(wire: FakeWire): void {
    const send = wire.send.bind(wire);
    wire.send = (frames) => {
      for (const { eventStream } of frames) {
        const told = String(eventStream).matchAll(/"address":"(sip:p\d+@contoso\.example)","name"/g);
        for (const [, address] of told) {
          const one = this.#site.watched.person(sip(address ?? ''));
          if (one === undefined || !this.#grant.sees(one)) this.outsiders.push(address ?? '');
        }
      }
      send(frames);
    };
  }

  /** Everybody as the bridge would tell them now, one by one. */
  truth(): Record<string, unknown> {
    const { watched } = this.#site;
    const doubt = doubtOf(this.#site.status);
    const { members } = new Resolver(watched, this.#grant).meaningOf(this.#subscription);
    const shown = members.map((uri) => {
      const one = watched.byAddress(uri);
      if (one === undefined) throw new Error(`${uri} is not there`);
      return personPresence(one, doubt, this.#subscription.words);
    });
    return Object.fromEntries(shown.map((one) => [one.address, one]));
  }
}

async function play(steps: readonly Step[]): Promise<void> {
  const people = new Map(Array.from({ length: PEOPLE }, (_, index) => [index, somebody(index, 'Sales', 'busy')]));
  const site = new HubSite({ limits: LIMITS });
  const { watched, clock } = site;
  watched.set([...people.values()]);
  const applications = [
    ...SUBSCRIPTIONS.map((one) => [GRANTS[0], one] as const),
    [GRANTS[1], SUBSCRIPTIONS[0]] as const,
  ].map(([grant, subscription]) => new Application(site, grant as Grant, subscription));
  for (const application of applications) application.return();

  const compare = async (): Promise<void> => {
    for (const application of applications) {
      application.return();
      const { wire } = application;
      if (wire !== undefined) wire.isStalled = false;
      wire?.take();
    }
    await clock.advance(1_100);
    for (const { state, truth, wire } of applications.map((one) => ({
      ...one,
      truth: one.truth(),
      state: one.state,
    }))) {
      expect(wire?.closed).toBeUndefined();
      expect(state.isPartial).toBe(false);
      expect(Object.fromEntries(state.people)).toEqual(truth);
    }
  };

  const act = async (one: Step): Promise<void> => {
    switch (one.do) {
      case 'change':
        return watched.change(
          ...one.who.map((who) => ({
            uri: uriOf(who),
            status: one.status,
            observedAt: clock.now(),
            // Whoever is confirmed is so by somebody, also after a roster without.
            source: 'ocs' as const,
          })),
        );
      case 'doubt':
        return watched.change(...one.who.map((who) => ({ uri: uriOf(who), observedAt: undefined })));
      case 'link':
        site.status = { ...site.status, ocs: { state: one.up ? 'connected' : 'transient-disconnect', since: 1 } };
        return;
      case 'roster': {
        const uri = uriOf(one.who);
        const there = watched.all().filter((known) => known.uri !== uri);
        // Nobody confirms who comes, nor is it told by the engine; it is when somebody does.
        const newcomer = { ...somebody(one.who, one.unit, 'away'), observedAt: undefined };
        const now = one.there ? [...there, newcomer] : there;
        watched.set(now as readonly FakePerson[]);
        return;
      }
      case 'list':
        return watched.setLists({
          id: 'desk',
          title: 'Desk',
          kind: 'list',
          members: one.who.map((who) => uriOf(who)),
        });
      case 'wait':
        return await clock.advance(one.ms);
      case 'stall': {
        const wire = applications[one.client]?.wire;
        if (wire !== undefined) wire.isStalled = one.on;
        return;
      }
      case 'take':
        return applications[one.client]?.wire?.take();
      case 'cut':
        return applications[one.client]?.wire?.cut();
      case 'return':
        if (one.forget && applications[one.client]?.wire?.closed !== undefined) {
          const application = applications[one.client];
          if (application !== undefined) application.state = new PeopleState();
        }
        return applications[one.client]?.return();
      case 'compare':
        return await compare();
    }
  };

  for (const one of steps) await act(one);
  await compare();
  for (const { outsiders } of applications) expect(outsiders).toEqual([]);
  expect(site.log.entries.filter(({ event }) => event === 'stream-failed')).toEqual([]);
}

test('whatever happens, who does as the messages say knows everybody as the bridge does, and misses nothing', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), play), { numRuns: 100 });
}, 60_000);

test('names with which a subscription of the property is made are those of its people', () => {
  expect(somebody(2, 'Sales', 'busy').name).toBe(notesName('P2/Sales/Contoso'));
});
