import { Core } from 'sip.js';
import { readDigestChallenge } from '../auth/digest.js';
import { headerName } from '../wire/header-name.js';
import { parseAuthHeader } from '../wire/headers/auth-params.js';
import { parseContentType } from '../wire/headers/content-type.js';
import { parseEvent } from '../wire/headers/event.js';
import { parseNameAddr } from '../wire/headers/name-addr.js';
import { parseSubscriptionState } from '../wire/headers/subscription-state.js';
import { parseVia, type Via } from '../wire/headers/via.js';
import type { SipMessage } from '../wire/message.js';
import { splitList } from '../wire/scan.js';
import { readSipJsAddress, toSipJsAddress, toSipJsUri } from './sip-js-address.js';

/** How a header that sip.js asks for is given to it. */
interface Shape {
  /** Its spelling in sip.js. */
  readonly key: string;
  /** Whether one line may hold several values, which sip.js wants one by one. */
  readonly list: boolean;
  readonly read: (value: string) => unknown;
}

const SHAPES: readonly Shape[] = [
  { key: 'Contact', list: true, read: readSipJsAddress },
  { key: 'Content-Disposition', list: false, read: readDisposition },
  { key: 'Content-Type', list: false, read: (value) => parseContentType(value) && value },
  { key: 'Event', list: false, read: readEvent },
  { key: 'From', list: false, read: readParty },
  { key: 'Record-Route', list: true, read: readSipJsAddress },
  { key: 'Refer-To', list: false, read: readSipJsAddress },
  { key: 'Subscription-State', list: false, read: readSubscriptionState },
  { key: 'To', list: false, read: readParty },
  { key: 'Via', list: true, read: parseVia },
];

const SHAPES_BY_NAME = new Map(SHAPES.map((shape) => [shape.key.toLowerCase(), shape]));

/** Never `undefined`: sip.js asks for the tag of every To it answers. */
function readParty(value: string): unknown {
  return toSipJsAddress(parseNameAddr(value));
}

function readDisposition(value: string): unknown {
  return { type: splitList(value, ';')[0] };
}

function readEvent(value: string): unknown {
  const event = parseEvent(value);
  return event && { event: event.package, params: Object.fromEntries(event.params) };
}

function readSubscriptionState(value: string): unknown {
  const read = parseSubscriptionState(value);
  return (
    read && { state: read.state, expires: read.expires, reason: read.reason, params: Object.fromEntries(read.params) }
  );
}

/**
 * What sip.js reads from a header: never its own grammar, which costs milliseconds and gives up on valid input. Read
 * when asked for: of the many values that a hostile list holds, sip.js wants the first.
 */
function parsedHeader(message: Core.IncomingMessage, name: string, index: number): unknown {
  const shape = SHAPES_BY_NAME.get(name.toLowerCase());
  const entry = shape && message.headers[shape.key]?.[index];
  if (shape === undefined || entry === undefined) return undefined;
  entry.parsed ??= shape.read(entry.raw);
  return entry.parsed;
}

const CHALLENGES: ReadonlySet<string> = new Set(['www-authenticate', 'proxy-authenticate']);

/** Of all challenges the one that sip.js can answer, wherever it stands: sip.js itself would look at the first only. */
function firstDigest(lines: readonly string[]): unknown {
  for (const line of lines) {
    const header = parseAuthHeader(line);
    const challenge = header && readDigestChallenge(header);
    if (challenge?.ok) return challenge.value;
  }
  return undefined;
}

class DecodedRequest extends Core.IncomingRequestMessage {
  override parseHeader(name: string, index = 0): unknown {
    return parsedHeader(this, name, index);
  }
}

class DecodedResponse extends Core.IncomingResponseMessage {
  override parseHeader(name: string, index = 0): unknown {
    if (CHALLENGES.has(name.toLowerCase())) return firstDigest(this.getHeaders(name));
    return parsedHeader(this, name, index);
  }
}

/**
 * A decoded message in the shape sip.js works with, so that its transactions and dialogs run on our decoder. Give it
 * messages that `validateMessage` let pass; of a NOTIFY, which is not validated, it is good enough to answer it.
 */
export function toSipJs(message: SipMessage): Core.IncomingRequestMessage | Core.IncomingResponseMessage {
  const target = message.kind === 'request' ? requestOf(message) : responseOf(message);
  fillHeaders(target, message);
  target.method = message.method;
  target.callId = message.callId;
  target.cseq = message.cseq?.number ?? 0;
  target.from = toSipJsAddress(message.from);
  target.to = toSipJsAddress(message.to);
  if (message.from?.tag !== undefined) target.fromTag = message.from.tag;
  if (message.to?.tag !== undefined) target.toTag = message.to.tag;
  const via = parseVia(splitList(message.header('via') ?? '')[0] ?? '');
  if (via) target.via = { ...via, port: via.port ?? defaultPortOf(via) };
  target.viaBranch = branchOf(message, via);
  target.body = isForSipJs(message) ? message.body.toString('utf8') : '';
  return target;
}

/** Methods that open and steer sessions: whoever they concern reads their bodies, also those of their answers. */
const SESSION_METHODS = ['INVITE', 'ACK', 'PRACK', 'UPDATE', 'INFO'];

/**
 * Bodies of notifications and of answers to a SUBSCRIBE are read from the octets, by others. To make a text of
 * megabytes would hold up everything else.
 */
function isForSipJs({ kind, method }: SipMessage): boolean {
  if (kind === 'response') return SESSION_METHODS.includes(method);
  return method !== 'NOTIFY' && method !== 'BENOTIFY';
}

function requestOf(message: SipMessage): Core.IncomingRequestMessage {
  const request = new DecodedRequest();
  request.ruri = toSipJsUri(message.requestUri);
  return request;
}

function responseOf(message: SipMessage): Core.IncomingResponseMessage {
  const response = new DecodedResponse();
  response.statusCode = message.status;
  response.reasonPhrase = message.reason;
  return response;
}

function fillHeaders(target: Core.IncomingMessage, message: SipMessage): void {
  for (const [name, line] of message.headers()) {
    const { long } = headerName(name);
    const shape = SHAPES_BY_NAME.get(long);
    for (const value of shape?.list ? splitList(line) : [line]) target.addHeader(long, value);
  }
}

/** RFC 3261 §18.2.2. */
function defaultPortOf(via: Via): number {
  return via.transport.toUpperCase() === 'TLS' ? 5061 : 5060;
}

const MAGIC_COOKIE = 'z9hg4bk';

/**
 * sip.js tells transactions apart by the branch alone. COMPAT(communicator): some requests come without one; these, and
 * those whose branch is nothing but the magic cookie, get one made of what RFC 3261 §17.2.3 compares instead.
 */
function branchOf(message: SipMessage, via: Via | undefined): string {
  const branch = via?.branch ?? '';
  if (message.kind === 'response' || (branch !== '' && branch.toLowerCase() !== MAGIC_COOKIE)) return branch;
  const { callId, cseq, from } = message;
  return JSON.stringify([callId, cseq?.number, from?.tag, via?.host, via?.port]);
}
