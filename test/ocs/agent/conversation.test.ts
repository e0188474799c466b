import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConversationEffect,
  type ConversationEvent,
  type ConversationState,
  MAX_QUEUE,
  newConversation,
  stepConversation,
} from '../../../src/ocs/agent/conversation.js';
import { BridgeError } from '../../../src/presence/errors.js';

const ERROR = new BridgeError('OCS_MESSAGE', 'no');
const say = (id: number): ConversationEvent => ({ type: 'say', message: { id, text: `text ${id}` } });

/** Feeds events one after the other; gives the effects of the last. */
function run(phase: 'new' | 'open', ...events: readonly ConversationEvent[]) {
  let state: ConversationState = newConversation(phase);
  let effects: readonly ConversationEffect[] = [];
  for (const event of events) ({ state, effects } = stepConversation(state, event));
  return { state, effects, kinds: effects.map(({ type }) => type) };
}

describe('a conversation', () => {
  test('invites, sends one text after the other, and tells when each is delivered', () => {
    expect(run('new', say(1)).kinds).toEqual(['invite', 'arm']);
    expect(run('new', say(1), say(2), { type: 'opened' }).effects).toMatchObject([
      { type: 'message', message: { id: 1 } },
      { type: 'arm', timer: 'idle' },
    ]);
    expect(run('new', say(1), say(2), { type: 'opened' }, { type: 'delivered' }).effects).toMatchObject([
      { type: 'delivered', id: 1 },
      { type: 'message', message: { id: 2 } },
      { type: 'arm' },
    ]);
  });

  test('uses its dialog for further texts, and hangs up when nobody has anything to say', () => {
    const opened = [say(1), { type: 'opened' }, { type: 'delivered' }] as const;
    expect(run('new', ...opened, say(2)).kinds).toEqual(['message', 'arm']);
    expect(run('new', ...opened, { type: 'idle-due' }).kinds).toEqual(['hang-up', 'ended']);
  });

  test('does not hang up while a text is under way', () => {
    expect(run('new', say(1), { type: 'opened' }, { type: 'idle-due' }).effects).toEqual([]);
  });

  test('fails everything that waits when the other side refuses', () => {
    const { effects } = run('new', say(1), say(2), { type: 'refused', error: ERROR });
    expect(effects).toEqual([
      { type: 'failed', id: 1, error: ERROR },
      { type: 'failed', id: 2, error: ERROR },
      { type: 'ended' },
    ]);
  });

  test.each([408, 480, 481])('tries a text once more in a new dialog when the old one answers %i', (status) => {
    const dead = { type: 'undelivered', error: ERROR, status } as const;
    expect(run('new', say(1), { type: 'opened' }, dead).kinds).toEqual(['hang-up', 'invite', 'arm']);
    expect(run('new', say(1), { type: 'opened' }, dead, { type: 'opened' }).effects).toMatchObject([
      { type: 'message', message: { id: 1 } },
      { type: 'arm' },
    ]);
    expect(run('new', say(1), { type: 'opened' }, dead, { type: 'opened' }, dead).kinds).toEqual([
      'hang-up',
      'failed',
      'ended',
    ]);
  });

  test.each([415, 486, 606])('fails only the text that is answered with %i', (status) => {
    const { effects } = run('new', say(1), say(2), { type: 'opened' }, { type: 'undelivered', error: ERROR, status });
    expect(effects).toMatchObject([
      { type: 'failed', id: 1 },
      { type: 'message', message: { id: 2 } },
      { type: 'arm' },
    ]);
  });

  test('does not send a text again that got no answer: it may have arrived', () => {
    const silence = { type: 'undelivered', error: ERROR, status: 0 } as const;
    expect(run('new', say(1), { type: 'opened' }, silence).kinds).toEqual(['hang-up', 'failed', 'ended']);
  });

  test('gives up an invitation that nobody answers', () => {
    expect(run('new', say(1), { type: 'answer-due' }).kinds).toEqual(['cancel', 'failed', 'ended']);
  });

  test('hangs up a dialog that comes about too late', () => {
    expect(run('new', say(1), { type: 'answer-due' }, { type: 'opened' }).kinds).toEqual(['hang-up']);
  });

  test('waits for the answer to a text when the other side hangs up meanwhile', () => {
    const left = [say(1), { type: 'opened' }, { type: 'bye' }] as const;
    expect(run('new', ...left).effects).toEqual([]);
    expect(run('new', ...left, { type: 'delivered' }).kinds).toEqual(['delivered', 'ended']);
    expect(run('new', ...left, say(2), { type: 'delivered' }).kinds).toEqual(['delivered', 'invite', 'arm']);
  });

  test('tells that we are writing only while a dialog stands', () => {
    expect(run('new', { type: 'typing', active: true }).effects).toEqual([]);
    expect(run('open', { type: 'typing', active: true }).effects).toEqual([{ type: 'info', active: true }]);
  });

  test('lets only so many texts wait', () => {
    const events = Array.from({ length: MAX_QUEUE + 1 }, (_, index) => say(index));
    expect(run('new', ...events).effects).toMatchObject([{ type: 'failed', id: MAX_QUEUE }]);
  });

  test('settles every text exactly once, whatever happens', () => {
    const event = fc.oneof(
      fc.constant({ type: 'say' as const }),
      fc.constantFrom('opened', 'delivered', 'heard', 'bye', 'answer-due', 'idle-due').map((type) => ({ type })),
      fc.constantFrom(0, 408, 480, 481, 486, 415).map((status) => ({ type: 'undelivered', error: ERROR, status })),
      fc.constantFrom('refused', 'stop').map((type) => ({ type, error: ERROR })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('new' as const, 'open' as const),
        fc.array(event, { maxLength: 60 }),
        (phase, events) => {
          let state = newConversation(phase);
          let id = 0;
          const settled: number[] = [];
          let invites = 0;
          const feed = (one: ConversationEvent): void => {
            const next = stepConversation(state, one);
            state = next.state;
            for (const effect of next.effects) {
              if (effect.type === 'delivered' || effect.type === 'failed') settled.push(effect.id);
              if (effect.type === 'invite') invites += 1;
            }
          };
          for (const one of events) feed(one.type === 'say' ? say(++id) : (one as ConversationEvent));
          feed({ type: 'stop', error: ERROR });
          expect(settled.toSorted((a, b) => a - b)).toEqual(Array.from({ length: id }, (_, index) => index + 1));
          expect(invites).toBeLessThanOrEqual(2 * id);
        },
      ),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});
