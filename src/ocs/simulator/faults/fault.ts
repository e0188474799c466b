import type { SipUri } from '../../../presence/ids.js';
import type { SipMessage, SipRequest, SipResponse } from '../codec/message.js';

/** What a fault makes of one message from the client. */
export interface Incoming {
  /** What the server sees; nothing: the message is lost. */
  readonly deliver: readonly SipMessage[];
  /** Sent at once, without a signature. */
  readonly reply?: readonly SipResponse[];
}

/** A message on its way to the client. */
export interface Sending {
  readonly message: SipMessage;
  /** How long it is held back while others overtake it, milliseconds. */
  readonly delayMs: number;
}

/** What happens to octets on their way to the client. */
export type ByteStep =
  /** Written so long after the step before it, milliseconds; `alone`: never together with what follows. */
  | { readonly kind: 'write'; readonly bytes: Buffer; readonly gapMs: number; readonly alone?: boolean }
  /** Written together with all that comes within this time, milliseconds. */
  | { readonly kind: 'gather'; readonly bytes: Buffer; readonly withinMs: number }
  | { readonly kind: 'end'; readonly how: LineEnd };

/** `close` sends FIN, `reset` RST. */
export type LineEnd = 'close' | 'reset';

/**
 * Looks at what passes; gives nothing where it is not concerned, otherwise what it would make of it. Asked for each input
 * while the fault is on, so that it may count; the outcome is taken only when the fault's scope agrees.
 */
export type Stage<Input, Outcome> = (input: Input) => (() => Outcome) | undefined;

/** One fault on one connection. Absent stages change nothing. */
export interface FaultBehaviour {
  readonly incoming?: Stage<SipMessage, Incoming>;
  /** Answer to a request in place of the server's own; it is signed like any other. */
  readonly answer?: Stage<SipRequest, SipResponse>;
  /** Signed messages, before they become octets. */
  readonly outgoing?: Stage<SipMessage, readonly Sending[]>;
  readonly bytes?: Stage<Buffer, readonly ByteStep[]>;
}

/** The connection that a fault disturbs. */
export interface LineFacts {
  readonly hostName: string;
  readonly localPort: number;
  readonly transport: 'TLS' | 'TCP';
}

export interface FaultTools {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Repeatable numbers in [0, 1). */
  readonly unit: () => number;
}

export const CERTIFICATE_FLAWS = ['expired', 'wrong-name', 'unknown-authority'] as const;
export type CertificateFlaw = (typeof CERTIFICATE_FLAWS)[number];
export const OLD_TLS_VERSIONS = ['1.0', '1.1'] as const;
export type OldTls = (typeof OLD_TLS_VERSIONS)[number];

/** Something the server does by itself, at one moment, to endpoints of `user` or to all. */
export type ServerAct =
  /** Ends subscriptions (RFC 6665 4.1.3); `retryAfter` in seconds. */
  | { readonly kind: 'end-subscriptions'; readonly reason: string; readonly retryAfter: number | undefined }
  /** MS-SIPREGE 3.2.6; `event` is the word of the notice. */
  | { readonly kind: 'deregister'; readonly event: string }
  /** Sends watchers of these people (everybody: `undefined`) elsewhere (MS-PRES, state "resubscribe"). */
  | { readonly kind: 'resubscribe'; readonly person: SipUri | undefined; readonly pool: string | undefined };

/** What a fault does once its value is read. */
export type FaultAction =
  /** On connections, while it is on. `begin` is called once, what it gives once for each connection. */
  | { readonly kind: 'line'; readonly begin: (tools: FaultTools) => (line: LineFacts) => FaultBehaviour }
  | { readonly kind: 'act'; readonly act: ServerAct }
  /** From the next start of the server on. */
  | { readonly kind: 'start'; readonly certificate?: CertificateFlaw; readonly tls?: OldTls };
