import { Core } from 'sip.js';
import type { Log } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { DigestIdentity } from '../auth/digest.js';
import type { SipMessage } from '../wire/message.js';
import { replyTo } from '../wire/reply.js';
import type { Epid } from './endpoint.js';
import { toSipJs } from './incoming.js';
import { RawUri } from './raw-uri.js';
import { wireUri } from './wire-uri.js';

export interface CoreOptions {
  readonly account: SipUri;
  /** Absent where the server is not one of Microsoft's. */
  readonly epid?: Epid;
  readonly userAgent: string;
  /** `address:port` of our end of the connection. */
  readonly localAddress: string;
  readonly log: Log;
  /** Answers Digest challenges. Default: nobody does. */
  readonly digest?: DigestIdentity | undefined;
}

/** A request outside of sip.js's own dialogs. Everything as it shall stand on the wire. */
export interface RequestDraft {
  readonly method: string;
  readonly requestUri: string;
  readonly to: string;
  readonly toTag: string | undefined;
  readonly fromTag: string;
  readonly callId: string;
  readonly cseq: number;
  /** Route values, brackets included. */
  readonly routes: readonly string[];
  /** Option tags of the first Supported header. */
  readonly supported: readonly string[];
  /** Further header lines: `Event: presence`. */
  readonly headers: readonly string[];
  readonly body?: { readonly contentType: string; readonly content: Buffer };
}

/** The final response, or why there is none. */
export type Answer = SipMessage | 'timeout' | 'unsent';

/** Before conversations take over there is nobody to hear; a message must not look delivered. */
const NO_CONVERSATIONS: Core.UserAgentCoreDelegate = {
  onInvite: (request) => void request.reject({ statusCode: 480 }),
  onMessage: (request) => void request.reject({ statusCode: 480 }),
};

/**
 * Longer than any answer that a loaded server still gives; on TCP nothing is sent again meanwhile (RFC 3261 §17.1.2.2).
 */
const TRANSACTION_TIMEOUT_MS = 60_000;

/** More than there are subscriptions; whoever is forgotten has ended long ago. */
const MAX_CALLS = 20_000;

/**
 * Transactions and, for conversations, dialogs of sip.js, taught the two things that OCS wants: an epid in every From,
 * and no authentication of its own, since signing is the transport's business.
 */
export class OcsCore extends Core.UserAgentCore {
  readonly #account: string;
  readonly #epid: Epid | undefined;
  readonly #digest: boolean;
  /** Last sequence number by Call-ID, oldest first. */
  readonly #sequences = new Map<string, number>();
  /** The response that is being handled. */
  #received: SipMessage | undefined;
  /** Settles with the last reply; a failed one is nobody's concern. */
  #replied: Promise<void> | undefined;

  constructor(options: CoreOptions, transport: Core.Transport) {
    super(configurationOf(options, transport), NO_CONVERSATIONS);
    this.#account = wireUri(options.account);
    this.#epid = options.epid;
    this.#digest = options.digest !== undefined;
    Core.Timers.TIMER_B = TRANSACTION_TIMEOUT_MS;
    Core.Timers.TIMER_F = TRANSACTION_TIMEOUT_MS;
  }

