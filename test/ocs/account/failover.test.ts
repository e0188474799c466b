import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LinkState } from '../../../src/bridge/ports.js';
import {
  type FailoverEffect,
  type FailoverEvent,
  type FailoverState,
  newFailover,
  stepFailover,
} from '../../../src/ocs/account/failover.js';
import { AccountMoved } from '../../../src/ocs/agent/account-moved.js';
import type { RedirectTarget } from '../../../src/ocs/link/redirect.js';
import type { ServerAddress } from '../../../src/ocs/link/server-address.js';
import { BridgeError, type ErrorCode } from '../../../src/presence/errors.js';
import { seededRandom } from '../../support/simulated-clock.js';

const MINUTE_MS = 60_000;
const server = (name: string, transport: 'tls' | 'tcp' = 'tls'): ServerAddress => ({
  host: `${name}.contoso.example`,
  port: 5061,
  transport,
});
const [A, B, C] = [server('a'), server('b'), server('c')];
const TERMS = { domains: ['contoso.example'], backoff: { baseMs: 1_000, capMs: 60_000 } };

/** How a server treats us: refuses, sends us on, or signs us in for so many milliseconds. */
type Manner =
  | { readonly error: BridgeError; readonly retryAfterMs?: number }
  | { readonly session: number; readonly error?: BridgeError; readonly retryAfterMs?: number };

const fails = (code: ErrorCode, retryAfterMs?: number): Manner => ({
  error: new BridgeError(code, code),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const moved = (how: 'redirect' | 'notice', ...hosts: readonly string[]): AccountMoved => {
  const targets = hosts.map((host): RedirectTarget => ({ host, port: undefined, transport: 'tls' }));
  return new AccountMoved(how, 'moved', { targets, details: {} });
};
const LOST = {
  type: 'ended',
  error: new BridgeError('OCS_CONNECTION_LOST', 'cut'),
  retryAfterMs: undefined,
  unit: 0,
} as const;
const FOREVER = Number.MAX_SAFE_INTEGER;

interface Play {
  readonly servers: readonly ServerAddress[];
  readonly manners: (host: string, attempt: number, now: number) => Manner;
  readonly lastGood?: ServerAddress;
  readonly watched?: number;
  readonly seed?: number;
}

/** Plays the machine against servers for so long, in no time: connecting takes 10 ms. */
function play({ servers, manners, lastGood, watched = 0, seed = 1 }: Play, duration: number) {
  const random = seededRandom(seed);
  const connects: { readonly at: number; readonly host: string }[] = [];
  const waits: { readonly at: number; readonly link: LinkState; readonly code: ErrorCode; readonly delay: number }[] =
    [];
  const others: FailoverEffect[] = [];
  const attempts = new Map<string, number>();
  let finds = 0;
  let state = newFailover(TERMS, lastGood);
  let now = 0;
  let queue: FailoverEvent[] = [{ type: 'start' }];
  while (now <= duration && queue.length > 0 && connects.length < 10_000) {
    const [event, ...rest] = queue;
    queue = rest;
    if (event === undefined) break;
    const step = stepFailover(state, event, now);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.type === 'find') {
        finds++;
        queue.push({ type: 'found', candidates: servers, unit: random.unit() });
      } else if (effect.type === 'connect') {
        const { host } = effect.server;
        const label = host.split('.')[0] ?? '';
        connects.push({ at: now, host: label });
        const attempt = attempts.get(label) ?? 0;
        attempts.set(label, attempt + 1);
        const manner = manners(label, attempt, now);
        now += 10;
        const ended = (error: BridgeError, retryAfterMs?: number): FailoverEvent => ({
          type: 'ended',
          error,
          retryAfterMs,
          watched,
          unit: random.unit(),
        });
        if (!('session' in manner)) queue.push(ended(manner.error, manner.retryAfterMs));
        else {
          state = stepFailover(state, { type: 'signed-in' }, now).state;
          now += manner.session;
          queue.push(ended(manner.error ?? new BridgeError('OCS_CONNECTION_LOST', 'cut'), manner.retryAfterMs));
        }
      } else if (effect.type === 'wait') {
        waits.push({ at: now, link: effect.link, code: effect.error.code, delay: effect.delay });
        now += effect.delay;
        queue.push({ type: 'due' });
      } else others.push(effect);
    }
  }
  return { connects, waits, others, finds, ended: now, hosts: connects.map(({ host }) => host).join('') };
}

