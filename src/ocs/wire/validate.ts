import { BridgeError } from '../../presence/errors.js';
import { DIGIT, endOf } from './char-class.js';
import { parseContentType } from './headers/content-type.js';
import { parseDate } from './headers/date.js';
import { parseEvent } from './headers/event.js';
import { type NameAddr, parseNameAddr } from './headers/name-addr.js';
import { HIGHEST_SECONDS, parseUnsigned } from './headers/number.js';
import { parseSubscriptionState } from './headers/subscription-state.js';
import { isSipUri, parseUri } from './headers/uri.js';
import { parseVia } from './headers/via.js';
import type { SipMessage } from './message.js';
import { isVisible, splitList } from './scan.js';

/** What is wrong with a message. */
export interface Refusal {
  readonly error: BridgeError;
  /** Status to answer a request with. A response, and an ACK, is dropped without answer. */
  readonly respondWith: number;
}

interface Problem {
  readonly reason: string;
  readonly respondWith: number;
}

/** More than anybody needs to invite or to say something; what is larger is a notification, and not looked at here. */
const MAX_BODY = 64 * 1024;
/** Values of all headers that hold lists of addresses or hops: to read thousands would take milliseconds. */
const MAX_VALUES = 256;
const LISTS = ['via', 'contact', 'route', 'record-route'];

/** Headers with addresses that requests may be sent to. */
const ROUTING = ['route', 'record-route', 'refer-to'];

/** Highest values, RFC 3261 §20.22, §20.19, §20.23. */
const NUMBERS: readonly (readonly [name: string, highest: number])[] = [
  ['max-forwards', 255],
  ['expires', HIGHEST_SECONDS],
  ['min-expires', HIGHEST_SECONDS],
];

/** Headers that may stand in a message only once (RFC 3261 §20), besides those that `decodeMessage` counts. */
const SINGLE = [
  'content-disposition',
  'content-type',
  'date',
  'event',
  'expires',
  'max-forwards',
  'min-expires',
  'retry-after',
  'subscription-state',
];

/**
 * Looks at the values that `decodeMessage` left unread, for messages on which more than presence depends: `undefined`
 * when all that is there is well-formed. The first problem decides. Refuses with `OCS_PROTOCOL`.
 */
export function validateMessage(message: SipMessage): Refusal | undefined {
  const problem =
    problemOfSize(message) ??
    problemOfRequestLine(message) ??
    problemOfVia(message) ??
    problemOfAddresses(message) ??
    problemOfSingles(message) ??
    problemOfNumbers(message) ??
    problemOfTexts(message);
  return (
    problem && {
      error: new BridgeError('OCS_PROTOCOL', `Malformed ${message.kind}: ${problem.reason}.`),
      respondWith: problem.respondWith,
    }
  );
}

function malformed(reason: string): Problem {
  return { reason, respondWith: 400 };
}

function problemOfSize(message: SipMessage): Problem | undefined {
  if (message.body.length > MAX_BODY) return { reason: `the body is over ${MAX_BODY} octets`, respondWith: 413 };
  const values = LISTS.flatMap((name) => message.headerValues(name)).reduce(
    (sum, line) => sum + splitList(line).length,
    0,
  );
  return values > MAX_VALUES ? malformed(`there are more than ${MAX_VALUES} hops and addresses`) : undefined;
}

function problemOfRequestLine(message: SipMessage): Problem | undefined {
  if (message.kind === 'response') return undefined;
  if (message.method !== message.cseq?.method) return malformed('the methods of request line and cseq differ');
  const uri = parseUri(message.requestUri);
  if (!uri) return malformed('the request URI is malformed');
  if (!isSipUri(uri)) return { reason: 'the scheme of the request URI is not supported', respondWith: 416 };
  return uri.headers === undefined ? undefined : malformed('the request URI carries header fields');
}

function problemOfVia(message: SipMessage): Problem | undefined {
  const lines = message.headerValues('via');
  if (lines.length === 0) return malformed('via is missing');
  const readable = lines.every((line) => splitList(line).every((value) => parseVia(value)));
  return readable ? undefined : malformed('via is malformed');
}

function problemOfAddresses(message: SipMessage): Problem | undefined {
  if (!isAddress(message.from)) return malformed('from is malformed');
  if (!isAddress(message.to)) return malformed('to is malformed');
  const contacts = message.headerValues('contact');
  if (!(contacts.length === 1 && contacts[0] === '*') && !contacts.every(isContactList)) {
    return malformed('contact is malformed');
  }
  const wrong = ROUTING.find((name) => !message.headerValues(name).every(isAddressList));
  return wrong === undefined ? undefined : malformed(`${wrong} is malformed`);
}

function isAddressList(line: string): boolean {
  return splitList(line).every((value) => isAddress(parseNameAddr(value)));
}

function isContactList(line: string): boolean {
  return splitList(line).every((value) => {
    const contact = parseNameAddr(value);
    return isAddress(contact) && isNumberOrAbsent(contact?.params.get('expires'), HIGHEST_SECONDS);
  });
}

function isAddress(address: NameAddr | undefined): boolean {
  return address !== undefined && parseUri(address.uri) !== undefined;
}

function problemOfSingles(message: SipMessage): Problem | undefined {
  const twice = SINGLE.find((name) => message.count(name) > 1);
  return twice === undefined ? undefined : malformed(`${twice} is there twice`);
}

function problemOfNumbers(message: SipMessage): Problem | undefined {
  const wrong = NUMBERS.find(([name, highest]) => !isNumberOrAbsent(message.header(name), highest));
  if (wrong) return malformed(`${wrong[0]} is malformed`);
  // A comment and parameters may follow the seconds (RFC 3261 §20.33).
  const retryAfter = message.header('retry-after');
  const seconds = retryAfter?.slice(0, endOf(DIGIT, retryAfter, 0));
  return isNumberOrAbsent(seconds, HIGHEST_SECONDS) ? undefined : malformed('retry-after is malformed');
}

function isNumberOrAbsent(text: string | undefined, highest: number): boolean {
  return text === undefined || parseUnsigned(text, highest) !== undefined;
}

type Reader = (text: string) => unknown;

const READERS: readonly (readonly [name: string, read: Reader])[] = [
  ['content-type', parseContentType],
  ['date', parseDate],
  ['event', parseEvent],
  ['subscription-state', parseSubscriptionState],
];

function problemOfTexts(message: SipMessage): Problem | undefined {
  if (!isVisible(message.callId)) return malformed('call-id is malformed');
  if (message.body.length > 0 && message.count('content-type') === 0) return malformed('content-type is missing');
  for (const [name, read] of READERS) {
    const value = message.header(name);
    if (value !== undefined && read(value) === undefined) return malformed(`${name} is malformed`);
  }
  return undefined;
}
