import { describe, expect, test } from 'vitest';
import { createGrant } from '../../../../src/bridge/api/access/grant.js';
import { parsePersonFilter } from '../../../../src/bridge/api/access/person-filter.js';
import type { FakeWire } from '../../../support/fake-wire.js';
import { HubSite } from '../../../support/hub-site.js';
import { person } from '../../../support/people.js';
import { PeopleState } from '../../../support/people-state.js';
import type { StreamMessage } from '../../../support/stream-reader.js';
import { FakeWatchedPeople } from '../../../support/watched-people.js';

const people = Array.from({ length: 40 }, (_, number) => ({
  ...person(`sip:p${number}@contoso.example`, `P${number}/${number % 2 ? 'Sales' : 'Support'}/Contoso`),
  status: 'busy' as const,
  observedAt: 1,
}));
const [FIRST, SECOND] = people as [(typeof people)[0], (typeof people)[0]];
const EVERYBODY = { type: 'subscribe', lists: ['everybody'] };

function site(limits: ConstructorParameters<typeof HubSite>[0] = {}): HubSite {
  return new HubSite({ watched: new FakeWatchedPeople(people), ...limits });
}

function bound(running: HubSite) {
  const { clock, watched, log } = running;
  return { clock, watched, log, open: running.open.bind(running) };
}

const typesOf = ({ messages }: FakeWire): readonly string[] => messages.map(({ type }) => type);
const last = ({ messages }: FakeWire): StreamMessage | undefined => messages.at(-1);

function narrow(unit: string) {
  const filter = parsePersonFilter([`*/${unit}/Contoso`]);
  if (!filter.ok) throw new Error(filter.reason);
  return createGrant({ holder: unit, scopes: ['stream'], filter: filter.value });
}

describe('groups of streams', () => {
  test('those who ask the same with the same sight get the same octets', async () => {
    const { open, watched, clock } = bound(site());
    const cursors = new Set<unknown>();
    const wires = [open(), open(), open()];
    for (const wire of wires) wire.says(EVERYBODY);
    watched.change({ ...FIRST, status: 'away' });
    await clock.advance(0);
    for (const wire of wires) cursors.add((last(wire) as { cursor?: string }).cursor);
    expect(cursors.size).toBe(1);
  });

  test('a change costs nothing those who do not follow the person', async () => {
    const { open, watched, clock } = bound(site());
    const [one, other] = [open(), open()];
    one.says({ type: 'subscribe', people: [FIRST.uri] });
    other.says({ type: 'subscribe', people: [SECOND.uri] });
    const before = other.writes;
    watched.change({ ...FIRST, status: 'away' });
    await clock.advance(500);
    expect([typesOf(one).at(-1), other.writes]).toEqual(['changes', before]);
  });

  test('a narrow token hears nothing at all while others change', async () => {
    const { open, watched, clock } = bound(site());
    const wire = open(undefined, narrow('Sales'));
    wire.says(EVERYBODY);
    await clock.advance(1_000);
    const before = wire.writes;
    for (let turn = 0; turn < 20; turn++) {
      watched.change({ ...FIRST, status: turn % 2 ? 'away' : 'busy' });
      await clock.advance(300);
    }
    expect(wire.writes).toBe(before);
  });

  test('somebody who leaves a filter is told of no more, though the change comes before the next look at the roster', async () => {
    const { open, watched, clock } = bound(site());
    const wire = open(undefined, narrow('Support'));
    wire.says(EVERYBODY);
    const moved = { ...FIRST, ...person(FIRST.uri, 'P0/Sales/Contoso'), status: 'away' as const };
    watched.set([moved, ...people.slice(1)]);
    watched.change({ ...moved, status: 'offline' });
    await clock.advance(0);
    expect(typesOf(wire).filter((type) => type === 'changes')).toEqual([]);
    expect(JSON.stringify(last(wire))).not.toContain(FIRST.uri);
    expect(last(wire)?.type).toBe('snapshot');
  });

  test('somebody who leaves a filter in the middle of a snapshot is not told in its later parts', () => {
    const { open, watched } = bound(site({ limits: { part: 500 } }));
    const wire = open(undefined, narrow('Support'));
    wire.isStalled = true;
    wire.says(EVERYBODY);
    const moved = { ...people[38], ...person('sip:p38@contoso.example', 'P38/Sales/Contoso'), observedAt: 2 };
    watched.set([...people.filter(({ uri }) => uri !== moved.uri), moved]);
    wire.isStalled = false;
    wire.take();
    expect(last(wire)).toMatchObject({ type: 'snapshot', people: expect.any(Array) });
    expect(last(wire)).not.toHaveProperty('more');
    expect(JSON.stringify(wire.messages)).not.toContain(moved.uri);
  });

  test('more groups than may be are refused, and what was followed goes on', async () => {
    const { open, watched, clock } = bound(site({ limits: { groups: 1 } }));
    const [one, other] = [open(), open()];
    one.says({ type: 'subscribe', people: [FIRST.uri] });
    other.says({ type: 'subscribe', people: [SECOND.uri] });
    expect(last(other)).toMatchObject({ type: 'error', code: 'API_BUSY' });
    watched.change({ ...FIRST, status: 'away' });
    await clock.advance(0);
    expect(last(one)?.type).toBe('changes');
  });

  test('whoever follows people only hears of the bridge when its links change, not of numbers', async () => {
    const running = site();
    const wire = running.open();
    wire.says(EVERYBODY);
    await running.clock.advance(2_000);
    const before = wire.writes;
    running.status = { ...running.status, writtenTotal: 99 };
    await running.clock.advance(2_000);
    expect(wire.writes).toBe(before);
    running.status = { ...running.status, notes: { state: 'refused', since: 5 } };
    await running.clock.advance(1_000);
    expect(last(wire)).toMatchObject({ type: 'status', notes: { state: 'refused' } });
  });
});

