import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Arrived, type FromReaders, TOKEN, type ToReaders, type Wire } from './words.js';

/** So long nothing arrives when all has arrived, milliseconds; longer than the longest tick. */
const QUIET_MS = 400;
const QUIET_LIMIT_MS = 120_000;
const TOGETHER = 50;

/** Pings are not looked for; the answer to one comes by itself. */
const PONG_MS = 25_000;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

const SUBSCRIBE = { type: 'subscribe', lists: ['everybody'] };

/** One client as cheap as can be: a bare connection that counts octets. */
class Reader {
  octets = 0;
  lastAt = 0;
  /** What arrived, of the client that keeps it. */
  kept: Buffer[] | undefined;
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static open(port: number, wire: Wire, reads: boolean): Promise<Reader> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const reader = new Reader(socket);
      let head = '';
      socket.setNoDelay(true);
      socket.on('error', (error) => (head === '' ? reject(error) : undefined));
      const onHead = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!/^HTTP\/1\.1 (101|200) /.test(head)) {
          reject(new Error(head.slice(0, 300)));
          return;
        }
        socket.off('data', onHead);
        if (reads) socket.on('data', (data) => reader.#take(data));
        else socket.pause();
        if (wire !== 'event-stream' && reads) setInterval(() => socket.write(PONG), PONG_MS).unref();
        if (wire === 'websocket') socket.write(maskedText(JSON.stringify(SUBSCRIBE)));
        resolve(reader);
      };
      socket.on('data', onHead);
      socket.write(requestFor(wire));
    });
  }

  #take(data: Buffer): void {
    this.octets += data.length;
    this.lastAt = performance.now();
    this.kept?.push(data);
  }
}

function requestFor(wire: Wire): string {
  const host = ['Host: 127.0.0.1', `Authorization: Bearer ${TOKEN}`];
  const upgrade = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  const key = `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`;
  const lines = {
    websocket: ['GET /stream HTTP/1.1', ...host, ...upgrade, key],
    peer: ['GET / HTTP/1.1', ...host, ...upgrade, key],
    'event-stream': ['GET /api/v1/stream?list=everybody HTTP/1.1', ...host, 'Accept: text/event-stream'],
  } satisfies Record<Wire, readonly string[]>;
  return [...lines[wire], '', ''].join('\r\n');
}

/** A frame of a client, under a mask that changes nothing. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 125) throw new Error('too long for a short frame');
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Texts of the unmasked frames of a server, whole ones only. */
function textsOf(octets: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at + 2 <= octets.length; ) {
    const isText = ((octets[at] ?? 0) & 0x0f) === 1;
    const short = (octets[at + 1] ?? 0) & 0x7f;
    const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (at + 2 + extra > octets.length) break;
    const length =
      short < 126 ? short : short === 126 ? octets.readUInt16BE(at + 2) : Number(octets.readBigUInt64BE(at + 2));
    const start = at + 2 + extra;
    if (start + length > octets.length) break;
    if (isText) texts.push(octets.toString('utf8', start, start + length));
    at = start + length;
  }
  return texts;
}

/** Data of the events of an event stream, in which each event was written at once. */
function eventsOf(octets: Buffer): readonly string[] {
  return [...octets.toString('utf8').matchAll(/^data: ?(.*)$/gm)].map(([, text = '']) => text);
}

const readers: Reader[] = [];
let wire: Wire = 'websocket';
let reading: readonly Reader[] = [];

async function quiet(): Promise<void> {
  const began = performance.now();
  for (;;) {
    const last = reading.reduce((latest, { lastAt }) => Math.max(latest, lastAt), began);
    const now = performance.now();
    if (now - last >= QUIET_MS) return;
    if (now - began > QUIET_LIMIT_MS) throw new Error('it does not become quiet');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function reset(): void {
  for (const reader of reading) reader.octets = 0;
  const [first] = reading;
  if (first !== undefined) first.kept = [];
}

function arrived(): Arrived {
  const octets = reading.map((reader) => reader.octets);
  const kept = Buffer.concat(reading[0]?.kept ?? []);
  const fewest = octets.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY);
  const most = octets.reduce((highest, count) => Math.max(highest, count), 0);
  return { octets: [fewest, most], messages: wire === 'event-stream' ? eventsOf(kept) : textsOf(kept) };
}

async function open({ port, count, every, reads, ...asked }: Extract<ToReaders, { type: 'open' }>): Promise<void> {
  wire = asked.wire;
  const together = every === 0 ? TOGETHER : 1;
  for (let done = 0; done < count; done += together) {
    const some = Array.from({ length: Math.min(together, count - done) }, () => Reader.open(port, wire, reads));
    const opened = await Promise.all(some);
    readers.push(...opened);
    if (reads) reading = [...reading, ...opened];
    if (every > 0) await new Promise((resolve) => setTimeout(resolve, every));
  }
}

async function handle(message: ToReaders): Promise<FromReaders> {
  switch (message.type) {
    case 'open':
      await open(message);
      return { type: 'opened' };
    case 'quiet':
      await quiet();
      reset();
      return { type: 'quiet' };
    case 'arrived':
      await quiet();
      return { type: 'arrived', arrived: arrived() };
    case 'close':
      for (const { socket } of readers.splice(0)) socket.destroy();
      reading = [];
      return { type: 'closed' };
  }
}

process.on('message', (message: ToReaders) => {
  handle(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
