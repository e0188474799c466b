import type { HeaderLines } from './header-lines.js';
import { headerName } from './header-name.js';
import { type ContentType, parseContentType } from './headers/content-type.js';
import { type CSeq, parseCSeq } from './headers/cseq.js';
import { type EventHeader, parseEvent } from './headers/event.js';
import { type NameAddr, parseNameAddr } from './headers/name-addr.js';
import { HIGHEST_SECONDS, parseUnsigned } from './headers/number.js';
import { parseSubscriptionState, type SubscriptionState } from './headers/subscription-state.js';
import { parseVia, type Via } from './headers/via.js';
import { splitList } from './scan.js';
import type { StartLine } from './start-line.js';

const CALL_ID = headerName('Call-ID');
const CONTACT = headerName('Contact');
const CONTENT_TYPE = headerName('Content-Type');
const CSEQ = headerName('CSeq');
const EVENT = headerName('Event');
const EXPIRES = headerName('Expires');
const FROM = headerName('From');
const SUBSCRIPTION_STATE = headerName('Subscription-State');
const TO = headerName('To');
const VIA = headerName('Via');

/** Of FNV-1a. */
const HASH_START = 0x811c9dc5;

/** A value worked out at the first question and kept. */
type Once<T> = { readonly value: T } | undefined;

/**
 * A received message. Made by `decodeMessage`; reads its bytes when asked and never throws: a header that is absent or
 * malformed is `undefined`, or missing from its list. Names of headers may be given in any case, long or compact.
 */
export class SipMessage {
  readonly kind: 'request' | 'response';
  /**
   * The whole message as it came, a view on the receive buffer. This and all texts cut from it keep the buffer alive: copy
   * what shall outlive the handling of the message.
   */
  readonly bytes: Buffer;
  readonly #start: StartLine;
  readonly #lines: HeaderLines;
  readonly #bodyStart: number;
  #body: Buffer | undefined;
  #from: Once<NameAddr | undefined>;
  #to: Once<NameAddr | undefined>;
  #cseq: Once<CSeq | undefined>;

  constructor(start: StartLine, lines: HeaderLines, bytes: Buffer, bodyStart: number) {
    this.kind = start.kind;
    this.bytes = bytes;
    this.#start = start;
    this.#lines = lines;
    this.#bodyStart = bodyStart;
  }

  /** View on the octets behind the head. */
  get body(): Buffer {
    this.#body ??= this.bytes.subarray(this.#bodyStart);
    return this.#body;
  }

  /** Method of the request; for a response that of its CSeq, empty when that is malformed. */
  get method(): string {
    return this.#start.kind === 'request' ? this.#start.method : (this.cseq?.method ?? '');
  }

  /** As received; empty for a response. */
  get requestUri(): string {
    return this.#start.kind === 'request' ? this.#start.requestUri : '';
  }

  /** 100-699; 0 for a request. */
  get status(): number {
    return this.#start.kind === 'response' ? this.#start.status : 0;
  }

  /** Free text, often empty; empty for a request. */
  get reason(): string {
    return this.#start.kind === 'response' ? this.#start.reason : '';
  }

  /** First value of this name, unfolded. */
  header(name: string): string | undefined {
    return this.#lines.first(headerName(name));
  }

  /** One value per header line of this name. */
  headerValues(name: string): readonly string[] {
    return this.#lines.all(headerName(name));
  }

  /** All header lines of this name as an answer repeats them: whole, with their CRLF, unfolded, the name in full. */
  repeated(name: string): readonly string[] {
    return this.#lines.written(headerName(name), name);
  }

  /** A number of 32 bits that is the same for a request that is sent again, and another one for nearly all others. */
  get fingerprint(): number {
    return this.#lines.hashed(CSEQ, this.#lines.hashed(CALL_ID, HASH_START));
  }

  /** Values of all lines of this name, split at commas outside quotes and brackets; empty ones left out. */
  listValues(name: string): readonly string[] {
    return this.headerValues(name)
      .flatMap((line) => splitList(line))
      .filter((value) => value !== '');
  }

  /** Number of header lines of this name. */
  count(name: string): number {
    return this.#lines.count(headerName(name));
  }

  /** All header lines in their order, names as written. */
  headers(): readonly (readonly [name: string, value: string])[] {
    return this.#lines.entries();
  }

  /** Empty when absent, which `decodeMessage` does not let through. */
  get callId(): string {
    return this.#lines.first(CALL_ID) ?? '';
  }

  get cseq(): CSeq | undefined {
    this.#cseq ??= { value: parseCSeq(this.#lines.first(CSEQ) ?? '') };
    return this.#cseq.value;
  }

  get from(): NameAddr | undefined {
    this.#from ??= { value: parseNameAddr(this.#lines.first(FROM) ?? '') };
    return this.#from.value;
  }

  get to(): NameAddr | undefined {
    this.#to ??= { value: parseNameAddr(this.#lines.first(TO) ?? '') };
    return this.#to.value;
  }

  /** Topmost first. */
  get vias(): readonly Via[] {
    return this.#lines.all(VIA).flatMap((line) => splitList(line).flatMap((value) => parseVia(value) ?? []));
  }

  /** Empty for `Contact: *` too. */
  get contacts(): readonly NameAddr[] {
    return this.#lines.all(CONTACT).flatMap((line) => splitList(line).flatMap((value) => parseNameAddr(value) ?? []));
  }

  /** Seconds, of the Expires header alone; `undefined` when absent or out of range. */
  get expires(): number | undefined {
    return parseUnsigned(this.#lines.first(EXPIRES) ?? '', HIGHEST_SECONDS);
  }

  get contentType(): ContentType | undefined {
    return parseContentType(this.#lines.first(CONTENT_TYPE) ?? '');
  }

  get event(): EventHeader | undefined {
    return parseEvent(this.#lines.first(EVENT) ?? '');
  }

  get subscriptionState(): SubscriptionState | undefined {
    return parseSubscriptionState(this.#lines.first(SUBSCRIPTION_STATE) ?? '');
  }
}
