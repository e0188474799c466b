import type { Folders } from '../pipeline.js';
import { documentPeers } from './document-peers.js';
import { averageLength, EXTENT_WORDS, type Extent, type Fixtures, openFixtures } from './fixtures.js';
import { checked, peerLoader, productModule, sharedModule } from './load.js';
import { ownScan, type PresenceRecord, sameRecord } from './record.js';
import type { Candidate, Suite, Table } from './suite.js';

const BASE = 'bound: indexOf scan of a latin1 view';
const UTF8 = 'bound: indexOf scan of the UTF-8 text';
const PRODUCT = 'Notes Presence Bridge: readPresence';
const LIST_BASE = 'bound: boundary by indexOf, latin1 scan of each part';
const POOL = 512;
const POOL_OF_LISTS = 24;
const PEOPLE = 20;

export const documentRead: Suite = {
  name: 'document-read',
  title: 'Presence documents: octets to records',
  intro: `
One item is one categories document, given as octets, read into a record of address, availability, activity and note.
The base finds the values by \`indexOf\` in a view of one character per octet and checks nothing. The product checks
UTF-8, well-formedness, namespaces and limits, and reads publication times, too. Of the peers only those that are marked
so look at namespaces; none checks UTF-8. The last tables read the answer to a batch SUBSCRIBE with one part for each of
20 people; there one item is one person, and only the product reads the resource list before the parts, too.
`,
  peers: ['saxes', 'sax', 'htmlparser2', 'easysax', 'txml', 'fast-xml-parser', '@xmldom/xmldom'],
  load: async (folders) => {
    const fixtures = await openFixtures(folders);
    const product = await productReader(folders);
    const scans = await boundScans(folders);
    const tables: Table[] = [];
    for (const extent of fixtures.extents) tables.push(await single(folders, fixtures, extent, product, scans));
    if (fixtures.piggyback !== undefined) {
      for (const extent of fixtures.extents) tables.push(await list(folders, fixtures, extent, product, scans));
    }
    return tables;
  },
};

type ReadAll = (contentType: string, body: Buffer) => readonly PresenceRecord[];
type ReadOne = (body: Buffer) => PresenceRecord;

interface Scans {
  readonly latin1: ReadOne;
  readonly utf8: ReadOne;
}

const CATEGORIES = 'application/msrtc-event-categories+xml';

async function single(
  folders: Folders,
  { benotify }: Fixtures,
  extent: Extent,
  product: ReadAll,
  scans: Scans,
): Promise<Table> {
  const documents = Array.from({ length: POOL }, (_, index) => bodyOf(benotify(index, extent)));
  const peers = folders.peers === undefined ? [] : await documentPeers(peerLoader(folders.peers));
  const readers: readonly (readonly [string, Candidate['role'], ReadOne])[] = [
    [BASE, 'bound', scans.latin1],
    [UTF8, 'bound', scans.utf8],
    [PRODUCT, 'product', (body) => product(CATEGORIES, body)[0] ?? NOBODY],
    ...peers.map(([name, read]) => [name, 'peer', read] as const),
  ];
  const all = readers.map(
    ([name, role, read]): Candidate => ({
      name,
      role,
      run: (turn) => (read(documents[turn % POOL] as Buffer).uri === '' ? 0 : 1),
    }),
  );
  const { candidates, left } = checked(all, ({ name }) => {
    const read = readers.find(([own]) => own === name)?.[2];
    for (const body of documents.slice(0, 64)) sameRecord(read?.(body), scans.utf8(body));
  });
  return {
    title: `One document, ${EXTENT_WORDS[extent]}, ${averageLength(documents)} octets`,
    unit: 'document',
    base: BASE,
    candidates,
    left,
    goals: [
      { candidate: PRODUCT, times: 5, kind: 'floor' },
      { candidate: PRODUCT, times: 3, kind: 'aim' },
      { candidate: PRODUCT, kind: 'floor' },
    ],
  };
}

