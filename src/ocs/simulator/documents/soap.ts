import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import type { LegacyPresence } from '../presence/legacy-publication.js';
import { attributeOf, elementAt, elementsOf, textOf, type XmlElement } from './xml-tree.js';
import { xml } from './xml-write.js';

export const SOAP_TYPE = 'application/SOAP+xml';
const SOAP_NS = 'http://schemas.xmlsoap.org/soap/envelope/';
const WINRTC_NS = 'http://schemas.microsoft.com/winrtc/2002/11/sip';

/** A change of a contact or access list; `deltaNumber` is the list's as the client knows it (MS-SIP 3.2). */
export type ListCall =
  | {
      readonly kind: 'setContact';
      readonly uri: SipUri;
      readonly name: string;
      readonly groups: readonly number[];
      readonly subscribed: boolean;
    }
  | { readonly kind: 'deleteContact'; readonly uri: SipUri }
  | { readonly kind: 'addGroup'; readonly name: string }
  | { readonly kind: 'modifyGroup'; readonly id: number; readonly name: string }
  | { readonly kind: 'deleteGroup'; readonly id: number }
  | { readonly kind: 'setACE'; readonly uri: SipUri; readonly allowed: boolean };

/** The calls of MS-SIP that the simulator knows. */
export type SoapCall =
  | { readonly kind: 'change'; readonly change: ListCall; readonly deltaNumber: number | undefined }
  | { readonly kind: 'setPresence'; readonly uri: SipUri; readonly presence: LegacyPresence }
  | { readonly kind: 'getPresence'; readonly uri: SipUri }
  | { readonly kind: 'directorySearch'; readonly words: readonly string[]; readonly maxResults: number };

/** Most rows that a search returns, and most words that it looks for, whatever the client asks for. */
const MAX_RESULTS = 100;
const MAX_WORDS = 16;

export function readSoap(root: XmlElement): Result<SoapCall> {
  const body = root.name === 'Envelope' ? elementAt(root, 'Body') : undefined;
  const call = body && elementsOf(body)[0];
  if (!body || !call) return bad('a SOAP envelope with a body was expected');
  switch (call.name) {
    case 'directorySearch':
      return ok(readSearch(call, elementsOf(body, 'Array')));
    case 'setPresence':
    case 'getPresence':
      return readPresenceCall(call, call.name);
    default: {
      const change = readListCall(call);
      if (!change.ok) return change;
      const text = textOf(elementAt(call, 'deltaNum'));
      const deltaNumber = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
      return ok({ kind: 'change', change: change.value, deltaNumber });
    }
  }
}

function readListCall(call: XmlElement): Result<ListCall> {
  const text = (name: string): string => textOf(elementAt(call, name));
  switch (call.name) {
    case 'setContact':
      return withUri(text('URI'), (uri) => ({
        kind: 'setContact',
        uri,
        name: text('displayName'),
        groups: text('groups').split(/\s+/).filter(Boolean).map(Number),
        subscribed: text('subscribed') !== 'false',
      }));
    case 'deleteContact':
      return withUri(text('URI'), (uri) => ({ kind: 'deleteContact', uri }));
    case 'addGroup':
      return ok({ kind: 'addGroup', name: text('name') });
    case 'modifyGroup':
      return ok({ kind: 'modifyGroup', id: Number(text('groupID')), name: text('name') });
    case 'deleteGroup':
      return ok({ kind: 'deleteGroup', id: Number(text('groupID')) });
    case 'setACE': {
      const ace = elementAt(call, 'ace') ?? elementAt(call, 'dacl', 'ace') ?? call;
      const mask = attributeOf(ace, 'mask') ?? text('mask');
      const rights = attributeOf(ace, 'rights') ?? text('rights');
      return withUri(mask, (uri) => ({ kind: 'setACE', uri, allowed: rights.startsWith('A') }));
    }
    default:
      return bad(`SOAP call "${call.name}" is not known`);
  }
}

