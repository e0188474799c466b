import { parseSipUri, type SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { attributeOf, elementAt, elementsOf, textOf, type XmlElement } from './xml-tree.js';
import { xml } from './xml-write.js';

export const SOAP_TYPE = 'application/SOAP+xml';
const SOAP_NS = 'http://schemas.xmlsoap.org/soap/envelope/';
const WINRTC_NS = 'http://schemas.microsoft.com/winrtc/2002/11/sip';

/** The calls of MS-SIP's contact management and search that the simulator knows. */
export type SoapCall =
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
  | { readonly kind: 'directorySearch'; readonly words: readonly string[]; readonly maxResults: number };

/** Most rows that a search returns, whatever the client asks for. */
const MAX_RESULTS = 100;

export function readSoap(root: XmlElement): Result<SoapCall> {
  const body = root.name === 'Envelope' ? elementAt(root, 'Body') : undefined;
  const call = body && elementsOf(body)[0];
  if (!body || !call) return bad('a SOAP envelope with a body was expected');
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
    case 'directorySearch':
      return ok(readSearch(call, elementsOf(body, 'Array')));
    default:
      return bad(`SOAP call "${call.name}" is not known`);
  }
}

function withUri(text: string, build: (uri: SipUri) => SoapCall): Result<SoapCall> {
  const uri = parseSipUri(text);
  return uri.ok ? ok(build(uri.value)) : uri;
}

function readSearch(call: XmlElement, arrays: readonly XmlElement[]): SoapCall {
  const rows = arrays.flatMap((array) => elementsOf(array, 'row'));
  const words = rows.map((row) => (attributeOf(row, 'value') ?? '').replace(/^sip:/i, '').toLowerCase());
  const asked = Number(textOf(elementAt(call, 'maxResults')) || MAX_RESULTS);
  return { kind: 'directorySearch', words: words.filter(Boolean), maxResults: Math.min(asked, MAX_RESULTS) };
}

/** The answer to a call: an element of the call's name with what it returns. */
export function soapAnswer(call: SoapCall['kind'], content: string): string {
  return envelope(xml(`m:${call}`, { 'xmlns:m': WINRTC_NS }, content));
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