describe('snapshots in parts', () => {
  const LIMITS = { part: 1_000, changes: 2_000, buffered: 4_000, behind: 5_000 };

  test('follow each other as they are taken; only the last has a cursor, only the first what was asked', async () => {
    const wire = site({ limits: LIMITS }).open();
    wire.says(EVERYBODY);
    const parts = wire.messages.filter((message) => message.type === 'snapshot');
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(({ more }) => more)).toEqual([...parts.slice(1).map(() => true), undefined]);
    expect(parts.map(({ cursor }) => cursor !== undefined)).toEqual(parts.map(({ more }) => !more));
    expect(parts.map(({ asked }) => asked !== undefined)).toEqual(parts.map((_part, index) => index === 0));
  });

  test('the next part waits until the last one was taken', () => {
    const wire = site({ limits: LIMITS }).open();
    wire.isStalled = true;
    wire.says(EVERYBODY);
    expect(wire.buffered).toBeLessThan(2_000);
    const before = wire.messages.length;
    wire.take();
    expect(wire.messages.length).toBe(before + 1);
  });

  test('what changes between the parts is right in the end', async () => {
    const state = new PeopleState();
    const { open, watched, clock } = bound(site({ limits: LIMITS }));
    const wire = open((message) => state.take(message));
    wire.isStalled = true;
    wire.says(EVERYBODY);
    wire.take();
    watched.change({ ...FIRST, status: 'away' });
    await clock.advance(200);
    wire.isStalled = false;
    wire.take();
    expect(state.isPartial).toBe(false);
    expect(state.people.get(FIRST.uri)?.status).toBe('away');
  });

  test('a reader who falls behind gets nothing more, later what it missed, and keeps the rest', async () => {
    const state = new PeopleState();
    const { open, watched, clock } = bound(site({ limits: LIMITS }));
    const wire = open((message) => state.take(message));
    wire.says(EVERYBODY);
    wire.isStalled = true;
    for (let turn = 0; turn < 50; turn++) {
      watched.change({ ...FIRST, status: turn % 2 ? 'away' : 'busy' }, { ...SECOND, status: 'offline' });
      await clock.advance(50);
    }
    expect(wire.buffered).toBeLessThan(LIMITS.buffered + LIMITS.changes);
    watched.change({ ...SECOND, status: 'do-not-disturb' });
    wire.take();
    wire.isStalled = false;
    wire.take();
    expect(state.people.get(SECOND.uri)?.status).toBe('do-not-disturb');
    expect(state.snapshots).toBe(1);
  });

  test('a reader who takes nothing for long is closed', async () => {
    const { open, watched, clock, log } = bound(site({ limits: LIMITS }));
    const wire = open();
    wire.says(EVERYBODY);
    wire.isStalled = true;
    for (let turn = 0; turn < 100 && wire.closed === undefined; turn++) {
      watched.change(
        ...people.slice(0, 5).map((one) => ({ ...one, status: turn % 2 ? ('away' as const) : ('busy' as const) })),
      );
      await clock.advance(100);
    }
    expect(wire.closed).toBe('slow');
    expect(log.entries.find(({ event }) => event === 'stream.dropped')?.fields).toMatchObject({ reason: 'slow' });
  });
});

