import type { SipUri } from '../../presence/ids.js';
import type { RequestDraft } from './core.js';

/** What stays the same in all REGISTER requests of one connection. */
export interface RegisterTerms {
  readonly account: SipUri;
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
export function registeredContact({ localAddress, transport, contactId }: RegisterTerms): string {
  return `<sip:${localAddress};transport=${transport};ms-opaque=${contactId}>`;
}

/** REGISTER as OCS clients send it (MS-SIPREGE 3.1.4, MS-CONMGMT 3.4). The server picks the lifetime. */
export function registerRequest(terms: RegisterTerms, cseq: number, purpose: 'keep' | 'remove'): RequestDraft {
  const { account, callId, fromTag, instance } = terms;
  const headers = [
    `Contact: ${registeredContact(terms)};methods="${METHODS}";proxy=replace;+sip.instance="<urn:uuid:${instance}>"`,
    'Supported: ms-forking',
    'ms-keep-alive: UAC;hop-hop=yes',
    'Event: registration',
  ];
  if (purpose === 'remove') headers.push('Expires: 0');
  return {
    method: 'REGISTER',
    requestUri: `sip:${account.slice(account.lastIndexOf('@') + 1)}`,
    to: account,
    toTag: undefined,
    fromTag,
    callId,
    cseq,
    routes: [],
    supported: ['gruu-10', 'adhoclist', 'msrtc-event-categories'],
    headers,
  };
}
