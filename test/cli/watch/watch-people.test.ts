import { afterEach, describe, expect, test, vi } from 'vitest';
import { jsonReport } from '../../../src/cli/watch/json-report.js';
import { lineReport } from '../../../src/cli/watch/line-report.js';
import { watchPeople } from '../../../src/cli/watch/watch-people.js';
import { startFollow } from '../../../src/client/follow.js';
import type { PeopleMessage, PersonPresence } from '../../../src/client/messages.js';
import { PresenceError } from '../../../src/client/presence-error.js';
import type { ConnectionEvents } from '../../../src/client/transport.js';

afterEach(() => {
  vi.useRealTimers();
});

const ana: PersonPresence = {
  address: 'sip:ana@x',
  status: 'busy',
  outOfOffice: false,
  source: 'ocs',
  confirmed: true,
};

/** A bridge whose messages the test writes, and somebody who watches it. */
function watching(kind: 'lines' | 'json', lists: readonly string[] = []) {
  vi.useFakeTimers();
  const connections: ConnectionEvents[] = [];
  const stop = new AbortController();
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    stop: stop.signal,
  };
  const now = () => Date.now();
  let closed = 0;
  const report = kind === 'json' ? jsonReport(io, now) : lineReport(io, [], now);
  const close = (): void => {
    closed++;
  };
  const transport = {
    resubscribes: false,
    open(_: unknown, events: ConnectionEvents) {
      connections.push(events);
      return { close: () => undefined };
    },
  };
  const ended = watchPeople(
    (subscription, listener) =>
      startFollow({ transport, subscription, listener, now, random: () => 0, onOnline: () => () => undefined }),
    { people: ['Ana'], lists },
    () => ({ ...report, close }),
    io,
  ).then(
    () => 'done',
    (thrown) => thrown.code as string,
  );
  const tell = (message: PeopleMessage): void => connections.at(-1)?.onText(JSON.stringify(message));
  return {
    ended,
    connections,
    lines: () => out.split('\n').filter((line) => line !== ''),
    objects: () =>
      out
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    err: () => err,
    closed: () => closed,
    stop: () => stop.abort(),
    lose: (error?: PresenceError) => connections.at(-1)?.onLoss(error),
    snapshot: (...people: readonly PersonPresence[]) =>
      tell({
        type: 'snapshot',
        cursor: 'c',
        at: now(),
        freshUntil: now() + 45_000,
        asked: people.length > 0 ? [{ query: 'Ana', address: 'sip:ana@x' }] : [{ query: 'Ana', reason: 'not-found' }],
        people,
      }),
    changes: (...people: readonly PersonPresence[]) => tell({ type: 'changes', cursor: 'd', at: now(), people }),
  };
}

const refused = new PresenceError({ code: 'API_UNAUTHORIZED', message: 'the token is wrong', status: 401 });
const unreachable = new PresenceError({ code: 'API_UNREACHABLE', message: 'nobody answers' });

describe('watching people', () => {
  test('tells each change until it is stopped, and closes what shows it', async () => {
    const run = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    run.snapshot(ana);
    run.changes({ ...ana, status: 'away' });
    run.stop();
    expect(await run.ended).toBe('done');
    expect([run.lines().map((line) => line.slice(9)), run.closed()]).toEqual([
      ['■ sip:ana@x: busy', '◷ sip:ana@x: away'],
      1,
    ]);
  });

  test.each([
    ['a refused token', refused, 'API_UNAUTHORIZED'],
    ['a missing scope', new PresenceError({ code: 'API_FORBIDDEN', message: 'no', status: 403 }), 'API_FORBIDDEN'],
    ['nobody at this address', unreachable, 'API_UNREACHABLE'],
    ['an older bridge', new PresenceError({ code: 'API_NOT_FOUND', message: 'no', status: 404 }), 'API_UNREACHABLE'],
    ['a bridge that is busy', new PresenceError({ code: 'API_BUSY', message: 'no', status: 429 }), 'API_BUSY'],
    ['an end without a word', undefined, 'API_UNREACHABLE'],
  ])('ends with %s at first', async (_, error, code) => {
    const run = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    run.lose(error);
    expect([await run.ended, run.err(), run.closed()]).toEqual([code, '', 1]);
  });

  test('goes on after a loss, and says so on standard error', async () => {
    const run = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    run.snapshot(ana);
    run.lose(unreachable);
    await vi.advanceTimersByTimeAsync(1_000);
    run.lose(unreachable);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(run.connections).toHaveLength(3);
    run.snapshot(ana);
    run.stop();
    expect(await run.ended).toBe('done');
    expect(run.err()).toMatch(/^\S+ bridge lost, trying again: nobody answers\n\S+ connected again\n$/);
    expect(run.lines()).toHaveLength(1);
  });

  test('shows somebody as unknown once the bridge was not heard for long', async () => {
    const run = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    run.snapshot(ana);
    run.lose(unreachable);
    await vi.advanceTimersByTimeAsync(45_000);
    expect(run.lines().at(-1)).toMatch(/\? sip:ana@x: unknown, not-confirmed$/);
    run.stop();
    await run.ended;
  });

  test('ends when the token is revoked meanwhile', async () => {
    const run = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    run.snapshot(ana);
    run.lose(refused);
    expect(await run.ended).toBe('API_UNAUTHORIZED');
  });

  test('ends when nobody is known by the names at first, and not when they vanish later', async () => {
    const none = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    none.snapshot();
    expect([await none.ended, none.err()]).toEqual(['DIRECTORY_NOBODY', '- Ana: not-found\n']);
    const later = watching('lines');
    await vi.advanceTimersByTimeAsync(0);
    later.snapshot(ana);
    later.snapshot();
    later.stop();
    expect(await later.ended).toBe('done');
  });

  test('goes on with nobody where everybody is followed', async () => {
    const run = watching('lines', ['everybody']);
    await vi.advanceTimersByTimeAsync(0);
    run.snapshot();
    run.stop();
    expect(await run.ended).toBe('done');
  });

  test('as JSON is one object a line: state, whom the names mean, people, losses', async () => {
    const run = watching('json');
    await vi.advanceTimersByTimeAsync(0);
    run.snapshot(ana);
    run.changes({ ...ana, note: 'a\u2028b\u009b' });
    run.lose(unreachable);
    run.stop();
    await run.ended;
    const at = expect.any(Number);
    expect(run.objects()).toEqual([
      { type: 'state', at, state: 'connecting' },
      { type: 'state', at, state: 'live' },
      { type: 'asked', at, asked: [{ query: 'Ana', address: 'sip:ana@x' }] },
      { type: 'people', at, people: [ana], removed: [] },
      { type: 'people', at, people: [{ ...ana, note: 'a\u2028b\u009b' }], removed: [] },
      { type: 'state', at, state: 'lost', error: { code: 'API_UNREACHABLE', message: 'nobody answers' } },
    ]);
    expect(run.lines().join('')).not.toMatch(/[\u2028\u009b]/);
  });
});
