import { headerList, type SipRequest, type SipResponse, tokensOf } from '../codec/message.js';
import type { Dialect } from '../options.js';
import { respond } from './responses.js';

/** Option tags that each dialect understands (MS-SIP, MS-PRES, MS-SIPREGE, MS-CONMGMT). */
const COMMON = ['adhoclist', 'eventlist', 'ms-piggyback-first-notify', 'com.microsoft.autoextend', 'ms-benotify'];
const KNOWN: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  lcs2005: new Set([...COMMON, 'com.microsoft.msrtc.presence']),
  ocs2007: new Set([
    ...COMMON,
    ...['categorylist', 'msrtc-event-categories', 'com.microsoft.msrtc.presence', 'gruu-10', 'ms-forking', 'ms-sender'],
  ]),
};
/** Methods that end at the server; of all others it only looks at what proxies must know. */
const OWN_METHODS = new Set(['REGISTER', 'SUBSCRIBE', 'SERVICE']);

/**
 * 420 with what is not understood, when a request insists on an extension (RFC 3261 §8.2.2.3, §16.3 step 5); `undefined`
 * when there is nothing to refuse.
 */
export function refuseExtensions(
  request: SipRequest,
  dialect: Dialect,
  benotify: boolean,
  toTag: string,
): SipResponse | undefined {
  if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
  const demanded = new Set([
    ...tokensOf(request, 'proxy-require'),
    ...(OWN_METHODS.has(request.method) ? tokensOf(request, 'require') : []),
  ]);
  const unknown = [...demanded].filter((tag) => !KNOWN[dialect].has(tag) || (tag === 'ms-benotify' && !benotify));
  if (unknown.length === 0) return undefined;
  return respond(request, 420, { toTag, headers: headerList(['Unsupported', unknown.join(', ')]) });
}
