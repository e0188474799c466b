import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stepSubscription } from '../../../src/ocs/agent/subscription.js';
import { OUTAGE_MS, REST_MS } from '../../../src/ocs/agent/subscription-setbacks.js';
import { newSubscription, type SubscriptionState } from '../../../src/ocs/agent/subscription-state.js';
import type {
  ResourceVerdict,
  SubscriptionEffect,
  SubscriptionEvent,
} from '../../../src/ocs/agent/subscription-words.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';

const [ANA, BEN, CLEO, DAN] = ['ana', 'ben', 'cleo', 'dan'].map((name) => sip(`${name}@contoso.example`)) as [
  SipUri,
  SipUri,
  SipUri,
  SipUri,
];
const SECOND = 1000;

/** Plays events at given seconds, keeps what came out last. */
class Player {
  state: SubscriptionState;
  effects: readonly SubscriptionEffect[] = [];
  now = 0;

  constructor(people: readonly SipUri[], kind: 'batch' | 'single' = 'batch') {
    this.state = newSubscription(kind, people);
    this.feed({ type: 'people', people: new Set(people) });
  }

  at(seconds: number): this {
    this.now = seconds * SECOND;
    return this;
  }

  feed(event: SubscriptionEvent): this {
    const step = stepSubscription(this.state, event, { now: this.now, unit: 0.5 });
    this.state = step.state;
    this.effects = step.effects;
    return this;
  }

  people(...people: readonly SipUri[]): this {
    return this.feed({ type: 'people', people: new Set(people) });
  }

  accept(expires = 28_800, resources: readonly ResourceVerdict[] = []): this {
    return this.feed({ type: 'accepted', expires, resources });
  }

  reject(status: number, diagnostics?: string, retryAfter?: number): this {
    return this.feed({ type: 'rejected', status, diagnostics, retryAfter });
  }

  of<T extends SubscriptionEffect['type']>(type: T): Extract<SubscriptionEffect, { type: T }> | undefined {
    return this.effects.find((effect): effect is Extract<SubscriptionEffect, { type: T }> => effect.type === type);
  }

  get sent() {
    const request = this.of('send')?.request;
    return request && { action: request.action, people: request.people };
  }

  /** Milliseconds until the timer. */
  get timer(): number | undefined {
    return this.of('arm')?.delay;
  }
}

