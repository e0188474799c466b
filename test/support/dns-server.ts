import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { type Answer, decode, encode, type Packet, TRUNCATED_RESPONSE } from 'dns-packet';

export interface TestSrv {
  readonly target: string;
  readonly port: number;
  readonly priority?: number;
  readonly weight?: number;
}

/** What the server does with a question. Whatever is not told is answered with NXDOMAIN. */
export type DnsBehaviour =
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | { readonly kind: 'code'; readonly code: number }
  /** Truncated over UDP; over TCP whole if there are answers, otherwise the connection is closed. */
  | { readonly kind: 'cut'; readonly answers?: readonly Answer[] }
  | { readonly kind: 'silent' | 'garbage' };

const NXDOMAIN = 3;
export const SERVFAIL = 2;
export const REFUSED = 5;

/** A DNS server on loopback (UDP and TCP, a free port) that says what a test told it, octet by octet if need be. */
export class DnsServer {
  /** Questions in order: `SRV _sip._tls.contoso.example`. */
  readonly asked: string[] = [];
  readonly #zone = new Map<string, DnsBehaviour>();
  #socket: Socket | undefined;
  #stream: Server | undefined;
  /** Answers to everything, whatever the zone says. */
  override: DnsBehaviour | undefined;

  /** Resolves with what belongs into `nameServers`. */
  async start(): Promise<string> {
    for (let tries = 0; ; tries++) {
      const stream = createServer((socket) => this.#serve(socket));
      stream.listen(0, '127.0.0.1');
      await once(stream, 'listening');
      const { port } = stream.address() as AddressInfo;
      const socket = createSocket('udp4');
      try {
        socket.bind(port, '127.0.0.1');
        await once(socket, 'listening');
      } catch (error) {
        // A port that is free for TCP may be taken for UDP.
        stream.close();
        socket.close();
        if (tries === 20) throw error;
        continue;
      }
      socket.on('message', (bytes, from) => {
        const answer = this.#answer(bytes, 'udp');
        if (answer !== undefined) socket.send(answer, from.port, from.address);
      });
      this.#socket = socket;
      this.#stream = stream;
      return `127.0.0.1:${port}`;
    }
  }

  async stop(): Promise<void> {
    for (const one of [this.#socket, this.#stream]) {
      if (one === undefined) continue;
      const closed = once(one, 'close');
      one.close();
      await closed;
    }
  }

  #serve(socket: TcpSocket): void {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const answer = this.#answer(bytes.subarray(2), 'tcp');
      if (answer === undefined) socket.destroy();
      else socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]));
    });
  }

  on(question: string, behaviour: DnsBehaviour): this {
    this.#zone.set(question.toLowerCase(), behaviour);
    return this;
  }

  srv(name: string, records: readonly TestSrv[]): this {
    const answers = records.map(
      ({ target, port, priority = 0, weight = 0 }): Answer => ({
        type: 'SRV',
        name,
        data: { target, port, priority, weight },
      }),
    );
    return this.on(`SRV ${name}`, { kind: 'answers', answers });
  }

  a(name: string, addresses: readonly string[]): this {
    const answers = addresses.map((data): Answer => ({ type: 'A', name, data }));
    return this.on(`A ${name}`, { kind: 'answers', answers });
  }

  #answer(bytes: Buffer, over: 'udp' | 'tcp'): Buffer | undefined {
    const query: Packet = decode(bytes);
    const [question] = query.questions ?? [];
    if (question === undefined) return undefined;
    const asked = `${question.type} ${question.name}`;
    this.asked.push(asked);
    const behaviour = this.override ?? this.#zone.get(asked.toLowerCase()) ?? { kind: 'code', code: NXDOMAIN };
    const reply = { type: 'response', id: query.id ?? 0, questions: query.questions ?? [] } as const;
    switch (behaviour.kind) {
      case 'silent':
        return undefined;
      case 'answers':
        return encode({ ...reply, flags: RECURSION_AVAILABLE, answers: [...behaviour.answers] });
      case 'code':
        return encode({ ...reply, flags: RECURSION_AVAILABLE | behaviour.code });
      case 'cut':
        if (over === 'udp') return encode({ ...reply, flags: RECURSION_AVAILABLE | TRUNCATED_RESPONSE });
        if (behaviour.answers === undefined) return undefined;
        return encode({ ...reply, flags: RECURSION_AVAILABLE, answers: [...behaviour.answers] });
      case 'garbage':
        // The right number, so that it is looked at, then octets that are no names and no records.
        return Buffer.concat([encode({ ...reply, flags: 0 }).subarray(0, 6), Buffer.alloc(90, 0xc3)]);
    }
  }
}

const RECURSION_AVAILABLE = 1 << 7;