describe('a list of servers', () => {
  test('a failure leads to the next server at once, and only the whole list to a pause', () => {
    const { connects, waits } = play({ servers: [A, B, C], manners: () => fails('OCS_UNREACHABLE') }, 30);
    expect(connects.map(({ at }) => at)).toEqual([0, 10, 20]);
    expect(waits).toHaveLength(1);
    expect(waits[0]).toMatchObject({ link: 'transient-disconnect', code: 'OCS_UNREACHABLE' });
  });

  test('the list is made anew after each pause', () => {
    const { finds, waits } = play({ servers: [A, B], manners: () => fails('OCS_UNREACHABLE') }, 10 * MINUTE_MS);
    expect(finds).toBe(waits.length);
  });

  test('pauses grow with full jitter up to their bound, so that connects in ten minutes are few', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { waits, connects } = play({ servers: [A], manners: () => fails('OCS_UNREACHABLE'), seed }, 10 * MINUTE_MS);
      for (const [index, { delay }] of waits.entries()) {
        expect(delay).toBeLessThanOrEqual(Math.min(60_000, 1_000 * 2 ** index));
      }
      expect(connects.length).toBeLessThan(60);
    }
  });

  test('the server that was good last comes first after a loss', () => {
    const manners = (host: string): Manner => (host === 'a' ? fails('OCS_UNREACHABLE') : { session: 5 * MINUTE_MS });
    expect(play({ servers: [A, B, C], manners }, 11 * MINUTE_MS).hosts).toMatch(/^abbb/);
  });

  test('the server remembered from before a restart comes first, even when it is not on the list', () => {
    const manners = (host: string): Manner => (host === 'z' ? fails('OCS_UNREACHABLE') : { session: FOREVER });
    expect(play({ servers: [A, B], lastGood: B, manners }, 1).hosts).toBe('b');
    expect(play({ servers: [A, B], lastGood: server('z'), manners }, 20).hosts).toBe('za');
  });

  test('a good server without TLS does not come before those with it', () => {
    const plain = server('p', 'tcp');
    const manners = (host: string): Manner => (host === 'p' ? { session: FOREVER } : fails('OCS_UNREACHABLE'));
    expect(play({ servers: [A, plain], lastGood: plain, manners }, 30).hosts).toBe('ap');
    expect(play({ servers: [plain, A], lastGood: plain, manners }, 30).hosts).toBe('p');
    expect(play({ servers: [server('q', 'tcp'), plain], lastGood: plain, manners }, 30).hosts).toBe('p');
  });

  test('when the good server goes down, the next one takes over without a pause between them', () => {
    const manners = (host: string, attempt: number): Manner =>
      host === 'a' && attempt === 0
        ? { session: 5 * MINUTE_MS }
        : host === 'a'
          ? fails('OCS_UNREACHABLE')
          : { session: FOREVER };
    const { connects } = play({ servers: [A, B], manners }, 6 * MINUTE_MS);
    expect(connects.map(({ host }) => host)).toEqual(['a', 'a', 'b']);
    expect((connects[2]?.at ?? 0) - (connects[1]?.at ?? 0)).toBe(10);
  });

  test('no server at all is reported, and looked for again', () => {
    const state = newFailover(TERMS);
    const error = new BridgeError('OCS_NOT_FOUND', 'none');
    const { effects } = stepFailover(state, { type: 'not-found', error, unit: 0.5 }, 0);
    expect(effects).toEqual([{ type: 'wait', link: 'transient-disconnect', error, delay: 500 }]);
    expect(stepFailover(state, { type: 'due' }, 500).effects).toEqual([{ type: 'find' }]);
  });
});

