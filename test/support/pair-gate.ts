import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `cut`: connections are ended and refused. `silent`: nothing comes through any more, and nobody is told. */
export type GateState = 'open' | 'cut' | 'silent';

/** The way of one bridge to Domino: a port of its own, which its requests name as `Host`. */
export class Gate {
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: GateState = 'open';

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((inner) => this.#accept(inner));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Whatever stood before is lost: what waited in a dead connection never arrives. */
  set(state: GateState): void {
    this.#state = state;
    if (state === 'silent') for (const socket of this.#sockets) socket.unpipe().pause();
    else this.#end();
  }

  async close(): Promise<void> {
    this.#end();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(inner: Socket): void {
    this.#keep(inner);
    if (this.#state === 'cut') inner.destroy();
    if (this.#state !== 'open') return;
    const outer = connect(Number(this.#target.port), this.#target.hostname);
    this.#keep(outer);
    inner.pipe(outer).pipe(inner);
    inner.once('close', () => outer.destroy());
    outer.once('close', () => inner.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #end(): void {
    for (const socket of [...this.#sockets]) socket.destroy();
  }
}
