import { describe, expect, test } from 'vitest';
import {
  newRegistrar,
  type RegistrarEffect,
  type RegistrarEvent,
  stepRegistrar,
} from '../../../src/ocs/agent/registrar.js';
import type { RegistrationFacts } from '../../../src/ocs/agent/registration-facts.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 5);
const FACTS: RegistrationFacts = {
  expires: 7200,
  gruu: undefined,
  keepAlive: 300,
  product: 'RTC/3.5',
  missing: [],
};
const accepted = (expires = 7200): RegistrarEvent => ({ type: 'accepted', registration: { ...FACTS, expires } });
const answer: RegistrarEvent = { type: 'challenged', outcome: 'answer' };
const refused: RegistrarEvent = { type: 'challenged', outcome: 'refused' };
const rejected = (status: number, retryAfter?: number): RegistrarEvent => ({
  type: 'rejected',
  rejection: { status, reason: '', diagnostics: '4004;reason="x"', retryAfter },
});

/** Feeds events one after the other, gives all effects. */
function play(events: readonly RegistrarEvent[], failures = 0) {
  let state = newRegistrar({ failures, at: NOW });
  const effects: RegistrarEffect[] = [];
  for (const event of events) {
    const step = stepRegistrar(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects, sent: effects.flatMap((effect) => (effect.type === 'register' ? effect.as : [])) };
}

const failure = (effects: readonly RegistrarEffect[]) => effects.find((effect) => effect.type === 'failed');
const START: RegistrarEvent = { type: 'start', now: NOW, secretChanged: false };
const SIGNED_IN = [START, answer, answer, accepted()];

describe('signing in', () => {
  test('takes three REGISTER requests with NTLM', () => {
    const { sent, effects, state } = play(SIGNED_IN);
    expect(sent).toEqual(['new', 'answer', 'answer']);
    expect(effects.slice(3).map((effect) => effect.type)).toEqual(['establish', 'arm', 'arm', 'signed-in']);
    expect(state.phase).toBe('registered');
  });

  test('takes one when the server trusts us anyway', () => {
    expect(play([START, accepted()]).sent).toEqual(['new']);
  });

  test('with a wrong password is tried twice, counted, and then given up', () => {
    const { sent, effects } = play([START, answer, answer, refused, answer, answer, refused, answer, accepted()]);
    expect(sent).toEqual(['new', 'answer', 'answer', 'new', 'answer', 'answer']);
    expect(effects.filter((effect) => effect.type === 'count-failures')).toEqual([
      { type: 'count-failures', failures: 1 },
      { type: 'count-failures', failures: 2 },
    ]);
    expect(failure(effects)).toMatchObject({ error: { code: 'OCS_BAD_CREDENTIALS' } });
  });

  test('is tried once when one refusal is known from before, and never when two are', () => {
    expect(play([START, answer, answer, refused], 1).sent).toEqual(['new', 'answer', 'answer']);
    const never = play([START], 2);
    expect(never.sent).toEqual([]);
    expect(failure(never.effects)).toMatchObject({ error: { code: 'OCS_BAD_CREDENTIALS' } });
  });

  test('forgets earlier refusals as soon as it succeeds', () => {
    const { effects } = play([START, answer, answer, refused, answer, answer, accepted()]);
    expect(effects.filter((effect) => effect.type === 'count-failures').at(-1)).toMatchObject({ failures: 0 });
  });

  test('tells how far the clocks are apart when a password is refused', () => {
    const skewed: RegistrarEvent = { type: 'challenged', outcome: 'refused', skewSeconds: 1200 };
    expect(failure(play([START, answer, answer, skewed], 1).effects)).toMatchObject({
      error: { details: { clockSkewSeconds: 1200 } },
    });
  });

  const ends: readonly (readonly [string, RegistrarEvent, string, number | undefined])[] = [
    ['the server offers nothing acceptable', { type: 'unacceptable', reason: 'x' }, 'OCS_AUTH_UNSUPPORTED', undefined],
    ['the account is forbidden', rejected(403), 'OCS_FORBIDDEN', undefined],
    ['the account is unknown', rejected(404), 'OCS_ACCOUNT_UNKNOWN', undefined],
    ['the server is overloaded', rejected(503, 90), 'OCS_REJECTED', 90_000],
    ['the home server is away', rejected(504), 'OCS_TIMEOUT', undefined],
    ['the server sends us elsewhere', rejected(301), 'OCS_REDIRECT', undefined],
    ['the request cannot be sent', { type: 'unsent' }, 'OCS_CONNECTION_LOST', undefined],
    ['nothing is answered', { type: 'unanswered' }, 'OCS_TIMEOUT', undefined],
  ];
  for (const [what, event, code, retryAfterMs] of ends) {
    test(`ends when ${what}`, () => {
      const { effects, state } = play([START, event, START, accepted()]);
      expect(failure(effects)).toMatchObject({ error: { code }, retryAfterMs });
      expect(state.phase).toBe('ended');
    });
  }
});

describe('staying signed in', () => {
  test('refreshes at three quarters of the lifetime and proves itself again before eight hours are over', async () => {
    const clock = new SimulatedClock();
    const start = clock.now();
    const sent: (readonly [number, string])[] = [];
    const timers = new Map<string, () => void>();
    let state = newRegistrar(undefined);
    const feed = (event: RegistrarEvent): void => {
      const step = stepRegistrar(state, event);
      state = step.state;
      for (const effect of step.effects) {
        if (effect.type === 'arm') {
          timers.get(effect.timer)?.();
          timers.set(
            effect.timer,
            clock.after(effect.delay, () => feed({ type: `${effect.timer}-due` })),
          );
        }
        if (effect.type === 'register') {
          sent.push([(clock.now() - start) / 60_000, effect.as]);
          clock.after(1, () => feed(effect.as === 'refresh' || sent.at(-2)?.[1] === 'answer' ? accepted() : answer));
        }
      }
    };
    feed(START);
    await clock.advance(9 * HOUR);
    const minutes = sent.map(([minute, as]) => `${Math.round(minute)} ${as}`);
    expect(minutes).toEqual([
      '0 new',
      '0 answer',
      '0 answer',
      '90 refresh',
      '180 refresh',
      '270 refresh',
      '360 refresh',
      '450 refresh',
      '475 new',
      '475 answer',
      '475 answer',
    ]);
  });

  test('tries a refresh three times before it gives the connection up', () => {
    const miss: readonly RegistrarEvent[] = [{ type: 'refresh-due' }, rejected(503, 60)];
    const twice = play([...SIGNED_IN, ...miss, ...miss]);
    expect(failure(twice.effects)).toBeUndefined();
    expect(twice.effects.at(-1)).toEqual({ type: 'arm', timer: 'refresh', delay: 60_000 });
    const thrice = play([...SIGNED_IN, ...miss, ...miss, { type: 'refresh-due' }, { type: 'unanswered' }]);
    expect(failure(thrice.effects)).toMatchObject({ error: { code: 'OCS_TIMEOUT' } });
  });

  test('tries a renewal again too, while the first sign-in still holds', () => {
    const miss: readonly RegistrarEvent[] = [{ type: 'renewal-due' }, rejected(503)];
    const once = play([...SIGNED_IN, ...miss]);
    expect(once.state.phase).toBe('registered');
    expect(once.effects.at(-1)).toEqual({ type: 'arm', timer: 'renewal', delay: 30_000 });
    const { sent, effects } = play([...SIGNED_IN, ...miss, { type: 'refresh-due' }, accepted(), accepted()]);
    expect(sent.slice(3)).toEqual(['new', 'refresh', 'new']);
    expect(failure(effects)).toBeUndefined();
    expect(failure(play([...SIGNED_IN, ...miss, ...miss, ...miss]).effects)).toBeDefined();
  });

  test('counts misses anew after a good refresh', () => {
    const miss: readonly RegistrarEvent[] = [{ type: 'refresh-due' }, { type: 'unanswered' }];
    const { effects } = play([...SIGNED_IN, ...miss, ...miss, { type: 'refresh-due' }, accepted(), ...miss, ...miss]);
    expect(failure(effects)).toBeUndefined();
  });

  test('signs in again over the same connection when the server has forgotten the association', () => {
    const { sent, effects, state } = play([
      ...SIGNED_IN,
      { type: 'refresh-due' },
      { type: 'challenged', outcome: 'expired' },
      answer,
      answer,
      accepted(),
    ]);
    expect(sent.slice(3)).toEqual(['refresh', 'new', 'answer', 'answer']);
    expect(effects.filter((effect) => effect.type === 'signed-in')).toHaveLength(1);
    expect(effects.filter((effect) => effect.type === 'establish')).toHaveLength(2);
    expect(state.phase).toBe('registered');
  });

  test('puts a renewal off until a refresh under way is answered', () => {
    const during = play([...SIGNED_IN, { type: 'refresh-due' }, { type: 'renewal-due' }]);
    expect(during.sent.slice(3)).toEqual(['refresh']);
    const { sent } = play([...SIGNED_IN, { type: 'refresh-due' }, { type: 'renewal-due' }, accepted()]);
    expect(sent.slice(3)).toEqual(['refresh', 'new']);
  });

  test('uses a sane time when the server names none', () => {
    expect(play([START, accepted(0)]).effects).toContainEqual({ type: 'arm', timer: 'refresh', delay: 450_000 });
  });
});

describe('notice from the server', () => {
  const notices: readonly (readonly [string, string])[] = [
    ['unregistered', 'OCS_DEREGISTERED'],
    ['rejected', 'OCS_DEREGISTERED'],
    ['something-new', 'OCS_DEREGISTERED'],
    ['deactivated', 'OCS_REJECTED'],
    ['preferred-registrar-change', 'OCS_REJECTED'],
  ];
  for (const [cause, code] of notices) {
    test(`"${cause}" ends the sign-in with ${code}`, () => {
      const { effects, state } = play([...SIGNED_IN, { type: 'deregistered', cause, diagnostics: '4141' }]);
      expect(failure(effects)).toMatchObject({ error: { code, details: { event: cause, diagnostics: '4141' } } });
      expect(state.phase).toBe('ended');
    });
  }
});

describe('signing off', () => {
  test('sends one REGISTER, and any answer will do', () => {
    for (const event of [accepted(), rejected(500), answer, { type: 'unanswered' }] as const) {
      const { sent, effects } = play([...SIGNED_IN, { type: 'sign-off' }, { type: 'sign-off' }, event]);
      expect(sent.slice(3)).toEqual(['sign-off']);
      expect(effects.at(-1)).toEqual({ type: 'signed-off' });
    }
  });

  test('has nothing to send before the sign-in succeeded', () => {
    expect(play([START, { type: 'sign-off' }]).effects.at(-1)).toEqual({ type: 'signed-off' });
    expect(play([{ type: 'sign-off' }]).sent).toEqual([]);
  });
});

describe('notices of the server', () => {
  for (const [cause, code, retry] of [
    ['unregistered', 'OCS_DEREGISTERED', 'after-login'],
    ['rejected', 'OCS_DEREGISTERED', 'after-login'],
    ['deactivated', 'OCS_REJECTED', 'later'],
    ['preferred-registrar-change', 'OCS_REJECTED', 'later'],
  ] as const) {
    test(`"${cause}" ends the registration as ${code}, and is not answered by another REGISTER`, () => {
      const diagnostics = '4141;reason="User disabled"';
      const { sent, effects, state } = play([...SIGNED_IN, { type: 'deregistered', cause, diagnostics }, START]);
      expect(failure(effects)).toMatchObject({ error: { code, retry, details: { event: cause, diagnostics } } });
      expect([state.phase, sent.length]).toEqual(['ended', 3]);
    });
  }

  test('a disabled account is told apart from a wrong password, and is not counted', () => {
    const { effects } = play([START, answer, answer, rejected(403)]);
    expect(failure(effects)).toMatchObject({
      error: { code: 'OCS_FORBIDDEN', message: expect.stringMatching(/does not let this account sign in/) },
    });
    expect(effects.some(({ type }) => type === 'count-failures')).toBe(false);
  });
});

describe('an association with a lifetime of its own', () => {
  const ticket = (lifetimeMs: number): RegistrarEvent => ({ type: 'accepted', registration: FACTS, lifetimeMs });
  const armed = (lifetimeMs: number) =>
    Object.fromEntries(
      play([START, answer, ticket(lifetimeMs)]).effects.flatMap((effect) =>
        effect.type === 'arm' && effect.timer !== 'refresh' ? [[effect.timer, effect.delay]] : [],
      ),
    );
  const noTicket: RegistrarEvent = { type: 'unproven', error: new BridgeError('OCS_KERBEROS', 'no KDC') };

  test('is renewed five minutes before its end, or at three quarters of a short life', () => {
    expect(armed(2 * HOUR)).toEqual({ renewal: 2 * HOUR - 300_000, expiry: 2 * HOUR });
    expect(armed(8_000)).toEqual({ renewal: 6_000, expiry: 8_000 });
    expect(armed(10 * HOUR)).toEqual({ renewal: 8 * HOUR - 300_000 });
  });

  test('goes on while no ticket for its renewal is to be had, and ends with its own', () => {
    const tries = Array.from({ length: 9 }, (): RegistrarEvent[] => [{ type: 'renewal-due' }, noTicket]).flat();
    const going = play([START, answer, ticket(HOUR), ...tries]);
    expect(failure(going.effects)).toBeUndefined();
    expect(going.state.phase).toBe('registered');
    expect(going.effects.at(-1)).toEqual({ type: 'arm', timer: 'renewal', delay: 30_000 });
    const over = play([START, answer, ticket(HOUR), ...tries, { type: 'expiry-due' }]);
    expect(failure(over.effects)).toMatchObject({ error: { code: 'OCS_KERBEROS' } });
  });

  test('is forgotten, its end too, when one without a ticket takes its place', () => {
    const renewed = play([START, answer, ticket(HOUR), { type: 'renewal-due' }, answer, answer, accepted()]);
    expect(renewed.effects.filter(({ type }) => type === 'disarm')).toEqual([{ type: 'disarm', timer: 'expiry' }]);
    const again = play([START, answer, ticket(HOUR), { type: 'renewal-due' }, answer, ticket(HOUR)]);
    expect(again.effects.filter(({ type }) => type === 'disarm')).toEqual([]);
    const refreshed = play([START, answer, ticket(HOUR), { type: 'refresh-due' }, accepted()]);
    expect(refreshed.effects.filter(({ type }) => type === 'disarm')).toEqual([]);
    expect(refreshed.state.expires).toBe(true);
  });

  test('ends at once when the server has forgotten it and there is no ticket for another', () => {
    for (const forgetting of [
      [{ type: 'refresh-due' }, { type: 'challenged', outcome: 'expired' }],
      [{ type: 'renewal-due', forgotten: true }],
    ] satisfies RegistrarEvent[][]) {
      const { effects } = play([START, answer, ticket(HOUR), ...forgetting, noTicket]);
      expect(failure(effects)).toMatchObject({ error: { code: 'OCS_KERBEROS' } });
    }
  });

  test('is not renewed while a library is missing', () => {
    const error = new BridgeError('OCS_KERBEROS_UNAVAILABLE', 'no library');
    const { effects } = play([START, { type: 'unproven', error }]);
    expect(failure(effects)).toMatchObject({ error: { code: 'OCS_KERBEROS_UNAVAILABLE' } });
  });
});
