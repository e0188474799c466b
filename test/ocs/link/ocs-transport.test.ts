import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SecurityAssociation } from '../../../src/ocs/auth/association.js';
import { ntlmSession } from '../../../src/ocs/auth/ntlm/session.js';
import { signatureBuffer } from '../../../src/ocs/auth/signature-buffer.js';
import { signedFieldsOf } from '../../../src/ocs/auth/signed-fields.js';
import { OcsTransport, type SignIn } from '../../../src/ocs/link/ocs-transport.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { parseAuthHeader } from '../../../src/ocs/wire/headers/auth-params.js';
import type { BridgeError } from '../../../src/presence/errors.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';
import { sipMessage } from '../../support/sip-message.js';

const KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const FLAGS = 0x62988255;
const REALM = 'SIP Communications Service';
const TARGET = 'ocs01.contoso.example';

function association(opaque: string, key = KEY, release = (): void => {}): SecurityAssociation {
  const terms = {
    scheme: 'NTLM',
    version: 4,
    realm: REALM,
    targetName: TARGET,
    opaque,
    header: 'Authorization',
  } as const;
  return new SecurityAssociation(terms, { ...ntlmSession(key, FLAGS, 'client'), release }, seededRandom());
}

/** A message of the server, signed as number `snum` unless that is 0. */
function fromServer(lines: readonly string[], snum: number, opaque = '4A1F0C22', key = KEY): string {
  const plain = sipMessage(lines);
  const context = { scheme: 'NTLM', rand: '5E00AA17', num: String(snum), realm: REALM, targetName: TARGET };
  const signature = ntlmSession(key, FLAGS, 'server').sign(signatureBuffer(4, context, signedFieldsOf(plain)));
  const info = `Authentication-Info: NTLM rspauth="${signature}", srand="5E00AA17", snum="${snum}", opaque="${opaque}", qop="auth", targetname="${TARGET}", realm="${REALM}"`;
  return [...lines, ...(snum === 0 ? [] : [info]), 'Content-Length: 0', '', ''].join('\r\n');
}

const IDENTITY = (cseq: string) => [
  'From: <sip:bridge@contoso.example>;tag=1',
  'To: <sip:bridge@contoso.example>;tag=2',
  'Call-ID: c1',
  `CSeq: ${cseq}`,
  'Via: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1',
];
const BENOTIFY = ['BENOTIFY sip:10.20.0.7 SIP/2.0', ...IDENTITY('2 BENOTIFY')];
const response = (status: string, method: string) => [`SIP/2.0 ${status}`, ...IDENTITY(`1 ${method}`)];
const REQUEST = (method: string) =>
  [
    `${method} sip:contoso.example SIP/2.0`,
    ...IDENTITY(`1 ${method}`),
    'Authorization: old',
    'Content-Length: 2',
    '',
    'hi',
  ].join('\r\n');

class Wire {
  readonly clock = new SimulatedClock();
  readonly log = recordingLog();
  readonly received: string[] = [];
  readonly dropped: string[] = [];
  closed: { readonly error: BridgeError | undefined } | undefined;
  readonly transport: OcsTransport;
  /** What the server got. */
  seen = '';
  #socket: Socket | undefined;
  #wake: () => void = () => {};

  constructor(port: number) {
    const record = (message: { readonly kind: string; readonly method: string; readonly status: number }): void => {
      if (message.method === 'INFO') throw new Error('handler failed');
      this.received.push(message.kind === 'request' ? message.method : String(message.status));
      this.#wake();
    };
    this.transport = new OcsTransport(
      { host: '127.0.0.1', port, transport: 'tcp' },
      {
        onRequest: record,
        onResponse: record,
        onClose: (error) => {
          this.closed = { error };
          this.#wake();
        },
      },
      {
        clock: this.clock,
        log: this.log,
        count: (_what, reason) => {
          this.dropped.push(reason);
          this.#wake();
        },
      },
    );
  }