describe('presence subscription', () => {
  test('opens with everybody and refreshes when between half and three quarters of the time are over, again and again', () => {
    const player = new Player([ANA, BEN]);
    expect(player.sent).toEqual({ action: 'open', people: [ANA, BEN] });
    player.accept(28_800);
    expect(player.timer).toBe(18_000 * SECOND);
    player.at(18_000).feed({ type: 'timer' });
    expect(player.sent).toEqual({ action: 'refresh', people: [ANA, BEN] });
    player.accept(28_800);
    expect(player.timer).toBe(18_000 * SECOND);
  });

  test('spreads the refreshes of many subscriptions over a quarter of the time', () => {
    const times = [0, 0.999].map((unit) => {
      const opened = stepSubscription(newSubscription('batch', [ANA]), { type: 'timer' }, { now: 0, unit });
      const accepted = { type: 'accepted', expires: 1000, resources: [] } as const;
      return stepSubscription(opened.state, accepted, { now: 0, unit }).effects[0];
    });
    expect(times).toEqual([
      { type: 'arm', delay: 500 * SECOND },
      { type: 'arm', delay: 749_750 },
    ]);
  });

  test('is not made to ask all the time by a tiny lifetime, nor never by a huge one', () => {
    expect(new Player([ANA]).accept(1).timer).toBe(18_750);
    expect(new Player([ANA]).accept(0xffff_ffff).timer).toBe(54_000 * SECOND);
  });

  test('adds and removes people within its dialog, one request at a time', () => {
    const player = new Player([ANA, BEN]).accept();
    player.people(BEN, CLEO);
    expect(player.sent).toEqual({ action: 'remove', people: [ANA] });
    player.people(BEN, CLEO, DAN);
    expect(player.sent).toBeUndefined();
    player.accept();
    expect(player.sent).toEqual({ action: 'add', people: [CLEO, DAN] });
    player.accept();
    expect(player.sent).toBeUndefined();
    expect([...(player.state.told ?? [])]).toEqual([BEN, CLEO, DAN]);
  });

  test('ends when nobody is left', () => {
    const player = new Player([ANA]).accept().people();
    expect(player.sent).toEqual({ action: 'close', people: [] });
    for (const end of [
      () => player.accept(0),
      () => new Player([ANA]).accept().people().reject(481),
      () => new Player([ANA]).accept().people().feed({ type: 'unanswered' }),
    ]) {
      expect(end().of('ended')).toBeDefined();
    }
    expect(player.feed({ type: 'timer' }).effects).toEqual([]);
  });

  test('ends at once when nobody is left before it was ever opened', () => {
    const player = new Player([ANA]).reject(503).people();
    expect(player.effects.map((effect) => effect.type)).toEqual(['disarm', 'ended']);
  });

  describe('after a refusal', () => {
    test('481 opens a new dialog at once, and with pauses when that is refused too', () => {
      const player = new Player([ANA, BEN]).accept();
      player.people(ANA, BEN, CLEO).reject(481);
      expect(player.sent).toEqual({ action: 'open', people: [ANA, BEN, CLEO] });
      player.reject(481);
      expect(player.sent).toBeUndefined();
      expect(player.timer).toBe(2000);
      expect(player.of('lost')?.people).toEqual([ANA, BEN, CLEO]);
    });

    test('a diagnostic that speaks of the dialog counts like 481', () => {
      for (const diagnostics of ['2014;reason="x"', '2016;reason="x"', '1004.1;reason="x"']) {
        const player = new Player([ANA]).accept();
        expect(player.people(ANA, BEN).reject(403, diagnostics).sent?.action).toBe('open');
      }
    });

    test('420 asks once more without BENOTIFY', () => {
      const player = new Player([ANA]).reject(420);
      expect(player.of('send')?.request).toEqual({ action: 'open', people: [ANA], benotify: false });
      expect(player.reject(420).timer).toBe(REST_MS);
    });

    test('503 waits at least as long as the server says, and longer each time', () => {
      const player = new Player([ANA]);
      expect(player.reject(503, undefined, 60).timer).toBe(61 * SECOND);
      player.at(61).feed({ type: 'timer' });
      expect(player.sent?.action).toBe('open');
      expect(player.reject(503).timer).toBe(2 * SECOND);
    });

    test('503 to a refresh keeps what is confirmed, until its time is over', () => {
      const player = new Player([ANA]).accept(300);
      player.at(200).feed({ type: 'timer' });
      expect(player.sent?.action).toBe('refresh');
      player.reject(503, undefined, 600);
      expect(player.of('lost')).toBeUndefined();
      expect(player.timer).toBe(100 * SECOND);
      player.at(300).feed({ type: 'timer' });
      expect(player.of('lost')).toEqual({ type: 'lost', people: [ANA], reason: 'expired' });
      expect(player.timer).toBe(501 * SECOND);
      player.at(801).feed({ type: 'timer' });
      expect(player.sent?.action).toBe('open');
    });

    test('403 loses the people and asks again after an hour', () => {
      const player = new Player([ANA, BEN]).reject(403);
      expect(player.of('lost')).toMatchObject({ people: [ANA, BEN], reason: 'refused with 403' });
      expect(player.timer).toBe(REST_MS);
      expect(player.at(3600).feed({ type: 'timer' }).sent?.action).toBe('open');
    });

    test('403 to an addition costs only the people added', () => {
      const player = new Player([ANA]).accept().people(ANA, BEN).reject(403);
      expect(player.of('lost')?.people).toEqual([BEN]);
      expect(player.of('split')).toEqual({ type: 'split', groups: [[BEN]], delay: REST_MS, limit: false });
      expect([...player.state.people]).toEqual([ANA]);
      expect(player.state.told).toBeDefined();
    });

    test('400 splits the people in halves, since one address spoils the whole request', () => {
      const player = new Player([ANA, BEN, CLEO]).reject(400);
      expect(player.of('split')).toEqual({ type: 'split', groups: [[ANA, BEN], [CLEO]], delay: 0, limit: false });
      expect(player.of('ended')).toBeDefined();
    });

    test('413 splits too: half of the people need half of the space', () => {
      expect(new Player([ANA, BEN]).reject(413).of('split')?.groups).toEqual([[ANA], [BEN]]);
    });

    test('400 to a single address is a refusal of that person', () => {
      const player = new Player([ANA]).reject(400);
      expect(player.of('lost')?.people).toEqual([ANA]);
      expect(player.timer).toBe(REST_MS);
    });

    test('400 to an addition takes only the added people out', () => {
      const player = new Player([ANA]).accept().people(ANA, BEN, CLEO).reject(400);
      expect(player.of('split')?.groups).toEqual([[BEN], [CLEO]]);
      expect([...player.state.people]).toEqual([ANA]);
    });

    test('401 asks for a new sign-in and repeats, a few times', () => {
      const player = new Player([ANA]);
      for (let turn = 1; turn <= 3; turn++) {
        expect(player.reject(401).of('sign-in')).toBeDefined();
        player.at(player.now / SECOND + 100).feed({ type: 'timer' });
        expect(player.sent?.action).toBe('open');
      }
      expect(player.reject(401).of('fail')?.error.code).toBe('OCS_REJECTED');
    });

    test('what one person alone cannot have never costs the connection of all others', () => {
      const silent = new Player([ANA], 'single');
      const forgetful = new Player([ANA], 'single');
      for (let turn = 1; turn <= 5; turn++) {
        expect(silent.feed({ type: 'unanswered' }).of('fail')).toBeUndefined();
        silent.at(silent.now / SECOND + 400).feed({ type: 'timer' });
        expect(forgetful.reject(401).of('fail')).toBeUndefined();
        forgetful.at(forgetful.now / SECOND + 3600).feed({ type: 'timer' });
      }
      expect(silent.sent?.action).toBe('open');
      expect(forgetful.sent?.action).toBe('open');
    });

    test('people who were taken off the list meanwhile are not asked for again', () => {
      expect(new Player([ANA, BEN, CLEO]).people(BEN).reject(400).of('split')?.groups).toEqual([[BEN]]);
      const player = new Player([ANA]).accept().people(ANA, BEN, CLEO).people(ANA, CLEO).reject(403);
      expect(player.of('split')?.groups).toEqual([[CLEO]]);
    });

    test('a status does not outlive its dialog for long when no other can be opened', () => {
      for (const [status, next] of [
        [481, 'open'],
        [400, 'open'],
        [420, 'open'],
      ] as const) {
        const player = new Player([ANA]).accept(300);
        player.at(200).feed({ type: 'timer' });
        expect(player.reject(status).sent?.action).toBe(next);
        player.reject(503, undefined, 600);
        expect(player.of('lost')).toBeUndefined();
        expect(player.timer).toBe(30 * SECOND);
        player.at(230).feed({ type: 'timer' });
        expect(player.of('lost')).toEqual({ type: 'lost', people: [ANA], reason: 'expired' });
        expect(player.sent).toBeUndefined();
      }
    });

    test('three requests without any answer give the connection up', () => {
      const player = new Player([ANA]);
      for (let turn = 1; turn <= 2; turn++) {
        expect(player.feed({ type: 'unanswered' }).of('fail')).toBeUndefined();
        player.at(player.now / SECOND + 100).feed({ type: 'timer' });
      }
      expect(player.feed({ type: 'unanswered' }).of('fail')?.error.code).toBe('OCS_TIMEOUT');
    });
  });

  describe('what is owed to the others', () => {
    test('is asked for after somebody was added when an outage is over', () => {
      const player = new Player([ANA, BEN]).accept().at(100).feed({ type: 'suspend', until: 1_000_000 });
      player.people(ANA, BEN, CLEO).at(700).feed({ type: 'resume' }).at(703).feed({ type: 'timer' });
      expect(player.sent).toEqual({ action: 'add', people: [CLEO] });
      player.accept();
      expect(player.sent).toEqual({ action: 'refresh', people: [ANA, BEN, CLEO] });
      player.accept();
      expect(player.sent).toBeUndefined();
    });

    test('is asked for after somebody was added or taken off between a gap and its question', () => {
      for (const people of [[ANA, BEN, CLEO], [ANA]] as const) {
        const player = new Player([ANA, BEN]).accept().at(100).feed({ type: 'gap' }).accept();
        player.at(110).feed({ type: 'gap' });
        player.at(120).people(...people);
        player.accept();
        expect(player.timer).toBe(40 * SECOND);
        expect(player.at(160).feed({ type: 'timer' }).sent).toEqual({ action: 'refresh', people });
      }
    });
  });

  describe('resource list', () => {
    const verdict = (uri: SipUri, state: ResourceVerdict['state'], pool?: string): ResourceVerdict => ({
      uri,
      state,
      pool,
      reason: state === 'terminated' ? 'rejected' : undefined,
    });

    test('sends people elsewhere without touching the others', () => {
      const player = new Player([ANA, BEN, CLEO]).accept(28_800, [
        verdict(BEN, 'resubscribe'),
        verdict(CLEO, 'resubscribe', 'pool2.contoso.example'),
        verdict(DAN, 'resubscribe'),
      ]);
      expect(player.effects.filter((effect) => effect.type === 'move')).toEqual([
        { type: 'move', people: [BEN], pool: undefined },
        { type: 'move', people: [CLEO], pool: 'pool2.contoso.example' },
      ]);
      expect([...player.state.people]).toEqual([ANA]);
      expect(player.sent).toBeUndefined();
    });

    test('does not send a single subscription round in circles', () => {
      const player = new Player([ANA], 'single').accept(28_800, [verdict(ANA, 'resubscribe')]);
      expect(player.of('move')).toBeUndefined();
      expect(player.of('lost')?.people).toEqual([ANA]);
      expect(player.timer).toBe(18_000 * SECOND);
    });

    test('loses whom the server refuses, and asks for them again at the next refresh', () => {
      const player = new Player([ANA, BEN]).accept(28_800, [verdict(BEN, 'terminated')]);
      expect(player.of('lost')).toEqual({ type: 'lost', people: [BEN], reason: 'rejected' });
      player.at(18_000).feed({ type: 'timer' });
      expect(player.sent?.people).toEqual([ANA, BEN]);
    });

    test('closes a subscription that loses all of its people to others', () => {
      const player = new Player([ANA]).accept(28_800, [verdict(ANA, 'resubscribe')]);
      expect(player.sent?.action).toBe('close');
    });
  });

  describe('end by the server', () => {
    const ends: readonly (readonly [string | undefined, number | undefined, number])[] = [
      [undefined, undefined, 1 * SECOND],
      ['deactivated', undefined, 1 * SECOND],
      ['timeout', undefined, 1 * SECOND],
      ['unheard-of', 0, 1 * SECOND],
      ['probation', undefined, 61 * SECOND],
      ['probation', 300, 301 * SECOND],
      ['probation', 0, 61 * SECOND],
      ['giveup', 0, 61 * SECOND],
      ['giveup', 120, 121 * SECOND],
      // The service behind the server is down.
      ['giveup', undefined, OUTAGE_MS + 30 * SECOND],
      ['deactivated', -5, 1 * SECOND],
      ['rejected', 0, REST_MS],
      ['invariant', undefined, REST_MS],
      ['noresource', 2 ** 63, 86_400 * SECOND],
      ['probation', 2 ** 63, REST_MS + 1 * SECOND],
      ['timeout', 2 ** 40, REST_MS + 1 * SECOND],
      ['rejected', undefined, REST_MS],
      ['noresource', undefined, REST_MS],
    ];
    for (const [reason, retryAfter, pause] of ends) {
      test(`for "${reason}" with Retry-After ${retryAfter} is followed by a new dialog after ${pause} ms`, () => {
        const player = new Player([ANA]).accept().feed({ type: 'terminated', reason, retryAfter });
        expect(player.of('lost')?.people).toEqual([ANA]);
        expect(player.timer).toBe(pause);
        player.at(pause / SECOND).feed({ type: 'timer' });
        expect(player.sent).toEqual({ action: 'open', people: [ANA] });
      });
    }

    test('makes the answer to a request under way meaningless', () => {
      const player = new Player([ANA]).accept().people(ANA, BEN);
      player.feed({ type: 'terminated', reason: undefined, retryAfter: undefined });
      expect(player.state.inFlight).toBeUndefined();
      player.accept();
      expect(player.state.told).toBeUndefined();
    });
  });

  test('refreshes earlier when a notification shortens the time, and only then', () => {
    const player = new Player([ANA]).accept(28_800);
    player.at(100).feed({ type: 'alive', expires: 28_699 });
    expect(player.effects).toEqual([]);
    player.feed({ type: 'alive', expires: 600 });
    expect(player.timer).toBe(375 * SECOND);
    player.feed({ type: 'alive', expires: 28_800 });
    expect(player.effects).toEqual([]);
  });

  test('keeps its rules whatever a server does, in any order', () => {
    const seconds = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(0, 1, 0xffff_ffff));
    const some = fc.subarray([ANA, BEN, CLEO, DAN]);
    const verdicts = some.map((people) =>
      people.map((uri, index): ResourceVerdict => {
        const state = index % 2 ? 'resubscribe' : 'terminated';
        return { uri, state, pool: undefined, reason: undefined };
      }),
    );
    const event: fc.Arbitrary<SubscriptionEvent> = fc.oneof(
      some.map((people): SubscriptionEvent => ({ type: 'people', people: new Set(people) })),
      fc.record({ type: fc.constant('accepted' as const), expires: seconds, resources: verdicts }),
      fc.record({
        type: fc.constant('rejected' as const),
        status: fc.integer({ min: 300, max: 699 }),
        diagnostics: fc.constantFrom(undefined, '2014;x'),
        retryAfter: fc.option(seconds, { nil: undefined }),
      }),
      fc.constant<SubscriptionEvent>({ type: 'unanswered' }),
      fc.constant<SubscriptionEvent>({ type: 'timer' }),
      fc.record({ type: fc.constant('resources' as const), resources: verdicts }),
      fc.record({ type: fc.constant('alive' as const), expires: fc.option(seconds, { nil: undefined }) }),
      fc.constantFrom<SubscriptionEvent>({ type: 'gap' }, { type: 'resume' }, { type: 'suspend', until: 1_000_000 }),
      fc.record({
        type: fc.constant('terminated' as const),
        reason: fc.constantFrom(undefined, 'rejected', 'giveup', 'x'),
        retryAfter: fc.option(seconds, { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 4000 })), { maxLength: 40 }), (script) => {
        const player = new Player([ANA, BEN]);
        for (const [next, pause] of script) {
          const before = player.state;
          player.at(player.now / SECOND + pause).feed(next);
          const sends = player.effects.filter((effect) => effect.type === 'send');
          expect(sends.length).toBeLessThanOrEqual(1);
          if (sends.length > 0) expect(sends[0]?.request).toBe(player.state.inFlight);
          if (before.ended) expect(player.effects).toEqual([]);
          if (player.timer !== undefined) {
            expect(player.timer).toBeGreaterThanOrEqual(0);
            expect(player.timer).toBeLessThanOrEqual(90_000 * SECOND);
          }
          const { state } = player;
          // Never idle without a way on: a request, a timer, or the end.
          const waiting = state.ended || state.inFlight !== undefined || player.timer !== undefined;
          if (player.effects.length > 0) expect(waiting || player.of('fail') !== undefined).toBe(true);
        }
      }),
    );
  });

  test('waits with people of whom nothing good is to be expected', () => {
    const state = newSubscription('batch', [ANA], { waitUntil: 5000 });
    const { effects } = stepSubscription(state, { type: 'people', people: new Set([ANA]) }, { now: 0, unit: 0 });
    expect(effects).toEqual([{ type: 'arm', delay: 5000 }]);
  });
});
