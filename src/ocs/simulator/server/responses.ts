import { readAddress } from '../codec/address.js';
import {
  type Header,
  headerList,
  headerOf,
  headersOf,
  NO_BODY,
  type SipRequest,
  type SipResponse,
} from '../codec/message.js';

/** Reason phrases of RFC 3261 §21 for the codes the simulator sends. */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  420: 'Bad Extension',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call Leg/Transaction Does Not Exist',
  483: 'Too Many Hops',
  487: 'Request Terminated',
  489: 'Bad Event',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  504: 'Server Time-out',
};

/** What a handler answers, and what is to be done once the answer is sent: notifications must not overtake it. */
export interface Answer {
  readonly response: SipResponse;
  readonly afterwards?: () => void;
}

export interface ResponseOptions {
  readonly headers?: readonly Header[];
  readonly type?: string;
  readonly body?: string;
  /** Tag for `To` when the request has none there. */
  readonly toTag?: string;
}

/** The response to a request (RFC 3261 §8.2.6.2): Via, From, To, Call-ID and CSeq are copied. */
export function respond(request: SipRequest, status: number, options: ResponseOptions = {}): SipResponse {
  const to = headerOf(request, 'to');
  const needsTag = options.toTag !== undefined && to !== undefined && !readAddress(to).params.has('tag');
  return {
    kind: 'response',
    status,
    reason: REASONS[status] ?? 'Unknown',
    headers: [
      ...headersOf(request, 'via').map((value) => ({ name: 'Via', value })),
      ...headerList(
        ['From', headerOf(request, 'from')],
        ['To', needsTag ? `${to};tag=${options.toTag}` : to],
        ['Call-ID', headerOf(request, 'call-id')],
        ['CSeq', headerOf(request, 'cseq')],
      ),
      ...(options.headers ?? []),
      ...headerList(['Content-Type', options.type]),
    ],
    body: options.body === undefined ? NO_BODY : Buffer.from(options.body, 'utf8'),
  };
}

/** `ms-diagnostics` (MS-OCER 2.2.1): number of the cause, who says it, and a sentence. */
export function diagnostics(id: number, source: string, reason: string): Header {
  return { name: 'ms-diagnostics', value: `${id};source="${source}";reason="${reason}"` };
}