  accept(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.seen += chunk.toString();
      this.#wake();
    });
    this.#wake();
  }

  async open(): Promise<void> {
    await this.transport.connect();
    await this.until(() => this.#socket !== undefined);
  }

  serve(...texts: readonly string[]): void {
    this.#socket?.write(texts.join(''));
  }

  hangUp(): void {
    this.#socket?.destroy();
  }

  /** The last message that the server got, complete. */
  get lastSeen() {
    const decoded = decodeMessage(Buffer.from(this.seen));
    if (!decoded.ok) throw decoded.error;
    return decoded.message;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

let server: Server;
let wire: Wire;

beforeEach(async () => {
  server = createServer((socket) => wire.accept(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire = new Wire((server.address() as AddressInfo).port);
  await wire.open();
});

afterEach(async () => {
  wire.transport.close();
  wire.hangUp();
  server.close();
  await once(server, 'close');
});

function signIn(opaque = '4A1F0C22', key = KEY): void {
  const handshake: SignIn = { association: association(opaque, key), headerFor: () => undefined };
  wire.transport.begin(handshake);
  wire.transport.establish();
}

describe('OCS transport', () => {
  describe('before a sign-in', () => {
    test('sends as it is, but no foreign credentials', async () => {
      await wire.transport.send(REQUEST('REGISTER'));
      await wire.until(() => wire.seen.endsWith('hi'));
      expect(wire.lastSeen.count('Authorization')).toBe(0);
    });

    test('lets only answers to REGISTER in', async () => {
      wire.serve(fromServer(BENOTIFY, 0), fromServer(response('200 OK', 'SUBSCRIBE'), 0));
      wire.serve(fromServer(response('401 Unauthorized', 'REGISTER'), 0));
      await wire.until(() => wire.received.length > 0);
      expect(wire.received).toEqual(['401']);
      expect(wire.dropped).toEqual(['unsigned', 'unsigned']);
    });

    test('puts what the handshake says into REGISTER requests only', async () => {
      const header = { name: 'Authorization', value: 'NTLM qop="auth", gssapi-data=""' } as const;
      wire.transport.begin({ association: undefined, headerFor: () => header });
      await wire.transport.send(REQUEST('REGISTER'));
      await wire.until(() => wire.seen.endsWith('hi'));
      expect(wire.lastSeen.headerValues('Authorization')).toEqual([header.value]);
      wire.seen = '';
      await wire.transport.send(REQUEST('OPTIONS'));
      await wire.until(() => wire.seen.endsWith('hi'));
      expect(wire.lastSeen.count('Authorization')).toBe(0);
    });
  });

  test('signs every message once, each with its own number, and puts the body behind', async () => {
    signIn();
    for (const cnum of ['1', '2']) {
      wire.seen = '';
      await wire.transport.send(REQUEST('ACK'));
      await wire.until(() => wire.seen.endsWith('hi'));
      const message = wire.lastSeen;
      expect(message.count('Authorization')).toBe(1);
      const { params = new Map<string, string>() } = parseAuthHeader(message.header('Authorization') ?? '') ?? {};
      expect(params.get('cnum')).toBe(cnum);
      const context = { scheme: 'NTLM', rand: params.get('crand') ?? '', num: cnum, realm: REALM, targetName: TARGET };
      const buffer = signatureBuffer(4, context, signedFieldsOf(message));
      expect(ntlmSession(KEY, FLAGS, 'server').verify(buffer, params.get('response') ?? '')).toBe(true);
    }
  });

  describe('after a sign-in', () => {
    beforeEach(() => signIn());

    test('lets signed messages in, once each, and drops unsigned and foreign ones', async () => {
      const once = fromServer(BENOTIFY, 1);
      wire.serve(once, once, fromServer(BENOTIFY, 0), fromServer(BENOTIFY, 3, 'FFFFFFFF'));
      wire.serve(fromServer(response('200 OK', 'SUBSCRIBE'), 0), fromServer(response('200 OK', 'SUBSCRIBE'), 2));
      await wire.until(() => wire.received.length === 2);
      expect(wire.received).toEqual(['BENOTIFY', '200']);
      expect(wire.dropped).toEqual(['replayed', 'unsigned', 'unknown', 'unsigned']);
    });

    test('lets an unsigned 100, a challenge and an answer to REGISTER in', async () => {
      wire.serve(fromServer(response('100 Trying', 'INVITE'), 0), fromServer(response('401 x', 'SUBSCRIBE'), 0));
      wire.serve(fromServer(response('200 OK', 'REGISTER'), 0));
      await wire.until(() => wire.received.length === 3);
      expect(wire.dropped).toEqual([]);
    });

    test('ends the connection at a wrong signature, and hears nothing after it', async () => {
      const forged = fromServer(BENOTIFY, 1).replace('CSeq: 2', 'CSeq: 3');
      wire.serve(forged, fromServer(BENOTIFY, 2));
      await wire.until(() => wire.closed !== undefined);
      expect(wire.closed?.error?.code).toBe('OCS_SIGNATURE');
      expect(wire.received).toEqual([]);
    });

    test('checks the answer to a REGISTER too when it is signed', async () => {
      wire.serve(fromServer(response('200 OK', 'REGISTER'), 1).replace('tag=2', 'tag=3'));
      await wire.until(() => wire.closed !== undefined);
      expect(wire.closed?.error?.code).toBe('OCS_SIGNATURE');
    });

    test('goes on accepting what the previous association signed after a renewal', async () => {
      const next = Buffer.from('ffeeddccbbaa99887766554433221100', 'hex');
      signIn('NEW00001', next);
      wire.serve(fromServer(BENOTIFY, 5), fromServer(BENOTIFY, 1, 'NEW00001', next));
      await wire.until(() => wire.received.length === 2);
      await wire.transport.send(REQUEST('SUBSCRIBE'));
      await wire.until(() => wire.seen.endsWith('hi'));
      expect(wire.lastSeen.header('Authorization')).toContain('opaque="NEW00001"');
    });

    test('never believes an unsigned server again, even if it accepts us without a challenge', async () => {
      wire.transport.begin({ association: undefined, headerFor: () => undefined });
      wire.transport.establish();
      wire.serve(fromServer(BENOTIFY, 0), fromServer(BENOTIFY, 1));
      await wire.until(() => wire.received.length === 1);
      expect(wire.dropped).toEqual(['unsigned']);
    });
  });

  test('keeps the two newest associations, and gives back the others at once and all at the end', async () => {
    const released: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const one = association(name, KEY, () => released.push(name));
      wire.transport.begin({ association: one, headerFor: () => undefined });
      wire.transport.establish();
    }
    expect(released).toEqual(['first']);
    wire.hangUp();
    await wire.until(() => wire.closed !== undefined);
    expect(released.toSorted()).toEqual(['first', 'second', 'third']);
  });

  test('leaves a proof of Digest as it is, which is made elsewhere', async () => {
    const digest = REQUEST('REGISTER').replace('Authorization: old', 'Authorization: Digest username="bridge"');
    await wire.transport.send(digest);
    await wire.until(() => wire.seen.endsWith('hi'));
    expect(wire.lastSeen.header('Authorization')).toBe('Digest username="bridge"');
  });

  test('believes a server that never asked for a sign-in', async () => {
    wire.transport.begin({ association: undefined, headerFor: () => undefined });
    wire.transport.establish();
    wire.serve(fromServer(BENOTIFY, 0));
    await wire.until(() => wire.received.length === 1);
  });

  test('survives malformed messages and failing handlers, and counts them', async () => {
    signIn();
    wire.serve('GARBAGE\r\nContent-Length: 0\r\n\r\n', fromServer(['INFO sip:x SIP/2.0', ...IDENTITY('1 INFO')], 1));
    wire.serve(fromServer(BENOTIFY, 2));
    await wire.until(() => wire.received.length === 1);
    expect(wire.dropped).toEqual(['malformed', 'failed']);
    expect(wire.log.entries.some((entry) => entry.event === 'ocs.message-failed')).toBe(true);
  });

  test('closes the connection when the stream cannot be cut into messages', async () => {
    wire.serve('SIP/2.0 200 OK\r\nContent-Length: many\r\n\r\n');
    await wire.until(() => wire.closed !== undefined);
    expect(wire.closed?.error?.code).toBe('OCS_PROTOCOL');
  });

  test('keeps a silent connection alive, in the rhythm that the server asked for', async () => {
    await wire.clock.advance(47_000);
    expect(wire.seen).toBe('');
    await wire.clock.advance(1_000);
    await wire.until(() => wire.seen === '\r\n\r\n');
    wire.transport.keepAliveSeconds = 300;
    await wire.clock.advance(239_000);
    expect(wire.seen).toBe('\r\n\r\n');
    await wire.clock.advance(1_000);
    await wire.until(() => wire.seen.length === 8);
  });

  test('reports the loss of the connection once, and refuses to send afterwards', async () => {
    wire.hangUp();
    await wire.until(() => wire.closed !== undefined);
    expect(wire.closed?.error?.code).toBe('OCS_CONNECTION_LOST');
    await expect(wire.transport.send(REQUEST('OPTIONS'))).rejects.toMatchObject({ code: 'OCS_CONNECTION_LOST' });
  });

  test('closes without an error when asked to', async () => {
    wire.transport.close();
    await wire.until(() => wire.closed !== undefined);
    expect(wire.closed).toEqual({ error: undefined });
    expect(wire.clock.pendingTimers).toBe(0);
  });
});
