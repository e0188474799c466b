import type { SipUri } from '../../presence/ids.js';
import type { RequestDraft } from './core.js';
import { wireUri } from './wire-uri.js';

/** What stays the same in all REGISTER requests of one connection. */
export interface RegisterTerms {
  readonly account: SipUri;
  /** `sip`: without anything of Microsoft's. Default `ocs`. */
  readonly dialect?: 'ocs' | 'sip';
  /** `address:port` of our end. */
  readonly localAddress: string;
  readonly transport: 'tls' | 'tcp';
  /** UUID of this endpoint. */
  readonly instance: string;
  /** Ten hexadecimal digits that mark this Contact as ours. */
  readonly contactId: string;
  readonly callId: string;
  readonly fromTag: string;
}

const METHODS = 'INVITE, MESSAGE, INFO, SUBSCRIBE, OPTIONS, BYE, CANCEL, NOTIFY, ACK, REFER, BENOTIFY';

/** Contact as registered: the server sends everything for us over this very connection (`proxy=replace`). */
export function registeredContact({ localAddress, transport, contactId, dialect }: RegisterTerms): string {
  if (dialect === 'sip') return `<sip:${localAddress};transport=${transport}>`;
  return `<sip:${localAddress};transport=${transport};ms-opaque=${contactId}>`;
}

/** REGISTER as OCS clients send it (MS-SIPREGE 3.1.4, MS-CONMGMT 3.4). The server picks the lifetime. */
export function registerRequest(terms: RegisterTerms, cseq: number, purpose: 'keep' | 'remove'): RequestDraft {
  const { account, callId, fromTag } = terms;
  const words = terms.dialect === 'sip' ? plainWords(terms) : ocsWords(terms);
  const headers = [...words.headers];
  if (purpose === 'remove') headers.push('Expires: 0');
  else if (words.expires !== undefined) headers.push(`Expires: ${words.expires}`);
  return {
    method: 'REGISTER',
    requestUri: `sip:${account.slice(account.lastIndexOf('@') + 1)}`,
    to: wireUri(account),
    toTag: undefined,
    fromTag,
    callId,
    cseq,
    routes: [],
    supported: words.supported,
    headers,
  };
}

interface RegisterWords {
  readonly supported: readonly string[];
  readonly headers: readonly string[];
  /** Seconds to ask for; `undefined` leaves the choice to the server. */
  readonly expires?: number;
}

function ocsWords(terms: RegisterTerms): RegisterWords {
  const contact = `${registeredContact(terms)};methods="${METHODS}";proxy=replace;${instanceParam(terms)}`;
  return {
    supported: ['gruu-10', 'adhoclist', 'msrtc-event-categories'],
    headers: [`Contact: ${contact}`, 'Supported: ms-forking', 'ms-keep-alive: UAC;hop-hop=yes', 'Event: registration'],
  };
}

/** REGISTER of RFC 3261 §10.2, with the instance of RFC 5626 §4.1 so that a restarted bridge replaces its old binding. */
function plainWords(terms: RegisterTerms): RegisterWords {
  return { supported: [], headers: [`Contact: ${registeredContact(terms)};${instanceParam(terms)}`], expires: 3600 };
}

function instanceParam({ instance }: RegisterTerms): string {
  return `+sip.instance="<urn:uuid:${instance}>"`;
}
