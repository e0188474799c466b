import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BadgeHub } from '../../../src/client/badge/hub.js';
import type { BadgeFacts } from '../../../src/client/badge/look.js';
import type { Asked, Follow, FollowListener, PersonPresence, Subscription } from '../../../src/client/client.js';
import { presence } from '../follow-model.js';

/** What a hub does with the client, without any bridge. */
class FakeFollow {
  readonly subscriptions: Subscription[] = [];
  readonly known = new Map<string, PersonPresence>();
  readonly meant = new Map<string, Asked>();
  state: Follow['state'] = 'live';
  stopped = 0;
  listener: FollowListener = {};

  readonly client = {
    follow: (subscription: Subscription, listener: FollowListener = {}): Follow => {
      this.subscriptions.push(subscription);
      this.listener = listener;
      const fake: FakeFollow = this;
      return {
        get state() {
          return fake.state;
        },
        error: undefined,
        bridge: undefined,
        people: () => this.known,
        person: (query) => this.known.get(query),
        asked: () => this.meant,
        update: (next) => void this.subscriptions.push(next),
        stop: () => void this.stopped++,
      };
    },
  };

  tell(): void {
    this.listener.onPeople?.({ changed: [], removed: [] }, undefined as never);
  }
}

class Reader {
  facts: BadgeFacts = {};
  show(facts: BadgeFacts): void {
    this.facts = facts;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('badges of a page', () => {
  test('share one subscription, however often they name somebody', () => {
    const fake = new FakeFollow();
    const hub = new BadgeHub(fake.client);
    for (const name of ['ana', 'ben', 'ana']) hub.join(name, new Reader());
    vi.advanceTimersByTime(60);
    expect(fake.subscriptions).toEqual([{ people: ['ana', 'ben'] }]);
  });

  test('that come later are gathered for a while', () => {
    const fake = new FakeFollow();
    const hub = new BadgeHub(fake.client);
    hub.join('ana', new Reader());
    vi.advanceTimersByTime(60);
    for (let n = 0; n < 20; n++) {
      hub.join(`p${n}`, new Reader());
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(2_000);
    expect(fake.subscriptions.map(({ people }) => people?.length)).toEqual([1, 21]);
  });

  test('that move within the page change nothing', () => {
    const fake = new FakeFollow();
    const hub = new BadgeHub(fake.client);
    const reader = new Reader();
    hub.join('ana', reader);
    vi.advanceTimersByTime(60);
    hub.leave('ana', reader);
    hub.join('ana', reader);
    vi.advanceTimersByTime(20_000);
    expect([fake.subscriptions.length, fake.stopped]).toEqual([1, 0]);
  });

  test('that are all gone end it, after a while', () => {
    const fake = new FakeFollow();
    const hub = new BadgeHub(fake.client);
    const reader = new Reader();
    hub.join('ana', reader);
    vi.advanceTimersByTime(60);
    hub.leave('ana', reader);
    vi.advanceTimersByTime(9_000);
    expect(fake.stopped).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(fake.stopped).toBe(1);
  });

  test('beyond what a bridge takes say so, until others go', () => {
    const fake = new FakeFollow();
    const hub = new BadgeHub(fake.client);
    const readers = Array.from({ length: 1_001 }, () => new Reader());
    for (const [n, reader] of readers.entries()) hub.join(`p${n}`, reader);
    vi.advanceTimersByTime(60);
    expect([fake.subscriptions[0]?.people?.length, readers[1_000]?.facts]).toEqual([1_000, { reason: 'too-many' }]);
    hub.leave('p0', readers[0] as Reader);
    vi.advanceTimersByTime(11_000);
    expect(fake.subscriptions[1]?.people?.at(-1)).toBe('p1000');
  });

  test('show who is meant, why nobody is, and what became of the bridge', () => {
    const fake = new FakeFollow();
    const hub = new BadgeHub(fake.client);
    const [ana, nobody, long] = [new Reader(), new Reader(), new Reader()];
    hub.join('ana', ana);
    hub.join('nobody', nobody);
    hub.join('x'.repeat(1_025), long);
    expect([ana.facts, long.facts]).toEqual([{ reason: 'connecting' }, { reason: 'not-a-name' }]);
    vi.advanceTimersByTime(60);
    fake.known.set('ana', presence('sip:ana@contoso.example'));
    fake.meant.set('nobody', { query: 'nobody', reason: 'not-found' });
    fake.tell();
    expect([ana.facts.presence?.status, nobody.facts]).toEqual(['available', { reason: 'not-found' }]);
    fake.state = 'lost';
    fake.tell();
    expect([ana.facts.presence?.status, nobody.facts]).toEqual(['available', { reason: 'unreachable' }]);
    fake.known.set('ana', presence('sip:ana@contoso.example', { status: 'unknown', confirmed: false }));
    fake.tell();
    expect(ana.facts).toMatchObject({ presence: { status: 'unknown' }, reason: 'unreachable' });
  });
});
