import { describe, expect, test } from 'vitest';
import { dueAt } from '../../src/client/follow-step.js';
import { PresenceError } from '../../src/client/presence-error.js';
import { FollowRun, FRESH_MS, presence, typesOf } from './follow-model.js';

const ANA = presence('sip:ana@contoso.example', { status: 'busy' });
const BEN = presence('sip:ben@contoso.example');
const refused = (status: number) => new PresenceError({ code: 'API_X', message: 'no', status });

describe('following people', () => {
  test('asks for its people, and is live once they are told', () => {
    const run = new FollowRun({ people: ['ana'], lists: ['everybody'] });
    expect(typesOf(run.on({ type: 'start' }))).toEqual(['connect', 'state']);
    expect(run.asked).toEqual({ type: 'subscribe', people: ['ana'], lists: ['everybody'] });
    expect(run.state.phase).toBe('connecting');
    expect(typesOf(run.snapshot([ANA]))).toEqual(['state', 'people']);
    expect([run.state.phase, run.statuses()]).toEqual(['live', { [ANA.address]: 'busy' }]);
  });

  test('tells who changed, and nobody else', () => {
    const run = new FollowRun().live(ANA, BEN);
    expect(run.changes([{ ...ANA, status: 'away' }])).toEqual([
      { type: 'people', changed: [ANA.address], removed: [] },
    ]);
    expect(run.statuses()).toEqual({ [ANA.address]: 'away', [BEN.address]: 'available' });
  });

  test('shows what it knew until the last part of a snapshot is there, and tells who is gone', () => {
    const run = new FollowRun().live(ANA);
    expect(run.snapshot([BEN], { more: true, cursor: undefined })).toEqual([]);
    expect(run.statuses()).toEqual({ [ANA.address]: 'busy' });
    run.changes([{ ...BEN, status: 'away' }]);
    const last = run.snapshot([presence('sip:cem@contoso.example')], { asked: undefined });
    expect(last).toEqual([{ type: 'people', changed: 'everybody', removed: [ANA.address] }]);
    expect(run.statuses()).toEqual({ [BEN.address]: 'away', 'sip:cem@contoso.example': 'available' });
  });

  test('begins anew when the bridge does so in the middle of a snapshot', () => {
    const run = new FollowRun().live(ANA);
    run.snapshot([ANA], { more: true, cursor: undefined });
    run.snapshot([BEN], { more: true, cursor: undefined });
    run.snapshot([], { asked: undefined });
    expect(run.statuses()).toEqual({ [BEN.address]: 'available' });
  });

  test('gives up a snapshot that does not come to its end', () => {
    const run = new FollowRun().live(ANA);
    run.snapshot([BEN], { more: true, cursor: undefined });
    for (let s = 0; s < 61; s += 10) {
      run.pass(10_000);
      if (run.state.phase === 'live') run.status();
    }
    expect(run.state.error?.message).toBe('the bridge did not tell everybody in time');
  });

  test('resumes with the newest cursor, and keeps who did not change', () => {
    const run = new FollowRun().live(ANA, BEN);
    run.changes([{ ...BEN, status: 'away' }]);
    run.on({ type: 'loss', turn: run.state.turn });
    expect(run.state.phase).toBe('lost');
    run.pass(1_000);
    expect([run.state.phase, run.asked?.cursor]).toEqual(['connecting', 'c2']);
    run.changes([{ ...ANA, status: 'offline' }], { resumed: true, cursor: 'c3' });
    expect([run.state.phase, run.statuses(), run.state.cursor]).toEqual([
      'live',
      { [ANA.address]: 'offline', [BEN.address]: 'away' },
      'c3',
    ]);
  });

  test('takes no cursor of changes that come within a snapshot', () => {
    const run = new FollowRun().live(ANA);
    run.snapshot([BEN], { more: true, cursor: undefined });
    run.changes([BEN], { cursor: 'within' });
    run.on({ type: 'loss', turn: run.state.turn });
    run.pass(1_000);
    expect(run.asked?.cursor).toBe('c1');
  });

  test('hears nothing of a connection that was given up', () => {
    const run = new FollowRun().live(ANA);
    const { turn } = run.state;
    run.on({ type: 'loss', turn });
    run.on({ type: 'message', turn, message: { type: 'changes', cursor: 'x', at: run.now, people: [BEN] } });
    run.on({ type: 'loss', turn });
    expect([run.state.attempt, run.state.cursor, run.state.people.size]).toEqual([1, 'c1', 1]);
  });
});

