import { describe, expect, test } from 'vitest';
import type { BridgeStatus } from '../../../src/bridge/status.js';
import { boardModule } from '../../support/board-module.js';
import { bridgeStatus, statusCounts } from '../../support/bridge-status.js';

interface Situation {
  readonly connection: 'connecting' | 'open' | 'lost' | 'refused';
  readonly status: (BridgeStatus & { readonly now: number }) | undefined;
  readonly current: boolean;
  readonly over: boolean;
  readonly heardAt: number | undefined;
  readonly retryAt: number;
  readonly now: number;
}

interface Trust {
  readonly mood: 'waiting' | 'live' | 'last-known' | 'unknown';
  readonly problem: string;
  readonly age: string;
  readonly step: string;
  readonly asOf: string;
}

const { trustOf } = await boardModule<{ trustOf(situation: Situation, texts: unknown): Trust }>('trust.js');
const { textsFor } = await boardModule<{ textsFor(languages: readonly string[]): unknown }>('texts.js');

const NOW = 1_000_000_000;
const LIVE: Situation = {
  connection: 'open',
  status: { ...bridgeStatus(NOW), now: NOW },
  current: true,
  over: false,
  heardAt: NOW - 2_000,
  retryAt: 0,
  now: NOW,
};
const trust = (change: Partial<Situation> = {}): Trust => trustOf({ ...LIVE, ...change }, textsFor(['en']));
const bridge = (change: Partial<BridgeStatus>): Pick<Situation, 'status'> => ({
  status: { ...bridgeStatus(NOW, change), now: NOW },
});

describe('trust', () => {
  test('is whole while everything is connected', () => {
    expect(trust()).toMatchObject({ mood: 'live', problem: '', age: '', step: '' });
    expect(trust().asOf).toMatch(/^as of \d\d:\d\d$/);
  });

  test('waits for the first word, and after a new connection for its rows', () => {
    expect(trust({ status: undefined, heardAt: undefined, current: false }).mood).toBe('waiting');
    expect(trust({ connection: 'connecting', status: undefined, heardAt: undefined, current: false }).mood).toBe(
      'waiting',
    );
    expect(trust({ current: false }).mood).toBe('waiting');
  });

  test('tells a lost connection, how old the statuses are and what is done about it', () => {
    const lost = trust({ connection: 'lost', current: false, heardAt: NOW - 180_000, retryAt: NOW + 2_500 });
    expect(lost.mood).toBe('last-known');
    expect(lost.problem).toContain('the last known state');
    expect(lost.age).toMatch(/^Last confirmed at \d\d:\d\d, 3\u00a0min ago\.$/);
    expect(lost.step).toBe('Next attempt in 3 s.');
    expect(lost.asOf).toMatch(/3\u00a0min ago$/);
  });

  test('is none at all once what was said does not count any more, whatever the connection', () => {
    for (const connection of ['lost', 'connecting', 'open'] as const) {
      for (const current of [true, false]) {
        const { mood, problem } = trust({ connection, current, over: true });
        expect([mood, problem]).toEqual(['unknown', expect.stringContaining('Everybody is shown as unknown')]);
      }
    }
  });

  test('counts from when the bridge lost OCS or Domino, not from when it said so', () => {
    const ocs = { state: 'transient-disconnect', since: NOW - 240_000 } as const;
    expect(trust(bridge({ ocs }))).toMatchObject({ mood: 'last-known' });
    expect(trust(bridge({ ocs })).age).toContain('4\u00a0min ago');
    expect(trust(bridge({ notes: ocs })).age).toContain('4\u00a0min ago');
  });

  test('is none while the bridge vouches for nobody', () => {
    const ocs = { state: 'refused', since: NOW } as const;
    const { mood, problem } = trust(bridge({ ocs, counts: statusCounts({ unknown: 2 }) }));
    expect(mood).toBe('unknown');
    expect(problem).toContain('everybody is shown as unknown');
  });

  test('names the bridge that is at work instead', () => {
    expect(trust(bridge({ role: { state: 'standby', since: NOW, holder: 'bridge-2' } })).problem).toContain('bridge-2');
    expect(trust(bridge({ role: { state: 'standby', since: NOW, holder: '' } })).problem).toContain('on standby.');
  });

  test('is never shown while a problem stands', () => {
    for (const connection of ['connecting', 'open', 'lost', 'refused'] as const) {
      for (const over of [true, false]) {
        const { mood, problem } = trust({ connection, over });
        expect(mood === 'live').toBe(problem === '');
      }
    }
  });
});
