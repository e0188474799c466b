import type { Core } from 'sip.js';
import type { Clock, Log } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import type { AuthHeader, Handshake } from '../auth/handshake.js';
import { decodeMessage } from '../wire/decode.js';
import { encodeMessage, splitText } from '../wire/encode.js';
import { SipFramer } from '../wire/frame.js';
import { DEFAULT_SIP_LIMITS, type SipLimits } from '../wire/limits.js';
import type { SipMessage } from '../wire/message.js';
import type { ReadHead } from '../wire/read-head.js';
import { admit, type Security } from './admission.js';
import { type Connection, type ConnectionSink, connect } from './connection.js';
import { KEEP_ALIVE, keepAliveTurn } from './keep-alive.js';
import { MESSAGE_TIMES, MessageTimer, type MessageTimes } from './message-timer.js';
import type { ServerAddress } from './server-address.js';
import { type Slices, Turns } from './turns.js';

/** What happens on the wire, in order. Messages are verified; their bytes must not be kept. */
export interface TransportSink {
  onRequest(message: SipMessage): void;
  onResponse(message: SipMessage): void;
  /**
   * Long work that a message needs before it is handed over, in slices; `undefined` for most. Messages behind it wait.
   */
  prepare?(message: SipMessage): Slices<unknown> | undefined;
  /** Comes once, last; with an error unless `close` was called. */
  onClose(error: BridgeError | undefined): void;
}

export interface TransportPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Counts a message that was dropped, by reason. */
  count(what: 'message', reason: string): void;
}

/** What the transport needs of a handshake. */
export type SignIn = Pick<Handshake, 'association' | 'headerFor'>;

const ANSWER = 'SIP/2.0 ';
const NO_BODY = '\r\nContent-Length: 0\r\n\r\n';
const CREDENTIALS = ['authorization', 'proxy-authorization'];
/** The only proofs that sip.js makes itself, where it may. */
const DIGEST = /^digest /i;
/** A new association leaves its predecessor valid for what is still under way. */
const ASSOCIATIONS_KEPT = 2;

/**
 * The only exit and the only entry of SIP: signs all that leaves, verifies all that comes (MS-SIPAE). sip.js hands its
 * messages over as text and knows nothing of it.
 */
export class OcsTransport implements Core.Transport {
  readonly protocol: string;
  readonly #server: ServerAddress;
  readonly #sink: TransportSink;
  readonly #ports: TransportPorts;
  readonly #limits: SipLimits;
  readonly #framer: SipFramer;
  readonly #turns: Turns;
  readonly #messageTimer: MessageTimer;
  #connection: Connection | undefined;
  #security: Security = 'pending';
  #handshake: SignIn | undefined;
  #lastSentAt = 0;
  #keepAliveSeconds: number | undefined;
  #cancelKeepAlive: () => void = () => {};
  #closing: BridgeError | 'asked' | undefined;
  /** How the connection ended, when it has. */
  #gone: { readonly error: BridgeError | undefined } | undefined;
  #reported = false;
  #lastReceivedAt = 0;
  readonly #abort = new AbortController();