describe('a server that asks for patience', () => {
  test('is left alone for as long as it asks, while others are tried at once', () => {
    const manners = (host: string): Manner => (host === 'a' ? fails('OCS_REJECTED', 90_000) : fails('OCS_UNREACHABLE'));
    const { connects } = play({ servers: [A, B], manners }, 10 * MINUTE_MS);
    const at = connects.filter(({ host }) => host === 'a').map((connect) => connect.at);
    for (const [index, time] of at.slice(1).entries()) expect(time - (at[index] ?? 0)).toBeGreaterThanOrEqual(90_000);
    expect(connects.filter(({ host }) => host === 'b').length).toBeGreaterThan(at.length);
  });

  test('at the end of a session is left alone, while another one takes over within the usual pause', () => {
    const asks = {
      session: 5 * MINUTE_MS,
      error: new BridgeError('OCS_REJECTED', '503'),
      retryAfterMs: 20 * MINUTE_MS,
    };
    const manners = (host: string): Manner => (host === 'a' ? asks : { session: MINUTE_MS });
    const { connects } = play({ servers: [A, B], manners }, 30 * MINUTE_MS);
    expect(connects.slice(0, 2).map(({ host }) => host)).toEqual(['a', 'b']);
    expect((connects[1]?.at ?? 0) - 5 * MINUTE_MS).toBeLessThan(2_000);
    const again = play({ servers: [A], manners }, 30 * MINUTE_MS).connects.map(({ at }) => at);
    expect((again[1] ?? 0) - 5 * MINUTE_MS).toBeGreaterThanOrEqual(20 * MINUTE_MS);
  });

  test('is left alone too when another one would send us there', () => {
    const manners = (host: string, attempt: number): Manner => {
      if (host === 'director') return { error: moved('redirect', 'home.contoso.example') };
      return attempt > 0
        ? { session: FOREVER }
        : { session: 5 * MINUTE_MS, error: new BridgeError('OCS_REJECTED', '503'), retryAfterMs: 10 * MINUTE_MS };
    };
    const { connects } = play({ servers: [server('director')], manners }, 30 * MINUTE_MS);
    const home = connects.filter(({ host }) => host === 'home').map(({ at }) => at);
    expect(home).toHaveLength(2);
    expect((home[1] ?? 0) - (home[0] ?? 0)).toBeGreaterThanOrEqual(15 * MINUTE_MS);
    expect(connects.length).toBeLessThan(8);
  });

  test('is a lower bound for the pause when there is no other, capped at an hour', () => {
    const one = (retryAfterMs: number) =>
      play({ servers: [A], manners: () => fails('OCS_REJECTED', retryAfterMs) }, 10).waits[0]?.delay ?? 0;
    expect(one(90_000)).toBeGreaterThanOrEqual(90_000 - 10);
    expect(one(90_000)).toBeLessThanOrEqual(91_000);
    expect(one(FOREVER)).toBeLessThanOrEqual(61 * MINUTE_MS);
  });
});

describe('a certificate that must not be trusted', () => {
  for (const code of ['OCS_TLS_UNTRUSTED', 'OCS_TLS_NAME'] as const) {
    test(`${code}: asked again every 15 minutes and not faster, while others go on`, () => {
      const manners = (host: string): Manner => (host === 'a' ? fails(code) : fails('OCS_UNREACHABLE'));
      const alone = play({ servers: [A], manners }, 120 * MINUTE_MS);
      expect(alone.connects.length).toBeLessThanOrEqual(9);
      expect(alone.waits[0]).toMatchObject({ link: 'untrusted-peer', code });
      const { connects, waits } = play({ servers: [A, B], manners }, 120 * MINUTE_MS);
      expect(connects.filter(({ host }) => host === 'a').length).toBeLessThanOrEqual(9);
      expect(connects.filter(({ host }) => host === 'b').length).toBeGreaterThan(60);
      // What an administrator can mend is what is reported, even in rounds that leave that server alone.
      expect(new Set(waits.map((wait) => wait.code))).toEqual(new Set([code]));
    });
  }
});

describe('a refusal of the account', () => {
  for (const [code, link] of [
    ['OCS_BAD_CREDENTIALS', 'bad-credentials'],
    ['OCS_FORBIDDEN', 'refused'],
    ['OCS_ACCOUNT_UNKNOWN', 'refused'],
    ['CFG_INVALID', 'refused'],
  ] as const) {
    test(`${code} is not carried to the next server, and tried once in half an hour`, () => {
      const { hosts, waits } = play({ servers: [A, B], manners: () => fails(code) }, 24 * 60 * MINUTE_MS);
      expect(hosts).toMatch(/^a+$/);
      expect(hosts.length).toBeLessThanOrEqual(49);
      expect(waits[0]).toMatchObject({ link, code, delay: 30 * MINUTE_MS });
    });
  }

  test('does not include what one server offers to sign in with: the others go on', () => {
    const manners = (host: string): Manner => (host === 'b' ? fails('OCS_AUTH_UNSUPPORTED') : fails('OCS_UNREACHABLE'));
    const { connects } = play({ servers: [A, server('b', 'tcp')], manners }, 60 * MINUTE_MS);
    expect(connects.filter(({ host }) => host === 'b').length).toBeLessThanOrEqual(2);
    expect(connects.filter(({ host }) => host === 'a').length).toBeGreaterThan(60);
  });

  test('ends an established session in the same way', () => {
    const error = new BridgeError('OCS_DEREGISTERED', 'disabled');
    const { waits } = play({ servers: [A, B], manners: () => ({ session: MINUTE_MS, error }) }, 2 * MINUTE_MS);
    expect(waits[0]).toMatchObject({ link: 'refused', delay: 30 * MINUTE_MS });
  });
});

