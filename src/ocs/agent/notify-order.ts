import type { SipMessage } from '../wire/message.js';

/** What a notification is by its place in its dialog. */
export type NotifyPlace = 'next' | 'repeated' | 'overtaken';

/**
 * Keeps the order of the notifications of one dialog: the CSeq of NOTIFY rises strictly (RFC 3261 §12.2.2); that of
 * BENOTIFY says nothing, there the times in the documents decide (MS-SIP). Lists carry a version of their own that rises by
 * one (RFC 4662 §5.2); a server that leaves it at one number is believed all the same.
 */
export class NotifyOrder {
  #sequence: number | undefined;
  #version: number | undefined;

  /** Takes note of a notification. */
  placeOf(message: SipMessage): NotifyPlace {
    const sequence = message.cseq?.number;
    if (message.method !== 'NOTIFY' || sequence === undefined) return 'next';
    const last = this.#sequence;
    if (last !== undefined && sequence <= last) return sequence === last ? 'repeated' : 'overtaken';
    this.#sequence = sequence;
    return 'next';
  }

  /** Takes note of the version of a list; true when lists before it are missing. The answer to a request counts anew. */
  missesBefore(version: number, isAnswer: boolean): boolean {
    const last = this.#version;
    this.#version = last === undefined || isAnswer ? version : Math.max(last, version);
    return last !== undefined && !isAnswer && version > last + 1;
  }
}