async function list(
  folders: Folders,
  { piggyback }: Fixtures,
  extent: Extent,
  product: ReadAll,
  scans: Scans,
): Promise<Table> {
  if (piggyback === undefined) throw new Error('there are no messages about several people');
  const messages = Array.from({ length: POOL_OF_LISTS }, (_, index) => piggyback(index, PEOPLE, extent));
  const bodies = messages.map((message) => ({ type: contentTypeOf(message), body: bodyOf(message) }));
  const byScan =
    (read: ReadOne): ReadAll =>
    (type, body) =>
      partsOf(type, body).map(read);
  const peers = folders.peers === undefined ? [] : await documentPeers(peerLoader(folders.peers));
  const readers: readonly (readonly [string, Candidate['role'], ReadAll])[] = [
    [LIST_BASE, 'bound', byScan(scans.latin1)],
    [PRODUCT, 'product', product],
    ...peers.map(([name, read]) => [`boundary by indexOf + ${name}`, 'peer', byScan(read)] as const),
  ];
  const all = readers.map(
    ([name, role, read]): Candidate => ({
      name,
      role,
      run: (turn) => {
        const { type, body } = bodies[turn % POOL_OF_LISTS] as (typeof bodies)[number];
        return read(type, body).length;
      },
    }),
  );
  const { candidates, left } = checked(all, ({ name }) => {
    const read = readers.find(([own]) => own === name)?.[2];
    for (const { type, body } of bodies) {
      const expected = byScan(scans.utf8)(type, body);
      const records = read?.(type, body) ?? [];
      if (records.length !== PEOPLE) throw new Error(`${records.length} people`);
      for (const [index, record] of records.entries()) sameRecord(record, expected[index]);
    }
  });
  return {
    title: `${PEOPLE} people in one body, ${EXTENT_WORDS[extent]}, ${averageLength(messages)} octets`,
    unit: 'person',
    base: LIST_BASE,
    candidates,
    left,
    goals: [
      { candidate: PRODUCT, times: 5, kind: 'floor' },
      { candidate: PRODUCT, times: 3, kind: 'aim' },
      { candidate: PRODUCT, kind: 'floor' },
    ],
  };
}

const NOBODY: PresenceRecord = { uri: '', availability: 0, activity: '', note: '' };

async function productReader(folders: Folders): Promise<ReadAll> {
  const { readPresence } = await productModule<typeof import('../../src/ocs/documents/read-presence.js')>(
    folders,
    'ocs/documents/read-presence.js',
  );
  return (contentType, body) => {
    const { observations, refused } = readPresence(contentType, body);
    if (refused[0] !== undefined) throw refused[0];
    return observations.map(({ uri, state, note }) => ({
      uri,
      availability: state?.availability ?? 0,
      activity: state?.activity ?? '',
      note: note?.text ?? '',
    }));
  };
}

interface SharedScans {
  scanPresenceL1(body: Buffer): PresenceRecord;
  scanPresence(body: Buffer): PresenceRecord;
}

async function boundScans(folders: Folders): Promise<Scans> {
  const shared = await sharedModule<SharedScans>(folders, 'fast.js');
  if (shared === undefined) return { latin1: ownScan('latin1'), utf8: ownScan('utf8') };
  return { latin1: (body) => shared.scanPresenceL1(body), utf8: (body) => shared.scanPresence(body) };
}

function bodyOf(message: Buffer): Buffer {
  return message.subarray(message.indexOf('\r\n\r\n', 0, 'latin1') + 4);
}

function contentTypeOf(message: Buffer): string {
  return /\r\nContent-Type: ([^\r]*)/.exec(message.toString('latin1', 0, 4096))?.[1] ?? '';
}

/** Documents about people in a body; the list before them is left out. */
function partsOf(contentType: string, body: Buffer): Buffer[] {
  const boundary = Buffer.from(`\r\n--${/boundary="?([^";]+)/.exec(contentType)?.[1] ?? ''}`, 'latin1');
  const parts: Buffer[] = [];
  let from = body.indexOf('\r\n\r\n', 0, 'latin1') + 4;
  for (let end = body.indexOf(boundary, from); end >= 0; end = body.indexOf(boundary, from)) {
    // "<categories" begins with "<c", a list with "<?".
    if (body[from + 1] === 0x63) parts.push(body.subarray(from, end));
    const head = body.indexOf('\r\n\r\n', end + boundary.length, 'latin1');
    if (head < 0) break;
    from = head + 4;
  }
  return parts;
}
