import type { ServedDialog } from './server.js';
import { ACCOUNT, addressOf, OCTETS } from './words.js';

/** Something of four megabytes that a server might send. */
export interface Shape {
  readonly name: string;
  /** The answer to the first SUBSCRIBE of a new connection, when it is one. */
  readonly answer?: { readonly contentType: string; readonly body: () => Buffer };
  /** What comes on the connection, when it is not. */
  readonly octets?: (dialog: ServedDialog) => Buffer;
}

/** People of the largest list; its parts are as many as are read at most, the list itself included. */
export const PEOPLE = 1023;

const CATEGORIES = 'application/msrtc-event-categories+xml';
const BOUNDARY = '50UBfW7LSCVLtggUPe5z';
const MULTIPART = `multipart/related;type="application/rlmi+xml";start=list;boundary=${BOUNDARY}`;
/** Octets of one document at most. */
const DOCUMENT = 256 * 1024;
/** Elements of one document at most. */
const MOST_ELEMENTS = 5000;
/** Octets of a head at most. */
const HEAD = 64 * 1024;

export const SHAPES: readonly Shape[] = [
  { name: `answer with ${PEOPLE} people`, answer: { contentType: MULTIPART, body: () => listOf(PEOPLE, OCTETS) } },
  inBody(`notification with ${PEOPLE} people`, MULTIPART, () => listOf(PEOPLE, OCTETS)),
  inBody('one document of 4 MB', CATEGORIES, () => documentOf(0, OCTETS - 2048)),
  inBody('6,000 parts', MULTIPART, () => partsOf(Array.from({ length: 6000 }, (_, index) => documentOf(index, 600)))),
  inBody('one delimiter after the other', MULTIPART, () => filled(`--${BOUNDARY}\r\n`, OCTETS - 2048)),
  inBody('lines that nearly are delimiters', MULTIPART, () =>
    Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n\r\n`), filled(`\r\n--${BOUNDARY}x`, OCTETS - 2048)]),
  ),
  inBody('15 documents as deep as they may be', MULTIPART, () => documents((size) => deep(size))),
  inBody('15 documents as wide as they may be', MULTIPART, () => documents((size) => wide(size))),
  inBody('15 documents full of attributes', MULTIPART, () => documents((size) => attributes(size))),
  inBody('15 documents full of references', MULTIPART, () =>
    documents((size) => filled(`<x>${'&amp;'.repeat(3000)}</x>`, size - 512).toString()),
  ),
  inBody('15 documents of text beyond ASCII', MULTIPART, () =>
    documents((size) => filled(`<x>${'\u00fc'.repeat(7000)}</x>`, size - 512).toString()),
  ),
  { name: 'notifications of 500 octets', octets: (dialog) => many((index) => notify(dialog, index, CATEGORIES, '')) },
  {
    name: 'notifications about one person each',
    octets: (dialog) => many((index) => notify(dialog, index, CATEGORIES, documentOf(index % PEOPLE, 600))),
  },
  { name: 'requests that nobody asked for', octets: () => many((index) => stray('OPTIONS', index, '')) },
  { name: 'line ends only', octets: () => filled('\r\n', OCTETS) },
  { name: 'heads with as many lines as may be', octets: () => many((index) => stray('OPTIONS', index, junk())) },
  { name: 'heads with long lists of values', octets: () => many((index) => stray('OPTIONS', index, lists())) },
  { name: 'a head without end', octets: () => filled(`X-Junk: ${'x'.repeat(80)}\r\n`, OCTETS) },
  { name: 'a MESSAGE of 4 MB', octets: () => large('MESSAGE', 'text/plain') },
  { name: 'an INVITE of 4 MB', octets: () => large('INVITE', 'application/sdp') },
];

function inBody(name: string, contentType: string, body: () => Buffer | string): Shape {
  return { name, octets: (dialog) => notify(dialog, 1, contentType, body()) };
}

function head(start: string, index: number, lines: string): string {
  const method = start.slice(0, start.indexOf(' '));
  return `${start} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK${process.hrtime.bigint().toString(36)}.${index}\r\nMax-Forwards: 70\r\nFrom: <sip:ana@contoso.example>;tag=server\r\nCSeq: ${index + 1} ${method}\r\n${lines}`;
}

function notify(
  { callId, clientTag }: ServedDialog,
  index: number,
  contentType: string,
  body: Buffer | string,
): Buffer {
  const lines = `To: <${ACCOUNT}>;tag=${clientTag}\r\nCall-ID: ${callId}\r\nEvent: presence\r\nSubscription-State: active;expires=7200\r\nContent-Type: ${contentType}\r\n`;
  return withBody(head(`BENOTIFY ${ACCOUNT}`, index, lines), body);
}

function stray(method: string, index: number, lines: string, body: Buffer | string = ''): Buffer {
  const more = `To: <${ACCOUNT}>\r\nCall-ID: stray${index}\r\nContact: <sip:ana@127.0.0.1:5060;transport=tcp>\r\n${lines}`;
  return withBody(head(`${method} ${ACCOUNT}`, index, more), body);
}

function withBody(lines: string, body: Buffer | string): Buffer {
  const octets = Buffer.from(body as string);
  return Buffer.concat([Buffer.from(`${lines}Content-Length: ${octets.length}\r\n\r\n`), octets]);
}

function large(method: string, contentType: string): Buffer {
  const text = filled('v=0 Gr\u00fc\u00dfe an alle\r\n', OCTETS - 2048);
  return stray(method, 1, `Content-Type: ${contentType}\r\n`, text);
}

/** Junk lines up to nearly the limits on their number and on the size of a head. */
function junk(): string {
  return Array.from({ length: 240 }, (_, index) => `X-Junk-${index}: ${'x'.repeat(HEAD / 300)}\r\n`).join('');
}

function lists(): string {
  const line = `Record-Route: ${Array.from({ length: 250 }, (_, index) => `<sip:p${index}.example;lr>`).join(',')}\r\n`;
  return line.repeat(8);
}

function many(message: (index: number) => Buffer): Buffer {
  const messages: Buffer[] = [];
  for (let size = 0; size < OCTETS; ) {
    const next = message(messages.length);
    messages.push(next);
    size += next.length;
  }
  return Buffer.concat(messages);
}

function filled(unit: string, size: number): Buffer {
  const octets = Buffer.from(unit);
  return Buffer.alloc(Math.floor(size / octets.length) * octets.length, octets);
}

/** As many large documents as four megabytes hold. */
function documents(content: (size: number) => string): Buffer {
  return partsOf(Array.from({ length: 15 }, (_, index) => categories(index, content(DOCUMENT - 1024))));
}

function deep(size: number): string {
  const unit = `${'<x>'.repeat(28)}${'x'.repeat(5800)}${'</x>'.repeat(28)}`;
  return filled(unit, size - 512).toString();
}

function wide(size: number): string {
  return `<y>${'y'.repeat(size / MOST_ELEMENTS - 8)}</y>`.repeat(MOST_ELEMENTS - 10);
}

function attributes(size: number): string {
  const names = Array.from({ length: 60 }, (_, index) => `a${index}="value of an attribute"`).join(' ');
  return filled(`<x ${names}/>`, size - 512).toString();
}

function listOf(people: number, size: number): Buffer {
  const each = Math.floor(size / people) - 512;
  return partsOf(Array.from({ length: people }, (_, index) => documentOf(index, each)));
}

function partsOf(bodies: readonly string[]): Buffer {
  const entries = bodies.map((_, index) => {
    const uri = addressOf(index % PEOPLE);
    return `<resource uri="${uri}"><instance id="0" state="active" cid="${index}"/></resource>`;
  });
  const list = `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="${ACCOUNT}" version="1" fullState="false">${entries.join('')}</list>`;
  const part = (id: string, type: string, body: string): string =>
    `--${BOUNDARY}\r\nContent-ID: <${id}>\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  const parts = bodies.map((body, index) => part(String(index), CATEGORIES, body));
  return Buffer.from(`${part('list', 'application/rlmi+xml', list)}${parts.join('')}--${BOUNDARY}--\r\n`);
}

/** A status, and a card that is as long as the document wants to be. */
function documentOf(person: number, size: number): string {
  const time = new Date().toISOString();
  const category = (name: string, content: string): string =>
    `<category name="${name}" instance="1" publishTime="${time}" container="300" version="1" expireType="static">${content}</category>`;
  const availability = 3500 + 3000 * (person % 5);
  const state = `<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state"><availability>${availability}</availability></state>`;
  const phone = '<phone type="work"><uri>tel:+49891234567</uri><displayString>+49 89 1234567</displayString></phone>';
  const card = filled(phone, Math.max(0, size - 600)).toString();
  const cardDocument = `<contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard">${card}</contactCard>`;
  return categories(person, category('state', state) + (card === '' ? '' : category('contactCard', cardDocument)));
}

function categories(person: number, content: string): string {
  return `<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="${addressOf(person % PEOPLE)}">${content}</categories>`;
}
