/** Documents in the shape that MS-PRES describes, composed for these tests. */

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