  override makeOutgoingRequestMessage(
    ...args: Parameters<Core.UserAgentCore['makeOutgoingRequestMessage']>
  ): Core.OutgoingRequestMessage {
    const message = super.makeOutgoingRequestMessage(...args);
    if (this.#epid === undefined) return message;
    message.from.setParam('epid', this.#epid);
    message.setHeader('from', message.from.toString());
    return message;
  }

  /**
   * Sends a request. `onAnswer` is called once, within the handling of the response, so the order of messages is kept.
   */
  exchange(draft: RequestDraft, onAnswer: (answer: Answer) => void): void {
    const request = this.#messageOf(this.#digest ? { ...draft, cseq: this.#sequenceFor(draft) } : draft);
    const finish = ({ message }: Core.IncomingResponse): void => {
      if (this.#digest) this.#keepSequence(draft.callId, request.cseq);
      // sip.js invents a 408 or 503 of its own when nothing came or the request could not be sent; it also puts one of
      // its own in the place of a 408 that did come.
      onAnswer(this.#received ?? (message.statusCode === 408 ? 'timeout' : 'unsent'));
    };
    this.request(request, { onAccept: finish, onRedirect: finish, onReject: finish });
  }

  /** Sends an INVITE; the dialog that comes of it is sip.js's business. */
  converse(draft: RequestDraft, delegate: Core.OutgoingInviteRequestDelegate): Core.OutgoingInviteRequest {
    return this.invite(this.#messageOf(draft), delegate);
  }

  /** Contact value of our answers to INVITE: better than the address of the connection is one that works from anywhere. */
  useContact(value: string): void {
    this.configuration.contact.toString = () => value;
  }

  /** The response that is being handled, as it came; `undefined` when sip.js made one up (see `exchange`). */
  get received(): SipMessage | undefined {
    return this.#received;
  }

  /** The answer to a Digest challenge uses a number of its own; the next request of the call must have a higher one. */
  #sequenceFor({ callId, cseq }: RequestDraft): number {
    return Math.max(cseq, (this.#sequences.get(callId) ?? 0) + 1);
  }

  #keepSequence(callId: string, cseq: number): void {
    this.#sequences.delete(callId);
    this.#sequences.set(callId, cseq);
    if (this.#sequences.size <= MAX_CALLS) return;
    const [oldest] = this.#sequences.keys();
    if (oldest !== undefined) this.#sequences.delete(oldest);
  }

  #messageOf(draft: RequestDraft): Core.OutgoingRequestMessage {
    if ([draft.requestUri, draft.to, ...draft.routes, ...draft.headers].some((text) => /[\r\n]/.test(text))) {
      throw new BridgeError('INTERNAL', 'A SIP header must not hold a line break.');
    }
    return this.makeOutgoingRequestMessage(
      draft.method,
      new RawUri(draft.requestUri),
      new RawUri(this.#account),
      new RawUri(draft.to),
      {
        callId: draft.callId,
        cseq: draft.cseq,
        fromTag: draft.fromTag,
        ...(draft.toTag === undefined ? {} : { toTag: draft.toTag }),
        optionTags: [...draft.supported],
        routeSet: [...draft.routes],
      },
      [...draft.headers],
      draft.body && {
        contentDisposition: draft.method === 'INVITE' ? 'session' : 'render',
        contentType: draft.body.contentType,
        content: draft.body.content.toString('utf8'),
      },
    );
  }

  acceptRequest(message: SipMessage): void {
    const converted = toSipJs(message);
    if (converted instanceof Core.IncomingRequestMessage) this.receiveIncomingRequestFromTransport(converted);
  }

  acceptResponse(message: SipMessage): void {
    const converted = toSipJs(message);
    if (!(converted instanceof Core.IncomingResponseMessage)) return;
    this.#received = message;
    try {
      this.receiveIncomingResponseFromTransport(converted);
    } finally {
      this.#received = undefined;
    }
  }

  /** Answers a request that sip.js does not see; it need not be valid. */
  reply(message: SipMessage, statusCode: number): void {
    const sent = this.transport.send(replyTo(message, statusCode, this.configuration.userAgentHeaderFieldValue ?? ''));
    // Many answers leave together, with the same promise.
    if (sent === this.#replied) return;
    this.#replied = sent;
    sent.catch(() => {});
  }
}

function configurationOf(options: CoreOptions, transport: Core.Transport): Core.UserAgentCoreConfiguration {
  const contact = new RawUri(`sip:${options.localAddress};transport=${transport.protocol.toLowerCase()}`);
  const logger = loggerInto(options.log);
  return {
    aor: new RawUri(wireUri(options.account)),
    contact: { pubGruu: undefined, tempGruu: undefined, uri: contact, toString: () => `<${contact.toRaw()}>` },
    displayName: '',
    loggerFactory: logger,
    hackViaTcp: false,
    routeSet: [],
    sipjsId: '',
    supportedOptionTags: [],
    supportedOptionTagsResponse: [],
    userAgentHeaderFieldValue: options.userAgent.replace(/[^\x20-\x7e]/g, ''),
    viaForceRport: false,
    viaHost: options.localAddress,
    authenticationFactory: () =>
      options.digest && new Core.DigestAuthentication(logger, undefined, options.digest.user, options.digest.password),
    transportAccessor: () => transport,
  };
}

/** What sip.js has to say is of interest to developers only. */
function loggerInto(log: Log): Core.LoggerFactory {
  const factory = new Core.LoggerFactory();
  factory.builtinEnabled = false;
  factory.connector = (level, category, _label, content) => {
    if (level !== 'debug') log.debug('sip.js', { level, category, content: String(content) });
  };
  return factory;
}
