import type { SipUri } from '../../presence/ids.js';
import type { XmlLimits } from './xml-limits.js';

/** What the reader of a document is told beside its octets. All of it may be left out. */
export interface DocumentOptions {
  readonly limits?: XmlLimits | undefined;
  /**
   * The person of the subscription, where there is one only. A document about somebody else is refused as
   * `other-person`; one that does not say whom it is about is taken to be about this person.
   */
  readonly expected?: SipUri | undefined;
  /** Milliseconds since 1970. Without it, statements that hold for a time only are taken to hold. */
  readonly now?: number | undefined;
  /** Language ids of localised activities, the best first. */
  readonly lcids?: readonly number[] | undefined;
  /** Language tags (RFC 5646) of localised notes, the best first. */
  readonly languages?: readonly string[] | undefined;
  /**
   * Take a DOCTYPE without internal subset in XPIDF documents, as senders of the first generation write it. Nothing
   * it names is ever fetched. Off by default: the safest DOCTYPE is none.
   */
  readonly bareDoctype?: boolean | undefined;
}

/** English of the United States, the language OCS falls back to. */
export const DEFAULT_LCIDS: readonly number[] = [1033];
export const DEFAULT_LANGUAGES: readonly string[] = ['en'];
