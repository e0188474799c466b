import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the network between two programs does. */
export type Weather =
  /** Octets go both ways. */
  | 'fine'
  /** All connections are torn, new ones are refused. */
  | 'down'
  /** Nobody is told of anything: octets and new connections go nowhere. */
  | 'lost';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** True once nothing of it arrives any more, whatever the weather. */
  forgotten: boolean;
}

/** A network that a test can cut: stands between a client and one port of this machine. */
export class CuttingProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Clients that knocked while nobody could hear them. */
  readonly #knocking = new Set<Socket>();
  #weather: Weather = 'fine';
  /** Octets from the server until every connection is torn, in the middle of whatever is on its way. */
  #tearAfter = Number.POSITIVE_INFINITY;
  opened = 0;
  /** Octets that arrived here from either side. */
  octets = 0;
  /** What the server said, as octets came; a test empties it. */
  said = '';

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `survive`: whether connections of before come to life again, as after a short loss, or stay dead. */
  turns(weather: Weather, { survive = true } = {}): void {
    this.#weather = weather;
    this.#tearAfter = Number.POSITIVE_INFINITY;
    if (weather === 'down') this.#tear();
    for (const pair of this.#pairs) {
      if (!survive) pair.forgotten = true;
      this.#flow(pair);
    }
    if (weather === 'lost') return;
    for (const client of this.#knocking) {
      this.#knocking.delete(client);
      if (survive) this.#accept(client);
      else client.destroy();
    }
  }

  /** Lets so many octets of the server through, then tears all connections; the next ones are fine. */
  tearsAfter(octets: number): void {
    this.#tearAfter = octets;
  }

  async stop(): Promise<void> {
    this.#tear();
    for (const client of this.#knocking) client.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.#weather === 'down') {
      client.resetAndDestroy();
      return;
    }
    if (this.#weather === 'lost') {
      this.#knocking.add(client);
      client.on('close', () => this.#knocking.delete(client));
      return;
    }
    this.opened++;
    const server = connect(this.#target, '127.0.0.1');
    const pair: Pair = { client, server, forgotten: false };
    this.#pairs.add(pair);
    server.on('error', () => undefined);
    // Where time is simulated, the delay of small packets would last for minutes.
    for (const socket of [client, server]) socket.setNoDelay(true);
    client.on('data', (data) => {
      this.octets += data.length;
      server.write(data);
    });
    server.on('data', (data) => this.#fromServer(pair, data));
    // A side that ends is not heard of by the other one while the network is lost.
    client.on('close', () => this.#ended(pair));
    server.on('close', () => this.#ended(pair));
  }

  #fromServer({ client }: Pair, data: Buffer): void {
    this.octets += data.length;
    if (data.length < this.#tearAfter) {
      this.#tearAfter -= data.length;
      this.said += data.toString('latin1');
      client.write(data);
      return;
    }
    const rest = this.#tearAfter;
    this.#tearAfter = Number.POSITIVE_INFINITY;
    client.write(data.subarray(0, rest), () => this.#tear());
  }

  #ended(pair: Pair): void {
    if (this.#weather === 'lost' || pair.forgotten) return;
    this.#pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }

  #flow(pair: Pair): void {
    const isHeld = this.#weather === 'lost' || pair.forgotten;
    for (const socket of [pair.client, pair.server]) {
      if (isHeld) socket.pause();
      else if (socket.destroyed) this.#ended(pair);
      else socket.resume();
    }
  }

  #tear(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    this.#pairs.clear();
  }
}
