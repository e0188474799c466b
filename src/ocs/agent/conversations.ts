import type { Core } from 'sip.js';
import { BridgeError } from '../../presence/errors.js';
import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { messageMediaOf, writeMessageSdp } from '../documents/message-sdp.js';
import { type IncomingContent, readIncoming } from './incoming-text.js';
import { ownRefusal } from './own-refusal.js';
import { loneRequest } from './own-request.js';
import type { OwnTerms } from './own-side.js';
import { answerMessage, Talk, type TalkListener } from './talk.js';
import { wireUri } from './wire-uri.js';

export interface ConversationsListener {
  /** True while somebody wants messages from there. */
  listens(from: SipUri): boolean;
  onText(from: SipUri, text: string): void;
  onTypingOf(from: SipUri, active: boolean): void;
}

/** Conversations at a time, of either side's making. */
export const MAX_CONVERSATIONS = 100;

type Waiting = { readonly resolve: () => void; readonly reject: (error: BridgeError) => void };

/** All conversations of one signed-in connection. */
export class Conversations {
  readonly #terms: OwnTerms;
  readonly #listener: ConversationsListener;
  readonly #max: number;
  readonly #talks = new Set<Talk>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #talkListener: TalkListener;
  #lastId = 0;
  #closed = false;

  constructor(terms: OwnTerms, listener: ConversationsListener, max: number = MAX_CONVERSATIONS) {
    this.#terms = terms;
    this.#listener = listener;
    this.#max = max;
    this.#talkListener = {
      onDelivered: (id) => this.#settle(id)?.resolve(),
      onFailed: (id, error) => this.#settle(id)?.reject(error),
      onContent: (from, content) => this.#take(from, content),
      onEnded: (talk) => this.#talks.delete(talk),
    };
    terms.core.useContact(terms.contact);
    terms.core.delegate = {
      onInvite: (request) => this.#onInvite(request),
      onMessage: (request) => this.#onLooseMessage(request),
    };
  }

  send(to: SipUri, text: string): Promise<void> {
    if (this.#closed) return Promise.reject(signedOff());
    if (this.#terms.dialect === 'sip') return this.#sendLoose(to, text);
    const talk = this.#talkWith(to) ?? this.#begin(to, 'new');
    if (talk === undefined) {
      return Promise.reject(
        new BridgeError('OCS_MESSAGE', 'The message was not sent: too many conversations are open.'),
      );
    }
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      talk.feed({ type: 'say', message: { id, text } });
    });
  }

  typing(to: SipUri, active: boolean): void {
    this.#talkWith(to)?.feed({ type: 'typing', active });
  }

  /** Ends all of them; what was not delivered fails. */
  close(): void {
    this.#closed = true;
    for (const talk of [...this.#talks]) talk.feed({ type: 'stop', error: signedOff() });
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(signedOff());
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /** The one that was used last; there are several when both sides began one at the same time. */
  #talkWith(peer: SipUri): Talk | undefined {
    const talks = [...this.#talks].filter((talk) => talk.peer === peer);
    return talks.toSorted((a, b) => b.usedAt - a.usedAt)[0];
  }

  /** Makes room when there is none; `undefined` when all are busy. */
  #begin(peer: SipUri, phase: 'new' | 'open'): Talk | undefined {
    if (this.#talks.size >= this.#max) {
      const oldest = [...this.#talks].filter((talk) => talk.isQuiet).toSorted((a, b) => a.usedAt - b.usedAt)[0];
      oldest?.feed({ type: 'stop', error: signedOff() });
      if (oldest === undefined) return undefined;
    }
    const talk = new Talk(peer, phase, this.#terms, this.#talkListener);
    this.#talks.add(talk);
    return talk;
  }

  #onInvite(request: Core.IncomingInviteRequest): void {
    const { message } = request;
    const from = parseSipUri(message.from.uri.toRaw());
    const media = messageMediaOf(message.body);
    if (!from.ok) request.reject({ statusCode: 400 });
    // While nobody listens, a message must not look delivered.
    else if (!this.#listener.listens(from.value) || this.#closed) request.reject({ statusCode: 480 });
    else if (media === undefined) request.reject({ statusCode: 488 });
    else {
      const talk = this.#begin(from.value, 'open');
      if (talk === undefined) {
        this.#terms.ports.count('message', 'too-many-conversations');
        request.reject({ statusCode: 486 });
        return;
      }
      const { localAddress, account } = this.#terms;
      const content = writeMessageSdp({ media, localAddress, target: account }).toString();
      const { session } = request.accept({
        statusCode: 200,
        body: { contentDisposition: 'session', contentType: 'application/sdp', content },
      });
      talk.join(session);
    }
  }

  /** A MESSAGE outside of a dialog (RFC 3428). */
  #onLooseMessage(request: Core.IncomingMessageRequest): void {
    const { message } = request;
    const from = parseSipUri(message.from.uri.toRaw());
    if (!from.ok) request.reject({ statusCode: 400 });
    else if (!this.#listener.listens(from.value) || this.#closed) request.reject({ statusCode: 480 });
    else {
      const content = readIncoming(message.getHeader('Content-Type') ?? '', message.body);
      answerMessage(request, content, (readable) => this.#take(from.value, readable));
    }
  }

  #take(from: SipUri, content: IncomingContent): boolean {
    if (!this.#listener.listens(from)) return false;
    if (content.kind === 'text') this.#listener.onText(from, content.text);
    if (content.kind === 'typing') this.#listener.onTypingOf(from, content.active);
    return true;
  }

  /** A MESSAGE outside of a dialog, for servers without Microsoft's conversations. */
  #sendLoose(to: SipUri, text: string): Promise<void> {
    const { core, ports } = this.#terms;
    if (this.#waiting.size >= this.#max) {
      return Promise.reject(new BridgeError('OCS_MESSAGE', 'The message was not sent: too many others wait.'));
    }
    const body = { contentType: 'text/plain; charset=UTF-8', content: Buffer.from(text, 'utf8') };
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      core.exchange(loneRequest('MESSAGE', wireUri(to), { body, random: ports.random }), (answer) => {
        const accepted = answer !== 'timeout' && answer !== 'unsent' && answer.status < 300;
        if (accepted) this.#settle(id)?.resolve();
        else this.#settle(id)?.reject(ownRefusal('OCS_MESSAGE', 'The message was not delivered', answer).error);
      });
    });
  }
}

function signedOff(): BridgeError {
  return new BridgeError('OCS_MESSAGE', 'The message was not delivered: the account is not signed in.');
}
