import { connect, type Socket } from 'node:net';

const ANSWER = Buffer.from('SIP/2.0 ');
const SUCCESS = 0x32;
const LIMIT_MS = 120_000;

export function connectTo(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.setNoDelay(true);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** Sends all messages, at most `window` of them unanswered at a time. Throws when one is not answered with success. */
export function sendAll(socket: Socket, messages: readonly Buffer[], window: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    let refused = 0;
    let rest: Buffer = Buffer.alloc(0);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('close', onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const timer = setTimeout(() => settle(new Error(`${answered} of ${messages.length} answered`)), LIMIT_MS);
    const pump = (): void => {
      const next = messages.slice(sent, Math.min(messages.length, answered + window));
      sent += next.length;
      if (next.length > 0) socket.write(Buffer.concat(next));
    };
    const onData = (chunk: Buffer): void => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = bytes.indexOf(ANSWER); at >= 0 && at + ANSWER.length < bytes.length; ) {
        if (bytes[at + ANSWER.length] !== SUCCESS) refused++;
        answered++;
        from = at + ANSWER.length + 1;
        at = bytes.indexOf(ANSWER, from);
      }
      rest = bytes.subarray(Math.max(from, bytes.length - ANSWER.length));
      if (refused > 0) settle(new Error(`${refused} notifications were refused`));
      else if (answered >= messages.length) settle();
      else if (sent - answered <= window / 2) pump();
    };
    const onClose = (): void => settle(new Error(`closed after ${answered} answers`));
    socket.on('data', onData);
    socket.on('close', onClose);
    pump();
  });
}
