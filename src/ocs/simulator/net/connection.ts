import type { Socket } from 'node:net';
import type { Clock, Log } from '../../../bridge/ports.js';
import { decode } from '../codec/decode.js';
import { encode } from '../codec/encode.js';
import { Framer, FramingError } from '../codec/framer.js';
import type { SipMessage } from '../codec/message.js';
import type { LineEnd } from '../faults/fault.js';
import type { FaultLine, Wire } from '../faults/fault-line.js';
import type { SimulatorLimits } from '../options.js';
import type { Link } from '../server/link.js';

export interface ConnectionListener {
  onMessage(link: Link, message: SipMessage): void;
  onClose(link: Link): void;
  /** True once somebody signed in over this connection. */
  isSignedIn(link: Link): boolean;
}

export interface ConnectionOptions {
  readonly id: number;
  readonly transport: 'TLS' | 'TCP';
  /** The client showed the certificate of a trusted host. */
  readonly trusted?: boolean;
  readonly limits: SimulatorLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Makes the line between this connection and the server, on which faults happen. Default: none. */
  readonly line?: (wire: Wire) => FaultLine;
  /** Ends the connection by a TCP reset; needed where the socket is not that of TCP. */
  readonly reset?: () => void;
}

/** One client's socket: bytes to messages and back, with limits on size, silence and backlog. Never throws. */
export class Connection implements Link {
  readonly id: number;
  readonly transport: 'TLS' | 'TCP';
  readonly remotePort: number;
  readonly trusted: boolean;
  readonly faults: FaultLine | undefined;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #framer: Framer;
  readonly #cancelSignIn: () => void;
  #cancelIdle: () => void = () => undefined;
  #lastHeard: number;
  #closed = false;

  constructor(socket: Socket, options: ConnectionOptions, listener: ConnectionListener) {
    this.id = options.id;
    this.transport = options.transport;
    this.trusted = options.trusted ?? false;
    this.remotePort = socket.remotePort ?? 0;
    this.#socket = socket;
    this.#options = options;
    this.#listener = listener;
    this.#framer = new Framer(options.limits);
    this.faults = options.line?.({
      deliver: (message) => listener.onMessage(this, message),
      write: (bytes, written) => this.#write(bytes, written),
      end: (how) => this.#end(how),
    });
    this.#lastHeard = options.clock.monotonic();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A client that is gone shows as EPIPE or ECONNRESET here; "close" follows.
    socket.on('error', (error) => options.log.debug('simulator.socket-error', { reason: error.message }));
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#finish());
    this.#cancelSignIn = options.clock.after(options.limits.signInSeconds * 1000, () => {
      if (!listener.isSignedIn(this)) this.#drop('nobody signed in');
    });
    this.#watchSilence(options.limits.idleSeconds * 1000);
  }

  send(message: SipMessage): void {
    if (this.#closed || !this.#socket.writable) return;
    if (this.faults) this.faults.send(message);
    else this.#write(encode(message));
  }

  #write(bytes: Buffer, written?: () => void): void {
    if (this.#closed || !this.#socket.writable) return;
    if (written === undefined) this.#socket.write(bytes);
    else this.#socket.write(bytes, () => written());
    if (this.#socket.writableLength > this.#options.limits.backlog) this.#drop('the client does not read');
  }

  /** Ends the connection at once, without waiting for what is not sent yet. */
  close(): void {
    this.#socket.destroy();
    this.#finish();
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.#lastHeard = this.#options.clock.monotonic();
    try {
      for (const frame of this.#framer.push(chunk)) {
        if (this.#closed) return;
        const message = decode(frame, this.#options.limits);
        if (!message.ok) throw new FramingError(message.reason);
        if (this.faults) this.faults.receive(message.value);
        else this.#listener.onMessage(this, message.value);
      }
    } catch (error) {
      if (!(error instanceof FramingError)) this.#options.log.error('simulator.mistake', { reason: String(error) });
      this.#drop(error instanceof Error ? error.message : String(error));
    }
  }

  #watchSilence(after: number): void {
    this.#cancelIdle = this.#options.clock.after(after, () => {
      const { idleSeconds } = this.#options.limits;
      const left = this.#lastHeard + idleSeconds * 1000 - this.#options.clock.monotonic();
      if (left <= 0) this.#drop('silent for too long');
      else this.#watchSilence(left);
    });
  }

  /** Ends the connection after what was written, or by a reset that may overtake it. */
  #end(how: LineEnd): void {
    if (how === 'close') this.#socket.end(() => this.#socket.destroy());
    else if (this.#options.reset) this.#options.reset();
    else this.#socket.resetAndDestroy();
    this.#finish();
  }

  #drop(reason: string): void {
    this.#options.log.info('simulator.connection-dropped', { reason, connection: this.id });
    this.close();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.faults?.close();
    this.#cancelSignIn();
    this.#cancelIdle();
    this.#listener.onClose(this);
  }
}
