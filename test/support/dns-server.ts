import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
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
  | { readonly kind: 'silent' | 'garbage' | 'cut' };

const NXDOMAIN = 3;
export const SERVFAIL = 2;
export const REFUSED = 5;

/** A DNS server on loopback (UDP, a free port) that says what a test told it, octet by octet if need be. */
export class DnsServer {
  /** Questions in order: `SRV _sip._tls.contoso.example`. */
  readonly asked: string[] = [];
  readonly #zone = new Map<string, DnsBehaviour>();
  readonly #socket: Socket = createSocket('udp4');
  /** Answers to everything, whatever the zone says. */
  override: DnsBehaviour | undefined;

  /** Resolves with what belongs into `nameServers`. */
  async start(): Promise<string> {
    this.#socket.on('message', (bytes, { port, address }) => {
      const answer = this.#answer(bytes);
      if (answer !== undefined) this.#socket.send(answer, port, address);
    });
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
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

  #answer(bytes: Buffer): Buffer | undefined {
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
        return encode({ ...reply, flags: RECURSION_AVAILABLE | TRUNCATED_RESPONSE });
      case 'garbage':
        // The right number, so that it is looked at, then octets that are no names and no records.
        return Buffer.concat([encode({ ...reply, flags: 0 }).subarray(0, 6), Buffer.alloc(90, 0xc3)]);
    }
  }
}

const RECURSION_AVAILABLE = 1 << 7;
