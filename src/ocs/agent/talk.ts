import type { Core } from 'sip.js';
import type { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import { writeMessageSdp } from '../documents/message-sdp.js';
import { KEYBOARD_TYPE, readTyping, writeKeyboardActivity } from '../documents/typing.js';
import {
  type ConversationEffect,
  type ConversationEvent,
  type ConversationState,
  isQuiet,
  newConversation,
  stepConversation,
} from './conversation.js';
import type { Answer } from './core.js';
import { type IncomingContent, READABLE_TYPES, readIncoming } from './incoming-text.js';
import { ownRefusal } from './own-refusal.js';
import type { OwnTerms } from './own-side.js';
import { wireUri } from './wire-uri.js';

export interface TalkListener {
  onDelivered(id: number): void;
  onFailed(id: number, error: BridgeError): void;
  /** False when nobody listens: then it is refused. */
  onContent(from: SipUri, content: IncomingContent): boolean;
  onEnded(talk: Talk): void;
}

const NOT_DELIVERED = 'The message was not delivered';

/** Runs the decisions about one conversation on a dialog of sip.js. */
export class Talk {
  readonly peer: SipUri;
  readonly #terms: OwnTerms;
  readonly #listener: TalkListener;
  readonly #timers = new Map<'answer' | 'idle', () => void>();
  #state: ConversationState;
  #session: Core.Session | undefined;
  #invitation: Core.OutgoingInviteRequest | undefined;
  /** When something last happened, for choosing which conversation makes room. */
  #usedAt: number;

  constructor(peer: SipUri, phase: 'new' | 'open', terms: OwnTerms, listener: TalkListener) {
    this.peer = peer;
    this.#terms = terms;
    this.#listener = listener;
    this.#state = newConversation(phase);
    this.#usedAt = terms.ports.clock.monotonic();
  }

  get usedAt(): number {
    return this.#usedAt;
  }

  get isQuiet(): boolean {
    return isQuiet(this.#state);
  }

  /** Takes over a dialog that the other side has begun. */
  join(session: Core.Session): void {
    this.#use(session);
    this.feed({ type: 'opened' });
  }

  feed(event: ConversationEvent): void {
    this.#usedAt = this.#terms.ports.clock.monotonic();
    const { state, effects } = stepConversation(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: ConversationEffect): void {
    switch (effect.type) {
      case 'invite':
        this.#invite();
        return;
      case 'cancel':
        this.#invitation?.cancel();
        this.#invitation = undefined;
        return;
      case 'message':
        this.#say(effect.message.text);
        return;
      case 'info': {
        const content = writeKeyboardActivity(effect.active).toString();
        this.#session?.info({}, { body: { contentDisposition: 'render', contentType: KEYBOARD_TYPE, content } });
        return;
      }
      case 'hang-up':
        this.#hangUp();
        return;
      case 'delivered':
        this.#listener.onDelivered(effect.id);
        return;
      case 'failed':
        this.#listener.onFailed(effect.id, effect.error);
        return;
      case 'arm':
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#terms.ports.clock.after(effect.delay, () => this.feed({ type: `${effect.timer}-due` })),
        );
        return;
      case 'ended':
        for (const cancel of this.#timers.values()) cancel();
        this.#timers.clear();
        this.#listener.onEnded(this);
        return;
    }
  }

  #invite(): void {
    const { core, contact, localAddress, ports } = this.#terms;
    const to = wireUri(this.peer);
    // A refused or late answer to an INVITE of before is none of this one's.
    const isCurrent = (): boolean => this.#invitation === invitation;
    const refused = ({ message }: Core.IncomingResponse): void => {
      if (!isCurrent()) return;
      this.#invitation = undefined;
      this.feed({ type: 'refused', error: this.#refusal(message).error });
    };
    const invitation: Core.OutgoingInviteRequest = core.converse(
      {
        method: 'INVITE',
        requestUri: to,
        to,
        toTag: undefined,
        fromTag: ports.random.bytes(5).toString('hex'),
        callId: ports.random.bytes(16).toString('hex'),
        cseq: 1,
        routes: [],
        supported: ['ms-sender'],
        // The same one twice would be refused as a session that exists (MS-SIP).
        headers: [`Contact: ${contact}`, `Ms-Conversation-ID: ${ports.random.bytes(16).toString('hex')}`],
        body: {
          contentType: 'application/sdp',
          content: writeMessageSdp({ media: 'message', localAddress, target: 'null' }),
        },
      },
      {
        onAccept: ({ session, ack }) => {
          ack();
          if (isCurrent()) {
            this.#invitation = undefined;
            this.#use(session);
            this.feed({ type: 'opened' });
          } else session.bye();
        },
        onReject: refused,
        onRedirect: refused,
      },
    );
    this.#invitation = invitation;
  }

  #say(text: string): void {
    const done = ({ message }: Core.IncomingResponse): void => {
      const { error, status } = this.#refusal(message);
      this.feed({ type: 'undelivered', error, status });
    };
    this.#session?.message(
      { onAccept: () => this.feed({ type: 'delivered' }), onReject: done, onRedirect: done },
      { body: { contentDisposition: 'render', contentType: 'text/plain; charset=UTF-8', content: text } },
    );
  }

  #hangUp(): void {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    session.delegate = undefined;
    try {
      session.bye();
    } catch {
      // Not acknowledged yet (RFC 3261 §15): the server ends it when we sign off, or sip.js when no ACK comes.
      session.delegate = { onAck: () => void session.bye() };
    }
  }

  #use(session: Core.Session): void {
    this.#session = session;
    session.delegate = {
      onBye: (request) => {
        request.accept();
        if (this.#session !== session) return;
        this.#session = undefined;
        this.feed({ type: 'bye' });
      },
      onInfo: (request) => {
        const active = readTyping(Buffer.from(request.message.body));
        request.accept();
        this.feed({ type: 'heard' });
        if (active !== undefined) this.#listener.onContent(this.peer, { kind: 'typing', active });
      },
      onMessage: (request) => {
        const content = readIncoming(request.message.getHeader('Content-Type') ?? '', request.message.body);
        answerMessage(request, content, (readable) => this.#listener.onContent(this.peer, readable));
        this.feed({ type: 'heard' });
      },
    };
  }

  #refusal({ statusCode }: Core.IncomingResponseMessage): ReturnType<typeof ownRefusal> {
    const answer: Answer = this.#terms.core.received ?? (statusCode === 408 ? 'timeout' : 'unsent');
    const refusal = ownRefusal('OCS_MESSAGE', NOT_DELIVERED, answer);
    if (refusal.status === 401 || refusal.status === 407) this.#terms.onSignInNeeded();
    return refusal;
  }
}

/** Accepts a MESSAGE that somebody takes; others must not look delivered. */
export function answerMessage(
  request: Core.IncomingMessageRequest,
  content: IncomingContent,
  take: (content: IncomingContent) => boolean,
): void {
  if (content.kind === 'refused') {
    request.reject({ statusCode: content.status, extraHeaders: [`Accept: ${READABLE_TYPES}`] });
  } else if (content.kind !== 'text' || take(content)) {
    request.accept();
    if (content.kind === 'typing') take(content);
  } else request.reject({ statusCode: 480 });
}