  constructor(
    server: ServerAddress,
    sink: TransportSink,
    ports: TransportPorts,
    limits: SipLimits = DEFAULT_SIP_LIMITS,
    times: MessageTimes = MESSAGE_TIMES,
  ) {
    this.protocol = server.transport.toUpperCase();
    this.#server = server;
    this.#sink = sink;
    this.#ports = ports;
    this.#limits = limits;
    this.#turns = new Turns(ports.clock, {
      onBusy: (busy) => this.#connection?.hold(busy),
      onThrown: (thrown) => this.#onThrown(thrown),
    });
    this.#framer = new SipFramer(
      {
        onMessage: (bytes, head) => this.#turns.take(() => this.#receive(bytes, head)),
        onKeepAlive: () => {},
        onError: (error) => this.#turns.take(() => this.#fail(error)),
      },
      limits,
    );
    this.#messageTimer = new MessageTimer(
      {
        clock: ports.clock,
        onDue: () => this.#turns.take(() => this.#messageTimer.look(this.#framer)),
        onOverdue: (error) => this.#fail(error),
      },
      times,
    );
  }

  /** Rejects as `connect` does; the sink then hears nothing. */
  async connect(): Promise<Connection> {
    const { clock } = this.#ports;
    const sink: ConnectionSink = {
      onData: (chunk) => {
        this.#lastReceivedAt = clock.monotonic();
        this.#turns.take(() => {
          this.#framer.push(chunk);
          this.#messageTimer.look(this.#framer);
        });
      },
      onClose: (error) => {
        this.#gone = { error };
        if (this.#closing === undefined) this.#turns.take(() => this.#onClosed(error));
        else this.#onClosed(error);
      },
    };
    const connection = await connect(this.#server, sink, { signal: this.#abort.signal });
    this.#connection = connection;
    this.#warnOfException(connection);
    this.#lastSentAt = clock.monotonic();
    this.#lastReceivedAt = clock.monotonic();
    if (this.#closing !== undefined) connection.close();
    else this.#keepAlive();
    return connection;
  }

  /** From now on REGISTER requests carry what this handshake says; everything else is signed as before. */
  begin(handshake: SignIn): void {
    this.#handshake = handshake;
  }

  /** The server accepted the sign-in: its association, if there is one, signs from now on. */
  establish(): void {
    const association = this.#handshake?.association;
    this.#handshake = undefined;
    const before = typeof this.#security === 'string' ? [] : this.#security;
    if (association !== undefined) {
      this.#security = [association, ...before.slice(0, ASSOCIATIONS_KEPT - 1)];
      for (const old of before.slice(ASSOCIATIONS_KEPT - 1)) old.release();
    }
    // A server that once signed is never again believed without a signature.
    else if (before.length === 0) this.#security = 'none';
  }

  /** Forgets a handshake that is not brought to its end. */
  abandon(): void {
    this.#handshake = undefined;
  }

  /** When the server was last heard of, on the monotonic clock. */
  get lastReceivedAt(): number {
    return this.#lastReceivedAt;
  }

  /** Seconds of silence that the server tolerates. */
  set keepAliveSeconds(seconds: number | undefined) {
    this.#keepAliveSeconds = seconds;
    if (this.#connection !== undefined) this.#keepAlive();
  }

  /** Sends one message that sip.js composed. Rejects when there is no connection. */
  send(text: string): Promise<void> {
    // Most of what leaves where nothing is signed: answers, in which there is nothing to leave out or to count.
    const isSigned = typeof this.#security !== 'string' || this.#handshake !== undefined;
    const isReady = !isSigned && text.startsWith(ANSWER) && text.endsWith(NO_BODY);
    return isReady ? this.#write(text) : this.#sendSigned(text);
  }

  async #sendSigned(text: string): Promise<void> {
    const { startLine, headers, body } = splitText(text);
    const kept = headers.filter(([name, value]) => !CREDENTIALS.includes(name.toLowerCase()) || DIGEST.test(value));
    const plain = encodeMessage({ startLine, headers: kept, body: Buffer.from(body, 'utf8') });
    const authorization = this.#authorize(startLine, plain);
    if (authorization === undefined) return this.#write(plain);
    const signed: [string, string][] = [...kept, [authorization.name, authorization.value]];
    return this.#write(encodeMessage({ startLine, headers: signed, body: Buffer.from(body, 'utf8') }));
  }

  /** Closes the connection; the sink hears `onClose` without an error. While it is being made, `connect` rejects instead. */
  close(): void {
    this.#closing ??= 'asked';
    this.#abort.abort();
    this.#shut();
  }

  #authorize(startLine: string, bytes: Buffer): AuthHeader | undefined {
    const handshake = startLine.startsWith('REGISTER ') ? this.#handshake : undefined;
    if (handshake === undefined && typeof this.#security === 'string') return undefined;
    const decoded = decodeMessage(bytes, this.#limits);
    if (!decoded.ok)
      throw new BridgeError('INTERNAL', 'A composed message cannot be signed.', { cause: decoded.error });
    if (handshake !== undefined) return handshake.headerFor(decoded.message);
    const association = typeof this.#security === 'string' ? undefined : this.#security[0];
    return association && { name: association.terms.header, value: association.authorize(decoded.message) };
  }

  #write(data: Buffer | string): Promise<void> {
    if (this.#connection === undefined || this.#closing !== undefined) {
      return Promise.reject(new BridgeError('OCS_CONNECTION_LOST', 'There is no connection to the OCS server.'));
    }
    this.#lastSentAt = this.#ports.clock.monotonic();
    return this.#connection.write(data);
  }

  #receive(bytes: Buffer, head: ReadHead | undefined): void {
    const decoded = decodeMessage(bytes, this.#limits, head);
    if (!decoded.ok) {
      this.#drop('malformed', { error: decoded.error.message });
      return;
    }
    const { message } = decoded;
    const admission = admit(message, this.#security, this.#handshake?.association);
    if (admission === 'wrong') {
      this.#fail(new BridgeError('OCS_SIGNATURE', `A ${message.method} ${message.kind} carried a wrong signature.`));
      return;
    }
    if (admission !== 'pass') {
      this.#drop(admission, { kind: message.kind, method: message.method, status: message.status });
      return;
    }
    const before = this.#sink.prepare?.(message);
    if (before === undefined) this.#handOver(message);
    else this.#turns.long(before, () => this.#handOver(message));
  }

  #handOver(message: SipMessage): void {
    try {
      if (message.kind === 'request') this.#sink.onRequest(message);
      else this.#sink.onResponse(message);
    } catch (thrown) {
      this.#onThrown(thrown, message);
    }
  }

  /** One message that cannot be handled must not cost the others. */
  #onThrown(thrown: unknown, message?: SipMessage): void {
    this.#ports.log.error('ocs.message-failed', { method: message?.method, error: BridgeError.from(thrown).message });
    this.#ports.count('message', 'failed');
  }

  #warnOfException({ peer }: Connection): void {
    if (peer?.exception === undefined) return;
    const { host, minVersion, securityLevel } = peer.exception;
    const { protocol, cipher } = peer;
    this.#ports.log.warn('ocs.tls-exception', { host, minVersion, securityLevel, protocol, cipher });
  }

  #drop(reason: string, fields: Readonly<Record<string, unknown>>): void {
    this.#ports.count('message', reason);
    this.#ports.log.warn('ocs.message-dropped', { reason, ...fields });
  }

  #keepAlive(): void {
    this.#cancelKeepAlive();
    const { clock } = this.#ports;
    const turn = keepAliveTurn(this.#lastSentAt, clock.monotonic(), this.#keepAliveSeconds);
    if (turn.ping) this.#write(KEEP_ALIVE).catch(() => {});
    this.#cancelKeepAlive = clock.after(turn.wait, () => this.#keepAlive());
  }

  #fail(error: BridgeError): void {
    this.#closing ??= error;
    this.#shut();
  }

  #shut(): void {
    this.#cancelKeepAlive();
    this.#messageTimer.stop();
    this.#framer.stop();
    this.#turns.stop();
    this.#connection?.close();
    // The end may have come while messages before it were waiting, which now nobody handles any more.
    if (this.#gone !== undefined) this.#onClosed(this.#gone.error);
  }

  #onClosed(error: BridgeError | undefined): void {
    if (this.#reported) return;
    this.#reported = true;
    this.#turns.stop();
    this.#cancelKeepAlive();
    this.#messageTimer.stop();
    const ours = this.#closing;
    this.#closing ??= error ?? 'asked';
    if (typeof this.#security !== 'string') for (const association of this.#security) association.release();
    this.#sink.onClose(ours === 'asked' ? undefined : (ours ?? error));
  }
}
