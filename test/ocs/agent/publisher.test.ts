import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OwnStatus } from '../../../src/bridge/ports.js';
import { newPublisher, stepPublisher } from '../../../src/ocs/agent/publisher.js';
import { slotKey } from '../../../src/ocs/agent/publisher-slots.js';
import type {
  PublisherEffect,
  PublisherEvent,
  PublisherState,
  SelfReport,
} from '../../../src/ocs/agent/publisher-words.js';
import type { PublicationWrite } from '../../../src/ocs/documents/publish-write.js';
import { BridgeError } from '../../../src/presence/errors.js';

const EPID = '5f0c9a1b2d';
/** 0x5f0c9a1b >> 4, with the bits of a machine state. */
const MACHINE = 904_972_705;
const USER = 536_870_912;
const BUSY: OwnStatus = { status: 'busy', note: 'Room 4' };
const AWAY: OwnStatus = { status: 'away' };
const EMPTY: SelfReport = {
  publications: [],
  containers: [{ id: 200, version: 1, memberTypes: ['sameEnterprise'] }],
};

/** Feeds events, collects effects. */
class Bench {
  state: PublisherState;
  effects: PublisherEffect[] = [];

  constructor(grants = true) {
    this.state = newPublisher(EPID, grants);
  }

  feed(event: PublisherEvent): readonly PublisherEffect[] {
    const { state, effects } = stepPublisher(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    return effects;
  }

  /** The writes of the only effect. */
  writes(effects: readonly PublisherEffect[]): readonly PublicationWrite[] {
    expect(effects.map(({ type }) => type)).toContain('publish');
    return effects.flatMap((effect) => (effect.type === 'publish' ? effect.writes : []));
  }

  published(status: OwnStatus, report: SelfReport = EMPTY): this {
    this.feed({ type: 'want', status, goal: 1 });
    this.feed({ type: 'opened', report });
    this.feed({ type: 'accepted', report: undefined });
    this.effects = [];
    return this;
  }
}

const at = (writes: readonly PublicationWrite[]) => writes.map((one) => `${slotKey(one)}@${one.version}`);

describe('the publisher', () => {
  test('looks at our own data before it publishes, and publishes machine, choice and note together', () => {
    const bench = new Bench();
    expect(bench.feed({ type: 'want', status: BUSY, goal: 1 })).toEqual([{ type: 'open' }]);
    const writes = bench.writes(bench.feed({ type: 'opened', report: EMPTY }));
    expect(at(writes)).toEqual([
      `state/${MACHINE}/2@0`,
      `state/${USER}/2@0`,
      `state/${MACHINE}/3@0`,
      `state/${USER}/3@0`,
      'note/0/200@0',
      'note/0/300@0',
      'note/0/400@0',
    ]);
    expect(bench.feed({ type: 'accepted', report: undefined })).toEqual([
      { type: 'settled', goal: 1, error: undefined, kept: true },
    ]);
  });

  test('publishes with the versions that the server has', () => {
    const bench = new Bench();
    bench.feed({ type: 'want', status: AWAY, goal: 1 });
    const report = { publications: [{ category: 'state', instance: USER, container: 2, version: 7 }] };
    expect(at(bench.writes(bench.feed({ type: 'opened', report })))).toContain(`state/${USER}/2@7`);
  });

  test('writes only what changes', () => {
    const bench = new Bench().published(BUSY);
    const writes = bench.writes(bench.feed({ type: 'want', status: { ...BUSY, status: 'away' }, goal: 2 }));
    expect(at(writes)).toEqual([`state/${USER}/2@1`, `state/${USER}/3@1`]);
  });

  test('asks nothing of the server when it says already what is wanted', () => {
    const bench = new Bench().published(BUSY);
    expect(bench.feed({ type: 'want', status: BUSY, goal: 2 })).toEqual([
      { type: 'settled', goal: 2, error: undefined, kept: true },
    ]);
  });

  test('takes a note away with the status that has none', () => {
    const bench = new Bench().published(BUSY);
    const writes = bench.writes(bench.feed({ type: 'want', status: { status: 'busy' }, goal: 2 }));
    expect(writes.map(({ category, content }) => [category, content])).toEqual([
      ['note', undefined],
      ['note', undefined],
      ['note', undefined],
    ]);
  });

  test('takes everything back that is ours', () => {
    const bench = new Bench().published(BUSY);
    const writes = bench.writes(bench.feed({ type: 'want', status: undefined, goal: 2 }));
    expect(writes).toHaveLength(7);
    expect(writes.every(({ content, version }) => content === undefined && version === 1)).toBe(true);
    bench.feed({ type: 'accepted', report: { publications: [] } });
    expect(bench.state.ours.size).toBe(0);
  });

  test('leaves what another client has published meanwhile', () => {
    const bench = new Bench().published(AWAY);
    bench.feed({
      type: 'self',
      report: {
        publications: [2, 3].flatMap((container) => [
          { category: 'state', instance: MACHINE, container, version: 1 },
          { category: 'state', instance: USER, container, version: 2 },
        ]),
      },
    });
    const writes = bench.writes(bench.feed({ type: 'want', status: undefined, goal: 2 }));
    expect(at(writes)).toEqual([`state/${MACHINE}/2@1`, `state/${MACHINE}/3@1`]);
  });

  test('learns at the refusal of a withdrawal that another client was quicker, and leaves it', () => {
    const bench = new Bench().published(AWAY);
    const writes = bench.writes(bench.feed({ type: 'want', status: undefined, goal: 2 }));
    const index = writes.findIndex(({ instance, container }) => instance === USER && container === 2) + 1;
    const again = bench.writes(bench.feed({ type: 'conflict', operations: [{ index, curVersion: 2 }] }));
    expect(at(again)).not.toContain(`state/${USER}/2@2`);
    expect(again).toHaveLength(3);
  });

  test('touches neither calendar nor the machines of other endpoints', () => {
    const foreign = [
      { category: 'state', instance: 0x40000001, container: 2, version: 3 },
      { category: 'state', instance: 0x30000001, container: 2, version: 4 },
      { category: 'calendarData', instance: 0, container: 1, version: 5 },
    ];
    const bench = new Bench();
    bench.feed({ type: 'want', status: BUSY, goal: 1 });
    const first = bench.writes(bench.feed({ type: 'opened', report: { publications: foreign } }));
    bench.feed({ type: 'accepted', report: undefined });
    const second = bench.writes(bench.feed({ type: 'want', status: undefined, goal: 2 }));
    for (const { instance } of [...first, ...second]) expect([MACHINE, USER, 0]).toContain(instance);
  });

  test('has one request under way, and then sends the newest wish only', () => {
    const bench = new Bench();
    bench.feed({ type: 'want', status: BUSY, goal: 1 });
    bench.feed({ type: 'opened', report: EMPTY });
    expect(bench.feed({ type: 'want', status: AWAY, goal: 2 })).toEqual([]);
    expect(bench.feed({ type: 'want', status: { status: 'available' }, goal: 3 })).toEqual([]);
    const effects = bench.feed({ type: 'accepted', report: undefined });
    expect(effects[0]).toMatchObject({ type: 'settled', goal: 1 });
    expect(bench.writes(effects).find(({ content }) => content?.kind === 'userState')?.content).toMatchObject({
      status: 'available',
    });
  });

  test('takes the versions of a refusal, counted from 1', () => {
    const bench = new Bench();
    bench.feed({ type: 'want', status: AWAY, goal: 1 });
    bench.feed({ type: 'opened', report: EMPTY });
    const again = bench.writes(
      bench.feed({
        type: 'conflict',
        operations: [
          { index: 2, curVersion: 9 },
          { index: 0, curVersion: 1 },
          { index: 99, curVersion: 1 },
        ],
      }),
    );
    expect(at(again)).toEqual([
      `state/${MACHINE}/2@0`,
      `state/${USER}/2@9`,
      `state/${MACHINE}/3@0`,
      `state/${USER}/3@0`,
    ]);
  });

  test('gives up after three refusals, a new look and three more', () => {
    const bench = new Bench();
    bench.feed({ type: 'want', status: AWAY, goal: 1 });
    bench.feed({ type: 'opened', report: EMPTY });
    const conflict: PublisherEvent = { type: 'conflict', operations: [{ index: 1, curVersion: 5 }] };
    expect(bench.feed(conflict).map(({ type }) => type)).toEqual(['publish']);
    expect(bench.feed(conflict).map(({ type }) => type)).toEqual(['publish']);
    expect(bench.feed(conflict).map(({ type }) => type)).toEqual(['open']);
    expect(bench.feed({ type: 'opened', report: EMPTY }).map(({ type }) => type)).toEqual(['publish']);
    bench.feed(conflict);
    bench.feed(conflict);
    const [end] = bench.feed(conflict);
    expect(end).toMatchObject({ type: 'settled', goal: 1, kept: false, error: { code: 'OCS_PUBLISH' } });
    expect(bench.feed({ type: 'retry' })).toEqual([]);
  });

  test('opens the usual containers first when nobody did, once, and only if that is allowed', () => {
    const closed: SelfReport = { publications: [], containers: [{ id: 200, version: 4, memberTypes: [] }] };
    const bench = new Bench();
    bench.feed({ type: 'want', status: AWAY, goal: 1 });
    expect(bench.feed({ type: 'opened', report: closed })).toEqual([
      {
        type: 'add-members',
        additions: [
          { container: 200, version: 4, type: 'sameEnterprise' },
          { container: 100, version: 0, type: 'federated' },
        ],
      },
    ]);
    const error = new BridgeError('OCS_PUBLISH', 'no');
    bench.writes(bench.feed({ type: 'refused', error, passing: false, unanswered: false }));
    const wary = new Bench(false);
    wary.feed({ type: 'want', status: AWAY, goal: 1 });
    wary.writes(wary.feed({ type: 'opened', report: closed }));
  });

  test('tries again later after a failure of the moment, and tells at once', () => {
    const bench = new Bench();
    bench.feed({ type: 'want', status: AWAY, goal: 1 });
    bench.feed({ type: 'opened', report: EMPTY });
    const error = new BridgeError('OCS_PUBLISH', 'busy');
    const effects = bench.feed({ type: 'refused', error, passing: true, unanswered: false });
    expect(effects).toEqual([
      { type: 'settled', goal: 1, error, kept: true },
      { type: 'arm', delay: 30_000 },
    ]);
    bench.writes(bench.feed({ type: 'retry' }));
  });

  test('publishes again what the server lost together with the subscription, and not what it still has', () => {
    const kept = [2, 3].flatMap((container) =>
      [MACHINE, USER].map((instance) => ({ category: 'state', instance, container, version: 1 })),
    );
    for (const [publications, writes] of [
      [[{ category: 'state' }], kept.length],
      [kept, 0],
    ] as const) {
      const bench = new Bench().published(AWAY);
      expect(bench.feed({ type: 'closed' })).toEqual([{ type: 'arm', delay: 30_000 }]);
      expect(bench.feed({ type: 'retry' })).toEqual([{ type: 'open' }]);
      const effects = bench.feed({ type: 'opened', report: { publications } });
      expect(effects.flatMap((effect) => (effect.type === 'publish' ? effect.writes : []))).toHaveLength(writes);
      expect(bench.state.dirty).toBe(writes > 0);
    }
  });

  test('takes back what was published without an answer', () => {
    const bench = new Bench();
    bench.feed({ type: 'want', status: AWAY, goal: 1 });
    bench.feed({ type: 'opened', report: EMPTY });
    const error = new BridgeError('OCS_PUBLISH', 'silence');
    bench.feed({ type: 'refused', error, passing: true, unanswered: true });
    bench.feed({
      type: 'self',
      report: { publications: [{ category: 'state', instance: USER, container: 2, version: 1 }] },
    });
    const writes = bench.writes(bench.feed({ type: 'want', status: undefined, goal: 2 }));
    expect(at(writes)).toEqual([`state/${USER}/2@1`]);
  });

  test('removes what an earlier run of this endpoint left, and nothing that lasts by its own', () => {
    const bench = new Bench();
    expect(bench.feed({ type: 'tidy' })).toEqual([{ type: 'open' }]);
    const seen = [
      { category: 'state', instance: MACHINE, container: 2, version: 1, expireType: 'endpoint' },
      { category: 'state', instance: USER, container: 2, version: 3, expireType: 'endpoint' },
      { category: 'note', instance: 0, container: 200, version: 2, expireType: 'static' },
    ];
    const writes = bench.writes(bench.feed({ type: 'opened', report: { publications: seen } }));
    expect(at(writes)).toEqual([`state/${MACHINE}/2@1`, `state/${USER}/2@3`]);
    expect(writes.every(({ content }) => content === undefined)).toBe(true);
  });

  test('asks nothing of the server for a withdrawal when nothing was published', () => {
    const bench = new Bench();
    expect(bench.feed({ type: 'want', status: undefined, goal: 1 })).toEqual([
      { type: 'settled', goal: 1, error: undefined, kept: true },
    ]);
  });
});

/** A server that keeps versions as MS-PRES says, all or nothing; other clients write in between. */
class VersionServer {
  readonly slots = new Map<string, { version: number; by: 'us' | 'other' }>();

