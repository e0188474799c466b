import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { decode } from '../../src/ocs/simulator/codec/decode.js';
import { encode } from '../../src/ocs/simulator/codec/encode.js';
import { Framer } from '../../src/ocs/simulator/codec/framer.js';
import { cseqOf, type SipMessage, type SipRequest, type SipResponse } from '../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS } from '../../src/ocs/simulator/options.js';
import type { SimulatorAddress } from '../../src/ocs/simulator/simulator.js';

export interface RawRequest {
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  readonly uri?: string;
}

/** A client of a server without sign-in that sees every octet and how they came. */
export class RawClient {
  /** As they came off the socket. */
  readonly chunks: Buffer[] = [];
  readonly received: SipMessage[] = [];
  /** How the connection ended: `close`, or the system's error. */
  ended: string | undefined;
  readonly #socket: Socket;
  readonly #user: string;
  readonly #framer = new Framer(DEFAULT_LIMITS);
  readonly #waiting = new Set<() => void>();
  #cseq = 0;

  private constructor(socket: Socket, user: string) {
    this.#socket = socket;
    this.#user = user;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      for (const frame of this.#framer.push(chunk)) {
        const message = decode(frame, DEFAULT_LIMITS);
        if (message.ok) this.received.push(message.value);
      }
      this.#wake();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ended = error.code ?? error.message;
      this.#wake();
    });
    socket.on('close', () => {
      this.ended ??= 'close';
      this.#wake();
    });
  }

  static async tcp({ tcpPort = 0 }: SimulatorAddress, user = 'sip:ana@contoso.example'): Promise<RawClient> {
    const socket = connect(tcpPort, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket, user);
  }

  static async tls(
    { tlsPort = 0, caCertificate }: SimulatorAddress,
    user = 'sip:ana@contoso.example',
  ): Promise<RawClient> {
    const socket = connectTls({ port: tlsPort, host: '127.0.0.1', ca: caCertificate, servername: 'localhost' });
    await once(socket, 'secureConnect');
    return new RawClient(socket, user);
  }

  get octets(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  send(method: string, { headers = [], body = '', uri = this.#user }: RawRequest = {}): void {
    this.#cseq += 1;
    const request: SipRequest = {
      kind: 'request',
      method,
      uri,
      headers: [
        { name: 'Via', value: `SIP/2.0/TCP 127.0.0.1:5555;branch=z9hG4bK${this.#cseq}` },
        { name: 'From', value: `<${this.#user}>;tag=7d1f;epid=5f0c9a1b2d` },
        { name: 'To', value: `<${this.#user}>` },
        { name: 'Call-ID', value: `call-${method}` },
        { name: 'CSeq', value: `${this.#cseq} ${method}` },
        ...headers.map(([name, value]) => ({ name, value })),
      ],
      body: Buffer.from(body),
    };
    this.#socket.write(encode(request));
  }

  register(): void {
    this.send('REGISTER', { headers: [['Contact', '<sip:127.0.0.1:5555;transport=tcp;ms-opaque=a1>;proxy=replace']] });
  }

  watch(...people: readonly string[]): void {
    const resources = people.map((person) => `<resource uri="${person}"/>`).join('');
    this.send('SUBSCRIBE', {
      headers: [
        ['Event', 'presence'],
        ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
        ['Require', 'adhoclist, categoryList'],
        ['Content-Type', 'application/msrtc-adrl-categorylist+xml'],
      ],
      body: `<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="${this.#user}" name=""><action name="subscribe" id="1"><adhocList>${resources}</adhocList><categoryList><category name="state"/></categoryList></action></batchSub>`,
    });
  }

  publish(version = 0): void {
    const state = `<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="userState"><availability>6500</availability></state>`;
    this.send('SERVICE', {
      headers: [['Content-Type', 'application/msrtc-category-publish+xml']],
      body: `<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence"><publications uri="${this.#user}"><publication categoryName="state" instance="9" container="2" version="${version}" expireType="static">${state}</publication></publications></publish>`,
    });
  }

  responses(method: string): readonly SipResponse[] {
    return this.received.filter(
      (message): message is SipResponse => message.kind === 'response' && cseqOf(message)?.method === method,
    );
  }

  requests(method: string): readonly SipRequest[] {
    return this.received.filter(
      (message): message is SipRequest => message.kind === 'request' && message.method === method,
    );
  }

  /** The first response to this method, once it is there. */
  async response(method: string): Promise<SipResponse> {
    await this.until(() => this.responses(method).length > 0);
    return this.responses(method)[0] as SipResponse;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Lets the event loop turn so often that all that was written has arrived. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