function withUri<T>(text: string, build: (uri: SipUri) => T): Result<T> {
  const uri = parseSipUri(text);
  return uri.ok ? ok(build(uri.value)) : uri;
}

function readPresenceCall(call: XmlElement, kind: 'setPresence' | 'getPresence'): Result<SoapCall> {
  const presentity = elementAt(call, 'presentity');
  return withUri((presentity && attributeOf(presentity, 'uri')) ?? '', (uri) =>
    kind === 'getPresence' || !presentity ? { kind: 'getPresence', uri } : setPresence(uri, presentity),
  );
}

function setPresence(uri: SipUri, presentity: XmlElement): SoapCall {
  const level = (name: string): number => {
    const element = elementAt(presentity, name);
    return Math.trunc(Number((element && attributeOf(element, 'aggregate')) ?? 0)) || 0;
  };
  const userInfo = elementAt(presentity, 'userInfo');
  const states = userInfo && elementAt(userInfo, 'states');
  const own = (states ? elementsOf(states, 'state') : []).find(
    (state) => attributeOf(state, 'type')?.replace(/^.*:/, '') === 'userState',
  );
  const available = own && attributeOf(own, 'nil') !== 'true' ? Number(attributeOf(own, 'avail')) : Number.NaN;
  const presence = {
    availability: level('availability'),
    activity: level('activity'),
    idle: textOf(elementAt(presentity, 'device', 'userInput')) === 'idle',
    userState: Number.isInteger(available) && available > 0 ? available : undefined,
    note: textOf(userInfo && elementAt(userInfo, 'note')),
    outOfOffice: userInfo !== undefined && elementAt(userInfo, 'oof') !== undefined,
    userInfo,
  };
  return { kind: 'setPresence', uri, presence };
}

function readSearch(call: XmlElement, arrays: readonly XmlElement[]): SoapCall {
  const rows = arrays.flatMap((array) => elementsOf(array, 'row'));
  const words = rows.map((row) => (attributeOf(row, 'value') ?? '').replace(/^sip:/i, '').toLowerCase());
  const asked = textOf(elementAt(call, 'maxResults'));
  const maxResults = /^\d{1,9}$/.test(asked) ? Math.min(Number(asked), MAX_RESULTS) : MAX_RESULTS;
  return { kind: 'directorySearch', words: words.filter(Boolean).slice(0, MAX_WORDS), maxResults };
}

/** The answer to a call: an element of the call's name with what it returns. */
export function soapAnswer(call: ListCall['kind'] | 'setPresence' | 'getPresence', content: string): string {
  return envelope(xml(`m:${call}`, { 'xmlns:m': WINRTC_NS }, content));
}

/** Body of a 409: the client knows another state of the list (MS-SIP 3.2). */
export function soapWrongDelta(deltaNumber: number): string {
  const fault = [
    xml('faultcode', {}, 'SOAP-ENV:Client.BadCall.WrongDelta'),
    xml('faultstring', {}, 'The list has changed'),
    xml('detail', {}, xml('m:deltaNum', { 'xmlns:m': WINRTC_NS }, String(deltaNumber))),
  ];
  return envelope(xml('SOAP-ENV:Fault', {}, ...fault));
}

/** The answer to a search: rows stand beside the call's element. */
export function searchAnswer(people: readonly { readonly uri: string; readonly displayName: string }[]): string {
  const rows = people.map(({ uri, displayName }) =>
    xml('m:row', { uri, displayName, title: '', office: '', phone: '' }),
  );
  const call = xml('m:directorySearch', { 'xmlns:m': WINRTC_NS }, xml('m:moreAvailable', {}, 'false'));
  return envelope(call, xml('m:Array', { 'xmlns:m': WINRTC_NS, 'm:id': 'searchArray' }, ...rows));
}

function envelope(...content: readonly string[]): string {
  return xml('SOAP-ENV:Envelope', { 'xmlns:SOAP-ENV': SOAP_NS }, xml('SOAP-ENV:Body', {}, ...content));
}
