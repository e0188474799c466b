import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { STATUSES, type Status } from '../../../src/presence/availability.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { FAKED, FollowedSite, type FollowedSiteOptions } from '../../support/followed-site.js';

const PEOPLE = 200;
const FRESH_MS = 90_000;
const LOSS_MS = 30_000;
/** A dead connection is noticed in 35 s, and a client waits half a minute between two attempts at most. */
const BACK_MS = 75_000;

const ends: (() => Promise<void>)[] = [];
beforeEach(() => {
  vi.useFakeTimers(FAKED);
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  vi.useRealTimers();
});

async function site(options: Partial<FollowedSiteOptions> = {}): Promise<FollowedSite> {
  const started = await FollowedSite.start({ people: PEOPLE, freshMs: FRESH_MS, transport: 'websocket', ...options });
  ends.push(() => started.ends());
  return started;
}

/** Follows everybody by their addresses, and is told of all of them. */
async function followed(office: FollowedSite) {
  const follow = office.follows({ people: office.uris });
  await office.until(5_000, () => follow.state === 'live');
  expect(office.differences()).toEqual([]);
  expect(follow.people().size).toBe(PEOPLE);
  return follow;
}

/** Every so many-th person becomes this. */
function all({ uris }: FollowedSite, every: number, status: Status): (readonly [SipUri, Status])[] {
  return uris.filter((_, index) => index % every === 0).map((uri) => [uri, status]);
}

describe.each(['websocket', 'events'] as const)('a page that follows 200 people by %s', (transport) => {
  test('resumes without a gap after 30 s in which the network lost everything', async () => {
    const office = await site({ transport });
    const follow = await followed(office);
    office.proxy.turns('lost');
    office.becomes(all(office, 2, 'busy'));
    await office.passes(LOSS_MS);
    office.becomes(all(office, 3, 'away'));
    expect(office.lies()).toEqual([]);
    office.proxy.said = '';
    office.proxy.turns('fine', { survive: false });
    await office.until(BACK_MS, () => office.differences().length === 0);
    expect([follow.state, office.lies()]).toEqual(['live', []]);
    expect(office.proxy.said).toContain('"resumed":true');
    expect(office.proxy.said).not.toContain('"snapshot"');
  });

  test('hears what it missed by a connection that outlives the loss', async () => {
    const office = await site({ transport });
    await followed(office);
    office.proxy.turns('lost');
    office.becomes(all(office, 2, 'do-not-disturb'));
    await office.passes(LOSS_MS);
    office.proxy.turns('fine');
    await office.until(BACK_MS, () => office.differences().length === 0);
    expect(office.lies()).toEqual([]);
  });

  test('is told everything anew by a bridge that began anew meanwhile', async () => {
    const office = await site({ transport });
    await followed(office);
    office.proxy.turns('down');
    office.becomes(all(office, 2, 'offline'));
    await office.restarts();
    await office.passes(LOSS_MS);
    office.proxy.said = '';
    office.proxy.turns('fine');
    await office.until(BACK_MS, () => office.differences().length === 0);
    expect(office.proxy.said).toContain('"type":"snapshot"');
    expect(office.proxy.said).not.toContain('"resumed":true');
  });

  test('shows nobody as available once what it knows is too old', async () => {
    const office = await site({ transport, freshMs: 20_000 });
    const follow = await followed(office);
    office.proxy.turns('lost');
    await office.passes(LOSS_MS);
    expect(new Set([...follow.people().values()].map(({ status }) => status))).toEqual(new Set(['unknown']));
    office.proxy.turns('fine', { survive: false });
    await office.until(BACK_MS, () => office.differences().length === 0);
  });
});

/** What may happen between two looks. */
type Happening =
  | { readonly what: 'change'; readonly who: readonly number[]; readonly status: Status }
  | { readonly what: 'wait'; readonly ms: number }
  | { readonly what: 'lost' | 'down' | 'restart' }
  | { readonly what: 'fine'; readonly survive: boolean }
  | { readonly what: 'tear'; readonly octets: number };

const someone = fc.nat({ max: PEOPLE - 1 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('change' as const),
      who: fc.uniqueArray(someone, { minLength: 1, maxLength: 60 }),
      status: fc.constantFrom(...STATUSES),
    }),
  },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 10, max: 20_000 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('lost' as const, 'down' as const) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('fine' as const), survive: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('tear' as const), octets: fc.nat({ max: 60_000 }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('restart' as const) }) },
);

async function happens(office: FollowedSite, one: Happening): Promise<void> {
  switch (one.what) {
    case 'change':
      return office.becomes(one.who.map((index) => [office.uris[index] as SipUri, one.status]));
    case 'wait':
      return office.passes(one.ms);
    case 'lost':
    case 'down':
      return office.proxy.turns(one.what);
    case 'fine':
      return office.proxy.turns('fine', { survive: one.survive });
    case 'tear':
      return office.proxy.tearsAfter(one.octets);
    case 'restart':
      return office.restarts();
  }
}

describe('whatever network, people and bridge do', () => {
  test('a page never shows what is not true, and in the end shows what is', { timeout: 60_000 }, async () => {
    const days = fc.record({
      transport: fc.constantFrom('websocket' as const, 'events' as const),
      freshMs: fc.constantFrom(20_000, FRESH_MS),
      byList: fc.boolean(),
      happenings: fc.array(happening, { minLength: 5, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(days, async ({ transport, freshMs, byList, happenings }) => {
        const office = await FollowedSite.start({ people: PEOPLE, transport, freshMs });
        try {
          office.follows(byList ? { lists: ['everybody'] } : { people: office.uris });
          for (const one of happenings) {
            await happens(office, one);
            await office.passes(50);
            expect(office.lies()).toEqual([]);
          }
          office.proxy.turns('fine', { survive: false });
          await office.passes(BACK_MS);
          expect([office.follow?.state, office.differences()]).toEqual(['live', []]);
        } finally {
          await office.ends();
        }
      }),
      { numRuns: 15 },
    );
  });
});