describe('freshness', () => {
  test('ends by itself when nothing more is heard, and is told once', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'loss', turn: run.state.turn });
    run.effects.length = 0;
    run.pass(FRESH_MS);
    expect(run.statuses()).toEqual({ [ANA.address]: 'unknown' });
    expect(run.effects.filter(({ type }) => type === 'people')).toEqual([
      { type: 'people', changed: 'everybody', removed: [] },
    ]);
  });

  test('goes on with each status of the bridge', () => {
    const run = new FollowRun().live(ANA);
    for (let n = 0; n < 10; n++) {
      run.pass(15_000);
      run.status();
    }
    expect([run.state.phase, run.statuses()]).toEqual(['live', { [ANA.address]: 'busy' }]);
  });

  test('comes back with a status of the same connection', () => {
    const run = new FollowRun().live(ANA);
    run.status(10_000);
    run.pass(10_000);
    expect(run.statuses()).toEqual({ [ANA.address]: 'unknown' });
    expect(run.status()).toContainEqual({ type: 'people', changed: 'everybody', removed: [] });
    expect(run.statuses()).toEqual({ [ANA.address]: 'busy' });
  });

  test('is not lengthened by a new connection before that has told what changed', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'loss', turn: run.state.turn });
    run.pass(FRESH_MS);
    expect(run.state.phase).toBe('connecting');
    run.status();
    expect(run.statuses()).toEqual({ [ANA.address]: 'unknown' });
    run.changes([], { resumed: true });
    expect(run.statuses()).toEqual({ [ANA.address]: 'busy' });
  });

  test('counts by the clock of the bridge, however wrong the own one is', () => {
    const run = new FollowRun();
    run.on({ type: 'start' });
    const at = run.now - 3_600_000;
    run.snapshot([ANA], { at, freshUntil: at + 20_000 });
    run.pass(19_999);
    expect(run.statuses()).toEqual({ [ANA.address]: 'busy' });
    run.pass(1);
    expect(run.statuses()).toEqual({ [ANA.address]: 'unknown' });
  });

  test('is not lengthened by a message that was long on its way', () => {
    const run = new FollowRun().live(ANA);
    const sent = run.now;
    run.pass(30_000);
    const link = { state: 'connected', since: 0 };
    run.hear({
      type: 'status',
      now: sent,
      freshUntil: sent + FRESH_MS,
      bridge: 'b',
      role: link,
      ocs: link,
      notes: link,
    });
    expect(run.state.freshUntil).toBe(sent + FRESH_MS);
  });
});

