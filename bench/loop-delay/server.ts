import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ACCOUNT } from './words.js';

/** Dialog of the subscription that the client opened last. */
export interface ServedDialog {
  readonly callId: string;
  readonly clientTag: string;
}

/** Tells that the client has worked on all that was sent before. */
const FENCE = 'fence';
const SILENCE_MS = 60_000;

/**
 * A server that lets everybody in, and otherwise sends the octets it is told to. It reads as much of SIP as it needs;
 * what the client sends is well-formed.
 */
export class Server {
  readonly #listener = createServer((socket) => this.#serve(socket));
  #socket: Socket | undefined;
  #dialog: ServedDialog | undefined;
  #number = 0;
  #onFence: () => void = () => {};
  #onDialog: () => void = () => {};
  /** What the next SUBSCRIBE is answered with. */
  #nextAnswer: { readonly contentType: string; readonly body: Buffer } | undefined;

  async open(): Promise<number> {
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
    return (this.#listener.address() as AddressInfo).port;
  }

  get dialog(): ServedDialog {
    if (this.#dialog === undefined) throw new Error('the client has no subscription');
    return this.#dialog;
  }

  /** Sends octets and waits until the client has done with them: it answers what comes behind them, or signs in anew. */
  async send(octets: Buffer): Promise<void> {
    const done = this.#done();
    this.#socket?.write(octets);
    this.#socket?.write(this.#fence());
    await done;
  }

  /** Hangs up, and gives the client this answer when it subscribes again. */
  async answer(contentType: string, body: Buffer): Promise<void> {
    const done = this.#done();
    this.#nextAnswer = { contentType, body };
    this.#socket?.destroy();
    await done;
  }

  close(): void {
    this.#socket?.destroy();
    this.#listener.close();
  }

  #done(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the client has not done within a minute')), SILENCE_MS);
      const settle = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#onFence = settle;
      this.#onDialog = settle;
    });
  }

  #serve(socket: Socket): void {
    this.#socket = socket;
    this.#dialog = undefined;
    let rest = '';
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        const head = rest.slice(0, end);
        const length = Number(/\r\nContent-Length: *(\d+)/i.exec(head)?.[1] ?? 0);
        if (rest.length < end + 4 + length) return;
        rest = rest.slice(end + 4 + length);
        if (head.trimStart() !== '') this.#take(socket, head.trimStart());
      }
    });
  }

  #take(socket: Socket, head: string): void {
    if (head.startsWith('SIP/2.0 ')) {
      if (head.includes(FENCE)) this.#onFence();
      return;
    }
    const isSubscribe = head.startsWith('SUBSCRIBE ');
    const opens = isSubscribe && !/\r\nTo:[^\r]*;tag=/i.test(head);
    const answer = opens ? this.#nextAnswer : undefined;
    socket.write(answerTo(head, answer));
    if (!opens) return;
    const callId = /\r\nCall-ID: *([^\r]+)/i.exec(head)?.[1] ?? '';
    this.#dialog = { callId, clientTag: /\r\nFrom:[^\r]*;tag=([^;\r]+)/i.exec(head)?.[1] ?? '' };
    if (this.#nextAnswer === undefined) this.#onDialog();
    else {
      this.#nextAnswer = undefined;
      socket.write(this.#fence());
    }
  }

  /** A request that must be answered; outside of all dialogs, so with 481. */
  #fence(): string {
    this.#number += 1;
    return `NOTIFY ${ACCOUNT} SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK${FENCE}${this.#number}\r\nMax-Forwards: 70\r\nFrom: <sip:s@contoso.example>;tag=s\r\nTo: <${ACCOUNT}>;tag=nobody\r\nCall-ID: ${FENCE}${this.#number}\r\nCSeq: 1 NOTIFY\r\nEvent: presence\r\nSubscription-State: active\r\nContent-Length: 0\r\n\r\n`;
  }
}

function answerTo(head: string, content: { readonly contentType: string; readonly body: Buffer } | undefined): Buffer {
  const lines = head.split('\r\n').filter((line) => /^(?:Via|From|Call-ID|CSeq):/i.test(line));
  const to = /\r\nTo: *([^\r]+)/i.exec(head)?.[1] ?? '';
  const contact = /\r\nContact: *([^\r]+)/i.exec(head)?.[1] ?? '';
  const isRegister = head.startsWith('REGISTER ');
  const body = content?.body ?? Buffer.alloc(0);
  const text = [
    'SIP/2.0 200 OK',
    ...lines,
    `To: ${/;tag=/i.test(to) ? to : `${to};tag=server`}`,
    `Contact: ${isRegister ? `${contact};expires=7200` : '<sip:pool01.contoso.example;transport=tcp>'}`,
    'Expires: 7200',
    'Supported: adhoclist, msrtc-event-categories',
    ...(content === undefined ? [] : [`Content-Type: ${content.contentType}`]),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${text.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
