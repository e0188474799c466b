import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OcsClient } from '../../../src/ocs/agent/client.js';
import { memoryAttempts } from '../../../src/ocs/auth/attempts.js';
import { decodeMessage } from '../../../src/ocs/wire/decode.js';
import { SipFramer } from '../../../src/ocs/wire/frame.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import type { BridgeError } from '../../../src/presence/errors.js';
import { sip } from '../../support/people.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';

const ACCOUNT = sip('bridge@contoso.example');

/** A server without sign-in that answers only what a test lets it answer, and a client with simulated time. */
class Scene {
  readonly clock = new SimulatedClock();
  readonly log = recordingLog();
  readonly requests: SipMessage[] = [];
  readonly responses: SipMessage[] = [];
  readonly dropped: string[] = [];
  end: BridgeError | undefined;
  signedIn = false;
  answering = true;
  readonly client: OcsClient;
  #socket: Socket | undefined;
  #wake: () => void = () => {};

  constructor(port: number) {
    this.client = new OcsClient(
      {
        account: ACCOUNT,
        identity: { user: '', domain: '', password: '', workstation: '' },
        server: { host: '127.0.0.1', port, transport: 'tcp' },
        userAgent: 'test',
        epid: '5f0c9a1b2d',
        batchSize: 100,
        maxInFlight: 8,
        categories: ['state'],
        allowNtlmWithoutTls: true,
      },
      {
        onConnected: () => {},
        onSignedIn: () => {
          this.signedIn = true;
        },
        onObservations: () => {},
        onLost: () => {},
        onEnd: (error) => {
          this.end = error;
          this.#wake();
        },
      },
      {
        clock: this.clock,
        random: seededRandom(),
        log: this.log,
        attempts: memoryAttempts(),
        count: (_what, reason) => this.dropped.push(reason),
      },
    );
  }

  accept(socket: Socket): void {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    const framer = new SipFramer({
      onMessage: (bytes) => this.#onMessage(Buffer.from(bytes)),
      onKeepAlive: () => {},
      onError: () => {},
    });
    socket.on('data', (chunk: Buffer) => framer.push(chunk));
  }