describe('redirects', () => {
  const follow = (map: Readonly<Record<string, string>>, servers: readonly ServerAddress[] = [A]) =>
    play(
      {
        servers,
        manners: (host) => {
          const to = map[host];
          return to === undefined ? { session: FOREVER } : { error: moved('redirect', to) };
        },
      },
      500,
    );

  test('lead from the director to the pool at once', () => {
    const { hosts, others, waits } = follow({ a: 'pool2.contoso.example' });
    expect([hosts, waits]).toEqual(['apool2', []]);
    expect(others).toMatchObject([{ type: 'redirected', from: A, to: { host: 'pool2.contoso.example' } }]);
  });

  test('are followed three times in a row, not four', () => {
    expect(follow({ a: 'b.contoso.example', b: 'c.contoso.example', c: 'd.contoso.example' }).hosts).toMatch(/^abcd$/);
    const { hosts, waits } = follow({
      a: 'b.contoso.example',
      b: 'c.contoso.example',
      c: 'd.contoso.example',
      d: 'e.contoso.example',
    });
    expect(hosts).toMatch(/^(abcd)+$/);
    expect(waits[0]?.code).toBe('OCS_REDIRECT');
  });

  test('in a loop end with a clear error and the growing pauses of any failure', () => {
    const { hosts, waits, connects } = play(
      {
        servers: [A],
        manners: (host) => ({ error: moved('redirect', host === 'a' ? 'b.contoso.example' : 'a.contoso.example') }),
      },
      10 * MINUTE_MS,
    );
    expect(hosts).toMatch(/^(ab)+$/);
    expect(waits[0]).toMatchObject({ code: 'OCS_REDIRECT', link: 'transient-disconnect' });
    expect(connects.length).toBeLessThan(120);
  });

  test('to a foreign host are refused with both names, and the next server is tried', () => {
    const { hosts, others } = follow({ a: 'pool.evil.example' }, [A, B]);
    expect(hosts).toBe('ab');
    const passed = others.find((effect) => effect.type === 'passed-over');
    expect(passed?.error.code).toBe('OCS_REDIRECT');
    expect(passed?.error.details).toMatchObject({ from: 'a.contoso.example:5061 TLS', to: 'pool.evil.example' });
    expect(passed?.error.message).toContain('no trusted domain');
  });

  test('lead to a home that is tried first next time', () => {
    const manners = (host: string): Manner =>
      host === 'a' ? { error: moved('redirect', 'home.contoso.example') } : { session: 5 * MINUTE_MS };
    expect(play({ servers: [A], manners }, 12 * MINUTE_MS).hosts).toMatch(/^ahomehomehome/);
  });
});

describe('an account that was moved', () => {
  test('is looked for anew, and not where it was', () => {
    const manners = (host: string, attempt: number): Manner =>
      host === 'b' && attempt === 0 ? { session: 5 * MINUTE_MS, error: moved('notice') } : { session: FOREVER };
    const { hosts, finds, others } = play({ servers: [A, B], lastGood: B, manners }, 10 * MINUTE_MS);
    expect([hosts, finds]).toEqual(['ba', 2]);
    expect(others.some(({ type }) => type === 'forget')).toBe(true);
  });

  test('goes where the notice says, if that may be trusted', () => {
    const hostsAfter = (target: string) => {
      const manners = (host: string, attempt: number): Manner =>
        host === 'a' && attempt === 0
          ? { session: 5 * MINUTE_MS, error: moved('notice', target) }
          : { session: FOREVER };
      return play({ servers: [A, B], manners }, 10 * MINUTE_MS).hosts;
    };
    expect(hostsAfter('pool7.contoso.example')).toBe('apool7');
    expect(hostsAfter('pool7.evil.example')).toBe('aa');
  });
});