  meddle(container: number): void {
    const key = `state/${USER}/${container}`;
    this.slots.set(key, { version: (this.slots.get(key)?.version ?? 0) + 1, by: 'other' });
  }

  publish(writes: readonly PublicationWrite[]): PublisherEvent {
    const operations = writes.flatMap((write, index) => {
      const curVersion = this.slots.get(slotKey(write))?.version ?? 0;
      return curVersion === write.version ? [] : [{ index: index + 1, curVersion }];
    });
    if (operations.length > 0) return { type: 'conflict', operations };
    for (const write of writes) {
      if (write.content === undefined) this.slots.delete(slotKey(write));
      else this.slots.set(slotKey(write), { version: write.version + 1, by: 'us' });
    }
    return { type: 'accepted', report: undefined };
  }

  report(): SelfReport {
    const publications = [...this.slots].map(([key, { version }]) => {
      const [category = '', instance, container] = key.split('/');
      return { category, instance: Number(instance), container: Number(container), version };
    });
    return { publications: [...publications, { category: 'state' }, { category: 'note' }] };
  }
}

const statuses = ['available', 'busy', 'away', 'do-not-disturb'] as const;
const action = fc.oneof(
  fc.record({ do: fc.constant('want' as const), status: fc.constantFrom(...statuses), note: fc.constantFrom('', 'n') }),
  fc.record({ do: fc.constant('clear' as const) }),
  fc.record({ do: fc.constant('meddle' as const), container: fc.constantFrom(2, 3) }),
  fc.record({ do: fc.constant('answer' as const) }),
  fc.record({ do: fc.constant('tell' as const) }),
  fc.record({ do: fc.constant('lose-subscription' as const) }),
);

test('whatever happens in between, the publisher comes to rest with the newest wish, in few requests', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const server = new VersionServer();
      let state = newPublisher(EPID, true);
      const pending: PublisherEffect[] = [];
      let requests = 0;
      let goal = 0;
      let last: OwnStatus | undefined;
      let settledGoal = 0;
      const feed = (event: PublisherEvent): void => {
        const next = stepPublisher(state, event);
        state = next.state;
        for (const effect of next.effects) {
          if (effect.type === 'settled') {
            expect(effect.error).toBeUndefined();
            settledGoal = effect.goal;
          } else if (effect.type !== 'arm') {
            pending.push(effect);
            requests += 1;
          }
        }
        expect(pending.filter(({ type }) => type === 'publish' || type === 'add-members').length).toBeLessThanOrEqual(
          1,
        );
      };
      const answer = (): void => {
        const effect = pending.shift();
        if (effect?.type === 'open') feed({ type: 'opened', report: server.report() });
        if (effect?.type === 'publish') feed(server.publish(effect.writes));
        if (effect?.type === 'add-members') feed({ type: 'accepted', report: undefined });
      };
      let meddled = 0;
      for (const one of actions) {
        if (one.do === 'want') {
          last = { status: one.status, note: one.note };
          feed({ type: 'want', status: last, goal: ++goal });
        } else if (one.do === 'clear') {
          last = undefined;
          feed({ type: 'want', status: undefined, goal: ++goal });
        } else if (one.do === 'meddle' && meddled < 2) {
          meddled += 1;
          server.meddle(one.container);
        } else if (one.do === 'answer') answer();
        else if (one.do === 'tell' && state.roaming === 'open') feed({ type: 'self', report: server.report() });
        else if (one.do === 'lose-subscription' && state.roaming === 'open') feed({ type: 'closed' });
      }
      for (let turn = 0; pending.length > 0; turn++) {
        expect(turn).toBeLessThan(20);
        answer();
      }
      expect(settledGoal).toBe(goal);
      // One publication a wish, one look at our data, and what the other client cost.
      expect(requests).toBeLessThanOrEqual(2 * goal + 3 * meddled + actions.length + 4);
      const ours = [...server.slots.values()].filter(({ by }) => by === 'us').length;
      if (last === undefined) expect(ours).toBe(0);
    }),
    { numRuns: 500, seed: 20_261_122 },
  );
});
