import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SipMessage } from '../../src/ocs/wire/message.js';
import { contactUri, openMessages } from '../messages.js';
import type { Folders } from '../pipeline.js';
import { createProduct } from '../product.js';
import { openFixtures } from './fixtures.js';
import { type Signing, signing } from './signing.js';
import type { Suite, Table } from './suite.js';

const POOL = 512;
const PEOPLE = 1000;

const PLAIN_WAY = 'plain way: node:crypto for MD5, RC4 in JavaScript, a key for each message';
const VERIFY = 'Notes Presence Bridge: verify (read the fields, compose, sign, compare)';
const UNSIGNED = 'ingest without signature';
const SIGNED = 'ingest with the signature verified';

export const signVerify: Suite = {
  name: 'sign-verify',
  title: 'Signatures: one for each message, both ways',
  intro: `
First table: the base only makes one NTLM signature (MS-NLMP 3.4.4 in datagram mode) of 210 octets that are there
already. The product's \`verify\` starts from a decoded message: it takes the covered fields from the headers, composes
the octets that the signature covers (MS-SIPAE 3.2.5.2), makes the signature and compares. \`admit\` also finds and reads
the header that carries the signature. Second table: the whole way of the benchmark "ingest", without and with
verification of every message.
`,
  peers: [],
  load: async (folders) => [await signatures(folders), await ingest(folders)],
};

async function signatures(folders: Folders): Promise<Table> {
  const kit = await signing(folders);
  const { benotify } = await openFixtures(folders);
  const signed = Array.from({ length: POOL }, (_, index) => kit.decode(kit.sign(benotify(index, 'state'), index + 1)));
  const params = signed.map((message) => kit.paramsOf(message));
  const buffers = signed.map((message) => kit.bufferOf(message));
  const plain = plainSigner(kit);
  let association = kit.association();
  /** A number is accepted once, so each round through the messages needs an association that has not seen them. */
  const fresh = (turn: number): number => {
    const index = turn % POOL;
    if (index === 0) association = kit.association();
    return index;
  };
  return {
    title: 'One signature',
    unit: 'message',
    base: PLAIN_WAY,
    left: [],
    goals: [
      { candidate: VERIFY, times: 1, kind: 'floor' },
      { candidate: VERIFY, times: 0.7, kind: 'aim' },
    ],
    candidates: [
      {
        name: PLAIN_WAY,
        role: 'bound',
        run: (turn) => {
          const index = turn % POOL;
          const signature = plain(buffers[index] as Buffer);
          if (turn < 1 && signature.toUpperCase() !== params[index]?.get('rspauth'))
            throw new Error('another signature');
          return signature.length / 32;
        },
      },
      {
        name: 'Notes Presence Bridge: sign 210 octets',
        role: 'product',
        run: (turn) => (kit.serverSigner.sign(buffers[turn % POOL] as Buffer).length === 32 ? 1 : 0),
      },
      {
        name: VERIFY,
        role: 'product',
        run: (turn) => {
          const index = fresh(turn);
          const verdict = association.verify(kit.unread(signed[index] as SipMessage), params[index] ?? new Map());
          if (verdict !== 'valid') throw new Error(`a signature is ${verdict}`);
          return 1;
        },
      },
      {
        name: 'Notes Presence Bridge: admit (verify, and read its header)',
        role: 'product',
        run: (turn) => {
          const index = fresh(turn);
          const admission = kit.admit(kit.unread(signed[index] as SipMessage), [association], undefined);
          if (admission !== 'pass') throw new Error(`a message is ${admission}`);
          return 1;
        },
      },
    ],
  };
}

/** As it is written down in MS-NLMP: one object of the crypto module for each step. */
function plainSigner({ signKey, sealKey, rc4 }: Signing): (buffer: Buffer) => string {
  const sequence = Buffer.from([100, 0, 0, 0]);
  return (buffer) => {
    const checksum = createHmac('md5', signKey).update(sequence).update(buffer).digest().subarray(0, 8);
    const key = createHash('md5').update(sealKey).update(sequence).digest();
    return `01000000${rc4(key, checksum).toString('hex')}64000000`;
  };
}

async function ingest(folders: Folders): Promise<Table> {
  const kit = await signing(folders);
  const messages = await openMessages(folders.peers);
  const signedMessages = await openMessages(folders.peers, (message, index) => kit.sign(message, index + 1));
  const plain = await createProduct(folders, PEOPLE);
  const secured = await createProduct(folders, PEOPLE);
  let random = randomBytes(4).readUInt32LE();
  const next = (): number => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    return random % PEOPLE;
  };
  let association = kit.association();
  for (const pipeline of [plain, secured]) {
    for (let person = 0; person < PEOPLE; person++) pipeline.take(messages.about(person, person));
    if (pipeline.stored(contactUri(0)) === undefined) throw new Error('nothing is stored');
  }
  return {
    title: 'Ingest, signed and unsigned',
    unit: 'message',
    base: UNSIGNED,
    left: [],
    goals: [
      { candidate: SIGNED, times: 2.2, kind: 'floor' },
      { candidate: SIGNED, times: 1.8, kind: 'aim' },
    ],
    candidates: [
      {
        name: UNSIGNED,
        role: 'product',
        run: (turn) => {
          plain.take(messages.about(next(), turn));
          return 1;
        },
      },
      {
        name: SIGNED,
        role: 'product',
        run: (turn) => {
          if (turn % POOL === 0) association = kit.association();
          secured.take(signedMessages.about(next(), turn), (message) => {
            const admission = kit.admit(message, [association], undefined);
            if (admission !== 'pass') throw new Error(`a message is ${admission}`);
          });
          return 1;
        },
      },
    ],
  };
}