describe('after a mass disconnect', () => {
  const first = (watched: number, seed: number) =>
    play({ servers: [A], manners: () => ({ session: 5 * MINUTE_MS }), watched, seed }, 5 * MINUTE_MS + 11).waits[0]
      ?.delay ?? -1;

  test('clients come back spread over 60 ms for each person, a minute at most', () => {
    for (const [watched, bound] of [
      [100, 6_000],
      [1_000, 60_000],
      [20_000, 60_000],
    ] as const) {
      const delays = Array.from({ length: 200 }, (_, seed) => first(watched, seed)).sort((a, b) => a - b);
      expect(delays.at(-1)).toBeLessThanOrEqual(bound);
      expect(delays[0]).toBeLessThan(bound / 20);
      expect(delays[100]).toBeGreaterThan(bound * 0.35);
      expect(delays[100]).toBeLessThan(bound * 0.65);
    }
  });

  test('a bridge that watches few people is back within a second', () => {
    for (let seed = 0; seed < 50; seed++) expect(first(10, seed)).toBeLessThanOrEqual(1_000);
  });

  test('a server that takes 20 sign-ins in a second is never driven above it, and all are back within three minutes', () => {
    const random = seededRandom(7);
    const clients = Array.from({ length: 600 }, () => ({ state: newFailover(TERMS) }));
    const backAt: number[] = [];
    const perSecond = new Map<number, number>();
    const lost: FailoverEvent = { ...LOST, watched: 1_000 };
    const due: { readonly at: number; readonly client: { state: FailoverState } }[] = [];
    const feed = (client: { state: FailoverState }, event: FailoverEvent, now: number): readonly FailoverEffect[] => {
      const step = stepFailover(client.state, event, now);
      client.state = step.state;
      for (const effect of step.effects) if (effect.type === 'wait') due.push({ at: now + effect.delay, client });
      return step.effects;
    };
    for (const client of clients) {
      feed(client, { type: 'found', candidates: [A], unit: random.unit() }, 0);
      feed(client, { type: 'signed-in' }, 0);
      feed(client, { ...lost, unit: random.unit() }, 10 * MINUTE_MS);
    }
    while (due.length > 0) {
      due.sort((a, b) => b.at - a.at);
      const next = due.pop();
      if (next === undefined) break;
      const second = Math.floor(next.at / 1_000);
      const load = (perSecond.get(second) ?? 0) + 1;
      perSecond.set(second, load);
      feed(next.client, { type: 'found', candidates: [A], unit: random.unit() }, next.at);
      if (load <= 20) backAt.push(next.at);
      else {
        const error = new BridgeError('OCS_REJECTED', '503');
        feed(next.client, { ...lost, error, retryAfterMs: 10_000, unit: random.unit() }, next.at);
      }
    }
    expect(backAt).toHaveLength(600);
    expect(Math.max(...backAt) - 10 * MINUTE_MS).toBeLessThan(3 * MINUTE_MS);
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(20);
  });

  test('sessions that do not last count as failures', () => {
    const { waits } = play({ servers: [A], manners: () => ({ session: 1_000 }), seed: 3 }, 30 * MINUTE_MS);
    expect(waits.length).toBeLessThan(120);
    expect(Math.max(...waits.map(({ delay }) => delay))).toBeGreaterThan(20_000);
  });
});

test('whatever servers do, it goes on trying and never without a pause between rounds', () => {
  const manner: fc.Arbitrary<Manner> = fc.oneof(
    fc
      .constantFrom<ErrorCode>('OCS_UNREACHABLE', 'OCS_TLS_NAME', 'OCS_REJECTED', 'OCS_FORBIDDEN')
      .map((code) => fails(code, 5_000)),
    fc.constantFrom('a', 'b', 'c', 'x').map((name) => ({ error: moved('redirect', `${name}.contoso.example`) })),
    fc.nat(120_000).map((session) => ({ session })),
    fc.constantFrom('b', 'evil').map((name) => ({ session: 50, error: moved('notice', `${name}.contoso.example`) })),
  );
  fc.assert(
    fc.property(fc.array(manner, { minLength: 1, maxLength: 12 }), fc.nat(1000), (manners, seed) => {
      let turn = 0;
      const { connects, waits, ended } = play(
        { servers: [A, B, C], seed, manners: () => manners[turn++ % manners.length] ?? fails('OCS_UNREACHABLE') },
        60 * MINUTE_MS,
      );
      // Three servers and three redirects of each are the most that one round can hold.
      expect(connects.length).toBeLessThanOrEqual((waits.length + 1) * 12);
      expect(ended).toBeGreaterThan(60 * MINUTE_MS);
    }),
    { numRuns: 100 },
  );
});