describe('many groups after a change of the roster', () => {
  const GROUPS = 60;
  const NAMES = 20;
  const LIMITS = { slice: 100 };

  /** Counts look-ups by name, by turn of the clock. */
  class CountingPeople extends FakeWatchedPeople {
    readonly turns: number[] = [0];

    override resolve(...asked: Parameters<FakeWatchedPeople['resolve']>) {
      this.turns.push((this.turns.pop() ?? 0) + 1);
      return super.resolve(...asked);
    }
  }

  function crowd() {
    const watched = new CountingPeople(people);
    const running = site({ watched, limits: LIMITS });
    const { clock } = running;
    const schedule = clock.after.bind(clock);
    clock.after = (delay, callback) =>
      schedule(delay, () => {
        watched.turns.push(0);
        callback();
      });
    const wires = Array.from({ length: GROUPS }, (_, group) => {
      const wire = running.open();
      const names = Array.from({ length: NAMES - 1 }, (_one, index) => `Nobody ${group} ${index}`);
      wire.says({ type: 'subscribe', people: [FIRST.uri, ...names] });
      return wire;
    });
    return { ...running, clock, watched, wires };
  }

  const without = people.slice(1);

  test('are looked up in slices, all of them', async () => {
    const { clock, watched, wires } = crowd();
    watched.turns.splice(0, Number.POSITIVE_INFINITY, 0);
    watched.set(without);
    await clock.advance(1_000);
    expect(Math.max(...watched.turns)).toBeLessThanOrEqual(LIMITS.slice);
    // The name that all of them follow is looked up once.
    expect(watched.turns.reduce((sum, one) => sum + one, 0)).toBe(GROUPS * (NAMES - 1) + 1);
    for (const wire of wires) {
      expect(last(wire)).toMatchObject({ type: 'snapshot', people: [], asked: { length: NAMES } });
    }
  });

  test('are told nothing before they were looked up, whatever changes', async () => {
    const { clock, watched, wires } = crowd();
    await clock.advance(1_000);
    const turn = (): void => watched.change({ ...SECOND, status: 'away' }, { ...FIRST, status: 'offline' });
    const before = wires.map(({ messages }) => messages.length);
    watched.set(people.map((one) => (one === SECOND ? { ...one, name: undefined } : one)));
    // The first slice is all that the clock lets happen for now.
    const { after: schedule } = clock;
    const held: Parameters<typeof schedule>[] = [];
    clock.after = (...asked) => {
      held.push(asked);
      return () => undefined;
    };
    wires[0]?.says({ type: 'subscribe', people: [SECOND.uri] });
    turn();
    for (const wire of wires) wire.take();
    const told = wires.filter(({ messages }, index) => messages.length > (before[index] ?? 0));
    expect(told).toEqual(wires.slice(0, LIMITS.slice / NAMES));
    clock.after = schedule;
    for (const asked of held) clock.after(...asked);
    await clock.advance(500);
    for (const { messages } of wires.slice(1)) {
      expect(messages.findLast(({ type }) => type === 'changes')).toMatchObject({
        type: 'changes',
        people: [{ address: FIRST.uri, status: 'offline' }],
      });
    }
  });

  test('somebody who comes meanwhile is looked up at once', async () => {
    const { watched, wires } = crowd();
    watched.set(without);
    const wire = wires.at(-1);
    wire?.says({ type: 'subscribe', people: wire === undefined ? [] : [SECOND.uri, FIRST.uri] });
    expect(wire && last(wire)).toMatchObject({
      type: 'snapshot',
      people: [{ address: SECOND.uri }],
      asked: [{ address: SECOND.uri }, { reason: 'not-found' }],
    });
  });

  test('a roster that changes all the time keeps nobody waiting for ever', async () => {
    const { clock, watched, wires } = crowd();
    for (let turn = 0; turn < GROUPS; turn++) {
      watched.set(without);
      const [wire] = wires;
      wire?.says({ type: 'subscribe', people: [SECOND.uri, `Turn ${turn}`] });
    }
    await clock.advance(0);
    for (const wire of wires.slice(1)) expect(last(wire)).toMatchObject({ type: 'snapshot', people: [] });
  });
});
