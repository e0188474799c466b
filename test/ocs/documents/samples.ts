/** Documents in the shapes that MS-PRES, MS-SIP and RFC 3863 describe, composed for these tests. */

import { sip } from '../../support/people.js';

const CATEGORIES = 'http://schemas.microsoft.com/2006/09/sip/categories';
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

export function categoriesDocument(categories: string, uri = 'sip:ana.reyes@contoso.example'): string {
  return `<categories xmlns="${CATEGORIES}" uri="${uri}">${categories}</categories>`;
}

export function category(name: string, content: string, publishTime = '2010-01-01T08:55:00.250'): string {
  return `<category name="${name}" instance="1" publishTime="${publishTime}">${content}</category>`;
}

export function stateContent(availability: string, activity = '', type = 'aggregateState'): string {
  return (
    `<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="${SCHEMA_INSTANCE}" xsi:type="${type}"` +
    ` lastActive="2010-01-01T08:54:10"><availability>${availability}</availability>${activity}</state>`
  );
}

export function noteContent(text: string, type = 'personal'): string {
  return `<note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="${type}" uri="">${text}</body></note>`;
}

export function cardContent(displayName: string): string {
  return (
    `<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name>` +
    `<displayName>${displayName}</displayName></name><email>ana.reyes@contoso.example</email></identity></contactCard>`
  );
}

export const ACTIVITY = '<activity token="in-a-meeting" minAvailability="6500" maxAvailability="8999"/>';

/** State, note and card of one person. */
export function usualDocument(uri?: string): string {
  return categoriesDocument(
    category('state', stateContent('6500', ACTIVITY)) +
      category('note', noteContent('Room 4 until noon'), '2010-01-01T08:00:00.000') +
      category('contactCard', cardContent('Ana Reyes'), '2009-11-02T10:00:00.000'),
    uri,
  );
}

export function resourceList(resources: string, attributes = 'version="0" fullState="false"'): string {
  return `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:bridge@contoso.example" ${attributes}>${resources}</list>`;
}

export function multipart(boundary: string, parts: readonly (readonly [type: string, body: string])[]): string {
  const written = parts.map(
    ([type, body], index) =>
      `--${boundary}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: part${index}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`,
  );
  return `\r\n${written.join('')}--${boundary}--\r\n`;
}

export const ANA = sip('ana.reyes@contoso.example');

export function pidfDocument(content: string, entity: string | undefined = ANA): string {
  const address = entity === undefined ? '' : ` entity="${entity}"`;
  return (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"' +
    ` xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" xmlns:c="urn:ietf:params:xml:ns:pidf:cipid"${address}>` +
    `${content}</presence>`
  );
}

export function pidfTuple(basic: string, rest = '', priority = ''): string {
  const contact = priority === '' ? '' : `<contact priority="${priority}">sip:a@b.example</contact>`;
  return `<tuple id="t1"><status><basic>${basic}</basic></status>${contact}${rest}</tuple>`;
}

export function rpidPerson(activities: readonly string[], rest = ''): string {
  const names = activities.map((name) => `<rpid:${name}/>`).join('');
  return `<dm:person id="p1"><rpid:activities>${names}</rpid:activities>${rest}</dm:person>`;
}

export function xpidfDocument(status: string, substatus: string, rest = ''): string {
  return (
    `<presence><presentity uri="${ANA};method=SUBSCRIBE"/>${rest}<atom id="a1"><address uri="${ANA};user=ip"` +
    ` priority="0.800000">${xpidfStatus(status, substatus)}</address></atom></presence>`
  );
}

export function xpidfStatus(status: string, substatus: string): string {
  const plain = status === '' ? '' : `<status status="${status}"/>`;
  return plain + (substatus === '' ? '' : `<msnsubstatus substatus="${substatus}"/>`);
}

/** `states` are numbers that the user and the devices published; the first one is the user's. */
export function lcsDocument(
  availability: string,
  activity: string,
  states: readonly number[] = [],
  userInfo = '',
  uri = 'ana.reyes@contoso.example',
): string {
  const [byUser, ...byDevices] = states;
  const state = (number: number | undefined) =>
    number === undefined ? '' : `<states><state avail="${number}" since="2010-01-01T08:54:10Z"/></states>`;
  const devices = byDevices.map(
    (number) => `<devicePresence epid="01" ageOfPresence="60">${state(number)}</devicePresence>`,
  );
  return (
    `<presentity uri="${uri}" xmlns="http://schemas.microsoft.com/2002/09/sip/presence">` +
    (availability === '' ? '' : `<availability aggregate="${availability}" description="" epid="01"/>`) +
    (activity === '' ? '' : `<activity aggregate="${activity}" note="" epid="01"/>`) +
    `<displayName displayName="Ana Reyes"/><devices>${devices.join('')}</devices>` +
    `<userInfo>${userInfo}${state(byUser)}</userInfo></presentity>`
  );
}