describe('connections', () => {
  test('that are silent are given up', () => {
    const run = new FollowRun().live(ANA);
    run.pass(34_999);
    expect(run.state.phase).toBe('live');
    run.pass(1);
    expect([run.state.phase, run.state.error?.code]).toEqual(['lost', 'API_UNREACHABLE']);
  });

  test('are tried again ever later, at most each half minute', () => {
    const run = new FollowRun();
    run.on({ type: 'start' });
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      run.on({ type: 'loss', turn: run.state.turn });
      waits.push(run.state.retryAt - run.now);
      run.pass(30_000);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('that held are tried again soon', () => {
    const run = new FollowRun();
    run.on({ type: 'start' });
    for (let n = 0; n < 4; n++) {
      run.on({ type: 'loss', turn: run.state.turn });
      run.pass(30_000);
    }
    run.snapshot([ANA]);
    run.pass(10_000);
    run.on({ type: 'loss', turn: run.state.turn });
    expect(run.state.retryAt - run.now).toBe(1_000);
  });

  test('are tried at once when there is a network again', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'loss', turn: run.state.turn });
    expect(typesOf(run.on({ type: 'online' }))).toEqual(['connect', 'state']);
  });

  test('are doubted when the network changed', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'online' });
    expect(dueAt(run.state) - run.now).toBe(16_000);
  });

  test('wait as long as the bridge wants, network or not', () => {
    const run = new FollowRun();
    run.on({ type: 'start' });
    const error = new PresenceError({ code: 'API_BUSY', message: 'busy', status: 429, retryAfterSeconds: 50 });
    run.on({ type: 'loss', turn: run.state.turn, error });
    expect([run.on({ type: 'online' }), run.state.retryAt - run.now]).toEqual([[], 50_000]);
  });

  test.each([401, 403])('end with HTTP status %i, and nothing of the people is kept', (status) => {
    const run = new FollowRun().live(ANA);
    const effects = run.on({ type: 'loss', turn: run.state.turn, error: refused(status) });
    expect(typesOf(effects)).toEqual(['disconnect', 'state', 'people']);
    expect([run.state.phase, run.state.people.size, run.state.cursor, dueAt(run.state)]).toEqual([
      'refused',
      0,
      undefined,
      Number.POSITIVE_INFINITY,
    ]);
    expect(run.on({ type: 'online' })).toEqual([]);
  });

  test('go on after other refusals', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'loss', turn: run.state.turn, error: refused(502) });
    expect(run.state.phase).toBe('lost');
  });

  test('tell nothing once they are stopped', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'stop' });
    expect([run.snapshot([ANA]), run.state.people.size, dueAt(run.state)]).toEqual([[], 0, Number.POSITIVE_INFINITY]);
  });
});

describe('another subscription', () => {
  test('goes over the same connection where it can, and without the old cursor', () => {
    const run = new FollowRun().live(ANA);
    expect(run.on({ type: 'update', subscription: { people: ['ben'] } })).toEqual([
      { type: 'subscribe', message: { type: 'subscribe', people: ['ben'] } },
    ]);
    expect(run.statuses()).toEqual({ [ANA.address]: 'busy' });
    run.changes([{ ...ANA, status: 'away' }, BEN], { cursor: 'old' });
    expect([run.statuses(), run.state.cursor]).toEqual([{ [ANA.address]: 'away' }, undefined]);
    run.snapshot([BEN]);
    expect([run.state.phase, run.statuses()]).toEqual(['live', { [BEN.address]: 'available' }]);
  });

  test('wants a new connection where it has to', () => {
    const run = new FollowRun().live(ANA);
    run.resubscribes = false;
    const effects = run.on({ type: 'update', subscription: { people: ['ben'] } });
    expect(typesOf(effects)).toEqual(['disconnect', 'connect', 'state']);
  });

  test('waits with the next attempt while there is no connection', () => {
    const run = new FollowRun().live(ANA);
    run.on({ type: 'loss', turn: run.state.turn });
    expect(run.on({ type: 'update', subscription: { people: ['ben'] } })).toEqual([]);
    run.pass(1_000);
    expect(run.asked).toEqual({ type: 'subscribe', people: ['ben'] });
  });

  test('ends a refusal', () => {
    const run = new FollowRun();
    run.on({ type: 'start' });
    run.hear({ type: 'error', code: 'API_BAD_REQUEST', message: 'people: too many' });
    expect([run.state.phase, run.state.error?.message]).toEqual(['refused', 'people: too many']);
    run.on({ type: 'update', subscription: { people: ['ben'] } });
    expect(run.state.phase).toBe('connecting');
  });

  test('for which the bridge has no room is tried again later', () => {
    const run = new FollowRun();
    run.on({ type: 'start' });
    run.hear({ type: 'error', code: 'API_BUSY', message: 'too many' });
    expect(run.state.phase).toBe('lost');
  });
});

test('a refusal while it is live is told, and the stream goes on', () => {
  const run = new FollowRun().live(ANA);
  expect(run.hear({ type: 'error', code: 'API_BAD_REQUEST', message: 'what?' })).toMatchObject([
    { type: 'error', error: { code: 'API_BAD_REQUEST', message: 'what?' } },
  ]);
  expect(run.state.phase).toBe('live');
});

test('a message is handed on', () => {
  const run = new FollowRun().live(ANA);
  const message = { type: 'message', at: 1, from: 'sip:ben@contoso.example', text: 'hello' } as const;
  expect(run.hear(message)).toEqual([{ type: 'message', message }]);
});
