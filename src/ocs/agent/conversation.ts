import { BridgeError } from '../../presence/errors.js';

/** A text on its way. */
export interface OutgoingText {
  /** Counts up over all conversations. */
  readonly id: number;
  readonly text: string;
}

export type ConversationEvent =
  | { readonly type: 'say'; readonly message: OutgoingText }
  | { readonly type: 'typing'; readonly active: boolean }
  /** The dialog stands. */
  | { readonly type: 'opened' }
  /** The INVITE was refused. */
  | { readonly type: 'refused'; readonly error: BridgeError }
  | { readonly type: 'delivered' }
  /** A MESSAGE was refused; `status` 0 when there was no answer. */
  | { readonly type: 'undelivered'; readonly error: BridgeError; readonly status: number }
  /** Something came from the other side. */
  | { readonly type: 'heard' }
  /** The other side has ended the dialog. */
  | { readonly type: 'bye' }
  | { readonly type: 'answer-due' }
  | { readonly type: 'idle-due' }
  | { readonly type: 'stop'; readonly error: BridgeError };

export type ConversationEffect =
  | { readonly type: 'invite' }
  /** Give up the INVITE that is under way. */
  | { readonly type: 'cancel' }
  | { readonly type: 'message'; readonly message: OutgoingText }
  | { readonly type: 'info'; readonly active: boolean }
  | { readonly type: 'hang-up' }
  | { readonly type: 'delivered'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: BridgeError }
  | { readonly type: 'arm'; readonly timer: 'answer' | 'idle'; readonly delay: number }
  | { readonly type: 'ended' };

export interface ConversationState {
  /** `left`: the other side has hung up while a text was on its way. */
  readonly phase: 'new' | 'inviting' | 'open' | 'left' | 'ended';
  readonly queue: readonly OutgoingText[];
  readonly sending: OutgoingText | undefined;
  /** The text for which a new dialog was opened already. */
  readonly retried: number | undefined;
}

interface Step {
  readonly state: ConversationState;
  readonly effects: readonly ConversationEffect[];
}

/** Time for an INVITE to be answered for good, milliseconds. */
export const ANSWER_MS = 60_000;
/** Silence after which a dialog is closed, milliseconds. */
export const IDLE_MS = 2 * 60_000;
/** Texts that wait in one conversation. */
export const MAX_QUEUE = 20;

/** Answers to a MESSAGE that mean: this dialog is dead, the person need not be. */
const DEAD_DIALOG: ReadonlySet<number> = new Set([408, 480, 481]);

/** `open` for one that the other side has begun. */
export function newConversation(phase: 'new' | 'open'): ConversationState {
  return { phase, queue: [], sending: undefined, retried: undefined };
}

/**
 * One dialog with one person (MS-SIP, instant messages; RFC 3428 in a dialog of INVITE): texts go out one after the
 * other; when a dialog turns out to be dead, its text is tried once more in a new one.
 */
export function stepConversation(state: ConversationState, event: ConversationEvent): Step {
  if (state.phase === 'ended') return onEnded(state, event);
  switch (event.type) {
    case 'say':
      return onSay(state, event.message);
    case 'typing':
      return { state, effects: state.phase === 'open' ? [{ type: 'info', active: event.active }] : [] };
    case 'opened':
      return next({ ...state, phase: 'open' });
    case 'heard':
      return { state, effects: state.phase === 'open' ? [idle()] : [] };
    case 'refused':
      return end(state, event.error, []);
    case 'delivered':
      return onDelivered(state);
    case 'undelivered':
      return onUndelivered(state, event.error, event.status);
    case 'bye':
      if (state.sending !== undefined) return { state: { ...state, phase: 'left' }, effects: [] };
      return state.queue.length > 0 ? invite(state) : end(state, undefined, []);
    case 'answer-due':
      if (state.phase !== 'inviting') return { state, effects: [] };
      return end(state, new BridgeError('OCS_MESSAGE', 'The message was not delivered: nobody answered in time.'), [
        { type: 'cancel' },
      ]);
    case 'idle-due': {
      const quiet = state.phase === 'open' && state.sending === undefined && state.queue.length === 0;
      return quiet ? end(state, undefined, [{ type: 'hang-up' }]) : { state, effects: [] };
    }
    case 'stop':
      return end(state, event.error, [{ type: state.phase === 'inviting' ? 'cancel' : 'hang-up' }]);
  }
}