  #onMessage(bytes: Buffer): void {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) throw decoded.error;
    const { message } = decoded;
    (message.kind === 'request' ? this.requests : this.responses).push(message);
    if (message.kind === 'request' && this.answering) this.answer(message);
    this.#wake();
  }

  answer(request: SipMessage, status = '200 OK'): void {
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${request.header(name)}`);
    const to = `To: ${request.header('To')};tag=S`;
    this.send([`SIP/2.0 ${status}`, ...copied, to, 'Expires: 7200']);
  }

  send(lines: readonly string[], body = ''): void {
    this.#socket?.write([...lines, `Content-Length: ${body.length}`, '', body].join('\r\n'));
  }

  /** A request of the server, out of the blue or in the registration's call. */
  ask(method: string, more: readonly string[] = [], body = '', to = `<${ACCOUNT}>`): void {
    const register = this.requests[0];
    this.send(
      [
        `${method} sip:${register?.contacts[0]?.uri.slice(4)};ms-received-cid=2600 SIP/2.0`,
        'Via: SIP/2.0/TCP 10.20.0.1:5061;branch=z9hG4bK8D409A15.50867967',
        'Max-Forwards: 70',
        `From: <${ACCOUNT}>;tag=S`,
        `To: ${to}`,
        `Call-ID: ${register?.callId}`,
        `CSeq: 2 ${method}`,
        ...more,
      ],
      body,
    );
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  hangUp(): void {
    this.#socket?.destroy();
  }
}

let server: Server;
let scene: Scene;

beforeEach(async () => {
  server = createServer((socket) => scene.accept(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scene = new Scene((server.address() as AddressInfo).port);
  scene.client.watch(new Set([sip('ana.reyes@contoso.example')]));
  scene.client.start();
  await scene.until(() => scene.requests.length === 2);
});

afterEach(async () => {
  scene.answering = true;
  await scene.client.stop();
  scene.hangUp();
  server.close();
  await once(server, 'close');
});

describe('OCS client', () => {
  test('signs in and subscribes', () => {
    expect(scene.requests.map(({ method }) => method)).toEqual(['REGISTER', 'SUBSCRIBE']);
    expect(scene.signedIn).toBe(true);
  });

  test('says what a server lacks that will not be able to answer', () => {
    const { fields } = scene.log.entries.find(({ event }) => event === 'ocs.server-lacks') ?? {};
    expect(fields).toEqual({ missing: ['adhoclist', 'msrtc-event-categories'] });
  });

  const answers: readonly (readonly [string, readonly string[], number])[] = [
    ['NOTIFY', ['Event: presence'], 481],
    ['INVITE', ['Contact: <sip:ana.reyes@contoso.example>'], 480],
    ['MESSAGE', ['Content-Type: text/plain'], 480],
    ['OPTIONS', [], 200],
    ['SERVICE', [], 405],
  ];
  for (const [method, headers, status] of answers) {
    test(`answers ${method} out of the blue with ${status}`, async () => {
      scene.ask(method, headers);
      await scene.until(() => scene.responses.length > 0);
      expect(scene.responses[0]?.status).toBe(status);
      expect(scene.responses[0]?.header('Via')).toContain('50867967');
    });
  }

  test('tells the sender of a malformed request, but not of a malformed ACK', async () => {
    scene.ask('ACK', ['Contact: <<>']);
    scene.ask('INVITE', ['Contact: <<>']);
    await scene.until(() => scene.responses.length > 0);
    expect(scene.responses.map(({ status, cseq }) => [status, cseq?.method])).toEqual([[400, 'INVITE']]);
    expect(scene.dropped).toEqual(['malformed', 'malformed']);
  });

  test('never answers a BENOTIFY, not even one it cannot place', async () => {
    scene.ask('BENOTIFY', ['Event: presence']);
    scene.ask('OPTIONS');
    await scene.until(() => scene.responses.length > 0);
    expect(scene.responses.map(({ cseq }) => cseq?.method)).toEqual(['OPTIONS']);
    expect(scene.dropped).toEqual(['unknown-dialog']);
  });

  test('answers a NOTIFY in the dialog of its subscription with 200', async () => {
    const subscribe = scene.requests[1];
    scene.send([
      'NOTIFY sip:10.20.0.7 SIP/2.0',
      'Via: SIP/2.0/TCP 10.20.0.1:5061;branch=z9hG4bK1',
      `From: <${ACCOUNT}>;tag=S`,
      `To: ${subscribe?.header('From')}`,
      `Call-ID: ${subscribe?.callId}`,
      'CSeq: 2 NOTIFY',
      'Event: presence',
      'Subscription-State: active;expires=7000',
    ]);
    await scene.until(() => scene.responses.length > 0);
    expect(scene.responses[0]?.status).toBe(200);
    expect(scene.responses[0]?.to).toMatchObject({ tag: subscribe?.from?.tag, epid: '5f0c9a1b2d' });
  });

  test('obeys a notice that ends the registration, after answering it', async () => {
    const to = scene.requests[0]?.header('From');
    scene.ask('NOTIFY', ['Event: registration-notify'], 'deregistered;event=rejected', to);
    await scene.until(() => scene.end !== undefined);
    expect(scene.end).toMatchObject({ code: 'OCS_DEREGISTERED', details: { event: 'rejected' } });
    await scene.until(() => scene.responses.length > 0);
    expect(scene.responses[0]?.status).toBe(200);
  });

  test('notices within 45 seconds that a server has fallen silent', async () => {
    // All answers are in before time moves on.
    scene.ask('SERVICE');
    await scene.until(() => scene.responses.length === 1);
    scene.answering = false;
    await scene.clock.advance(10_000);
    await scene.until(() => scene.requests.length === 3);
    await scene.clock.advance(16_000);
    await scene.until(() => scene.requests.length === 4);
    expect(scene.requests.slice(2).map(({ method }) => method)).toEqual(['OPTIONS', 'REGISTER']);
    expect(scene.end).toBeUndefined();
    await scene.clock.advance(16_000);
    expect(scene.end?.code).toBe('OCS_TIMEOUT');
  });

  test('stays with a server that answers when asked, if only with an error', async () => {
    scene.ask('SERVICE');
    await scene.until(() => scene.responses.length === 1);
    scene.answering = false;
    for (let turn = 3; turn <= 6; turn++) {
      await scene.clock.advance(11_000);
      await scene.until(() => scene.requests.length === turn);
      const question = scene.requests[turn - 1];
      if (question !== undefined) scene.answer(question, '405 Method Not Allowed');
      // The answer must be in before time moves on.
      scene.ask('SERVICE');
      await scene.until(() => scene.responses.length === turn - 1);
    }
    expect(scene.requests.slice(2).map(({ method }) => method)).toEqual(['OPTIONS', 'OPTIONS', 'OPTIONS', 'OPTIONS']);
    expect(scene.end).toBeUndefined();
  });

  test('asks nothing while messages flow', async () => {
    for (let turn = 1; turn <= 5; turn++) {
      await scene.clock.advance(9_000);
      scene.ask('SERVICE');
      await scene.until(() => scene.responses.length === turn);
    }
    expect(scene.requests).toHaveLength(2);
  });

  test('leaves no timer behind when it is stopped', async () => {
    scene.ask('OPTIONS');
    await scene.until(() => scene.responses.length > 0);
    await scene.client.stop();
    expect(scene.requests.slice(2).map(({ method, expires }) => `${method} ${expires}`)).toEqual([
      'SUBSCRIBE 0',
      'REGISTER 0',
    ]);
    expect(scene.clock.pendingTimers).toBe(0);
  });

  test('does not wait for ever for the answer to its sign-off', async () => {
    scene.answering = false;
    const stopped = scene.client.stop();
    await scene.clock.advance(3_000);
    await stopped;
  });
});
