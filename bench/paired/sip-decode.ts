import type { Folders } from '../pipeline.js';
import { averageLength, EXTENT_WORDS, type Fixtures, openFixtures } from './fixtures.js';
import { checked, type PeerLoader, peerLoader, productModule, sharedModule } from './load.js';
import type { Candidate, Suite, Table } from './suite.js';

const BASE = 'bound: all headers split by indexOf';
const PRODUCT = 'Notes Presence Bridge: decodeMessage';
const EVERYTHING = 'Notes Presence Bridge: decodeMessage, then every header as text';
const POOL = 512;
const POOL_OF_LISTS = 32;
const PEOPLE = 20;

interface Decoded {
  readonly callId: string;
  readonly headers: number;
}

/** Takes a message apart; `undefined` for what a parser does not tell. */
type Read = (message: Buffer) => Partial<Decoded>;

export const sipDecode: Suite = {
  name: 'sip-decode',
  title: 'SIP decode: octets of a message to its headers',
  intro: `
One item is one message of 24 header lines, given as octets. The base splits all header lines by \`indexOf\` and checks
nothing. The product checks start line, form and limits of every line, counts what must not be there twice, and keeps
all headers to be read when asked; one row shows what it costs to ask for all of them. Peers parse as their
documentation shows.
`,
  peers: ['drachtio-srf', 'sip', 'sip.js', 'jssip', 'parsip'],
  load: async (folders) => {
    const fixtures = await openFixtures(folders);
    const readers = await readersOf(folders);
    const tables: Table[] = [];
    for (const { title, messages } of inputs(fixtures)) {
      const candidates = readers.map(([name, role, read]): Candidate => ({ name, role, run: runner(messages, read) }));
      const [first] = messages;
      const expected = first === undefined ? undefined : readers[0]?.[2](first);
      const { candidates: right, left } = checked(candidates, (candidate) => {
        const read = readers.find(([name]) => name === candidate.name)?.[2];
        for (const message of messages.slice(0, 8)) assertRead(read?.(message), expected);
      });
      tables.push({
        title: `${title}, ${averageLength(messages)} octets`,
        unit: 'message',
        base: BASE,
        candidates: right,
        left,
        goals: [
          { candidate: PRODUCT, times: 1.5, kind: 'floor' },
          { candidate: PRODUCT, times: 0.7, kind: 'aim' },
        ],
      });
    }
    return tables;
  },
};

function inputs({ benotify, piggyback, extents }: Fixtures): { title: string; messages: Buffer[] }[] {
  const single = extents.map((extent) => ({
    title: `BENOTIFY, ${EXTENT_WORDS[extent]}`,
    messages: Array.from({ length: POOL }, (_, index) => benotify(index, extent)),
  }));
  if (piggyback === undefined) return single;
  const messages = Array.from({ length: POOL_OF_LISTS }, (_, index) => piggyback(index, PEOPLE, 'full'));
  return [...single, { title: `200 OK about ${PEOPLE} people`, messages }];
}

function runner(messages: readonly Buffer[], read: Read): (turn: number) => number {
  return (turn) => {
    const message = messages[turn % messages.length];
    if (message === undefined || !read(message).callId) throw new Error('no Call-ID');
    return 1;
  };
}

/** All messages of the fixtures have one Call-ID, and as many lines. */
function assertRead(read: Partial<Decoded> | undefined, expected: Partial<Decoded> | undefined): void {
  if (read?.callId !== expected?.callId) throw new Error(`reads Call-ID ${read?.callId}`);
  if (read?.headers !== undefined && expected?.headers !== undefined && read.headers !== expected.headers)
    throw new Error(`reads ${read.headers} headers`);
}

type NamedReader = readonly [name: string, role: Candidate['role'], read: Read];

async function readersOf(folders: Folders): Promise<NamedReader[]> {
  const { decodeMessage } = await productModule<typeof import('../../src/ocs/wire/decode.js')>(
    folders,
    'ocs/wire/decode.js',
  );
  const decode = (message: Buffer) => {
    const decoded = decodeMessage(message);
    if (!decoded.ok) throw decoded.error;
    return decoded.message;
  };
  const own: NamedReader[] = [
    [BASE, 'bound', await splitter(folders)],
    [PRODUCT, 'product', (message) => ({ callId: decode(message).callId })],
    [
      EVERYTHING,
      'product',
      (message) => {
        const decoded = decode(message);
        return { callId: decoded.callId, headers: decoded.headers().length };
      },
    ],
  ];
  return folders.peers === undefined ? own : [...own, ...(await peerReaders(peerLoader(folders.peers)))];
}

interface SharedBound {
  splitHeaders(message: Buffer): { headers: Record<string, string | string[]> };
}

async function splitter(folders: Folders): Promise<Read> {
  const shared = await sharedModule<SharedBound>(folders, 'fast.js');
  if (shared === undefined) return splitHeaders;
  return (message) => {
    const { headers } = shared.splitHeaders(message);
    return { callId: String(headers['call-id'] ?? '') };
  };
}

/** Where the shared bound is absent. */
function splitHeaders(message: Buffer): Decoded {
  const head = message.toString('latin1', 0, message.indexOf('\r\n\r\n', 0, 'latin1'));
  const fields = new Map<string, string>();
  let headers = 0;
  for (let at = head.indexOf('\r\n') + 2; at > 1; headers++) {
    const end = head.indexOf('\r\n', at);
    const colon = head.indexOf(':', at);
    fields.set(head.slice(at, colon).toLowerCase(), head.slice(colon + 2, end < 0 ? head.length : end));
    at = end < 0 ? 0 : end + 2;
  }
  return { callId: fields.get('call-id') ?? '', headers };
}

const SILENT = { debug() {}, log() {}, warn() {}, error() {} };

interface Headers {
  readonly headers: Readonly<Record<string, unknown>>;
}

async function peerReaders(peers: PeerLoader): Promise<NamedReader[]> {
  const drachtio = peers.require<{ parseSipMessage(text: string, lazy: boolean): Headers }>(
    'drachtio-srf/lib/sip-parser/parser.js',
  );
  const sip = peers.require<{ parse(message: Buffer): Headers }>('sip');
  const jssip = peers.require<{ parseMessage(text: string, agent: object): { call_id: string } }>(
    'jssip/lib/Parser.js',
  );
  const parsip = peers.require<{ getSIP(text: string): { call_id: string } }>('parsip');
  const { Parser } = await peers.import<{
    Parser: { parseMessage(text: string, logger: object): { callId: string } | undefined };
  }>('sip.js/lib/core/messages/parser.js');
  const callId = ({ headers }: Headers) => ({ callId: String(headers['call-id'] ?? '') });
  const text = (message: Buffer) => message.toString('utf8');
  return [
    ['drachtio-srf parser, lazy', 'peer', (message) => callId(drachtio.parseSipMessage(text(message), true))],
    ['drachtio-srf parser, eager', 'peer', (message) => callId(drachtio.parseSipMessage(text(message), false))],
    ['sip (npm) parse', 'peer', (message) => callId(sip.parse(message))],
    ['jssip Parser.parseMessage', 'peer', (message) => ({ callId: jssip.parseMessage(text(message), {}).call_id })],
    ['parsip getSIP', 'peer', (message) => ({ callId: parsip.getSIP(text(message)).call_id })],
    [
      'sip.js Parser.parseMessage',
      'peer',
      (message) => ({ callId: Parser.parseMessage(text(message), SILENT)?.callId ?? '' }),
    ],
  ];
}