/** True when it can be closed to make room without anybody losing anything. */
export function isQuiet({ phase, sending, queue }: ConversationState): boolean {
  return phase === 'open' && sending === undefined && queue.length === 0;
}

/** What comes too late; a dialog that was established after all is closed at once. */
function onEnded(state: ConversationState, event: ConversationEvent): Step {
  if (event.type === 'opened') return { state, effects: [{ type: 'hang-up' }] };
  if (event.type !== 'say') return { state, effects: [] };
  const error = new BridgeError('OCS_MESSAGE', 'The message was not delivered: the conversation is over.');
  return { state, effects: [{ type: 'failed', id: event.message.id, error }] };
}

function onSay(state: ConversationState, message: OutgoingText): Step {
  if (state.queue.length >= MAX_QUEUE) {
    const error = new BridgeError('OCS_MESSAGE', `The message was not sent: ${MAX_QUEUE} others to this person wait.`);
    return { state, effects: [{ type: 'failed', id: message.id, error }] };
  }
  const queued = { ...state, queue: [...state.queue, message] };
  if (state.phase === 'new') return invite(queued);
  return state.phase === 'open' ? next(queued) : { state: queued, effects: [] };
}

function invite(state: ConversationState): Step {
  return {
    state: { ...state, phase: 'inviting' },
    effects: [{ type: 'invite' }, { type: 'arm', timer: 'answer', delay: ANSWER_MS }],
  };
}

function next(state: ConversationState): Step {
  if (state.sending !== undefined) return { state, effects: [] };
  const [sending, ...queue] = state.queue;
  if (sending === undefined) return { state, effects: [idle()] };
  return { state: { ...state, sending, queue }, effects: [{ type: 'message', message: sending }, idle()] };
}

function idle(): ConversationEffect {
  return { type: 'arm', timer: 'idle', delay: IDLE_MS };
}

function onDelivered(state: ConversationState): Step {
  if (state.sending === undefined) return { state, effects: [] };
  const done: ConversationEffect = { type: 'delivered', id: state.sending.id };
  const free = { ...state, sending: undefined };
  const more = afterText(free);
  return { state: more.state, effects: [done, ...more.effects] };
}

function afterText(state: ConversationState): Step {
  if (state.phase === 'open') return next(state);
  return state.queue.length > 0 ? invite(state) : end(state, undefined, []);
}

function onUndelivered(state: ConversationState, error: BridgeError, status: number): Step {
  const { sending, phase } = state;
  if (sending === undefined) return { state, effects: [] };
  const hangUp: readonly ConversationEffect[] = phase === 'open' ? [{ type: 'hang-up' }] : [];
  if (DEAD_DIALOG.has(status) && state.retried !== sending.id) {
    const again = invite({ ...state, sending: undefined, queue: [sending, ...state.queue], retried: sending.id });
    return { state: again.state, effects: [...hangUp, ...again.effects] };
  }
  // Without an answer, or with a second one of that kind, nothing that waits would fare better.
  if (status === 0 || DEAD_DIALOG.has(status)) return end(state, error, hangUp);
  const more = afterText({ ...state, sending: undefined });
  return { state: more.state, effects: [{ type: 'failed', id: sending.id, error }, ...more.effects] };
}

function end(state: ConversationState, error: BridgeError | undefined, effects: readonly ConversationEffect[]): Step {
  const waiting = state.sending === undefined ? state.queue : [state.sending, ...state.queue];
  const failed = waiting.map(
    ({ id }): ConversationEffect => ({
      type: 'failed',
      id,
      error: error ?? new BridgeError('OCS_MESSAGE', 'The message was not delivered: the conversation is over.'),
    }),
  );
  return {
    state: { ...state, phase: 'ended', queue: [], sending: undefined },
    effects: [...effects, ...failed, { type: 'ended' }],
  };
}
