import type { Writable } from 'node:stream';
import type { Frame } from './frame.js';

/**
 * Hands all messages over with one write, as the octets of one kind of wire. These are shared between streams, therefore
 * not joined. A single one needs no cork.
 */
export function writeTogether(socket: Writable, frames: readonly Frame[], wire: 'webSocket' | 'eventStream'): void {
  if (frames.length > 1) socket.cork();
  for (const frame of frames) socket.write(frame[wire]);
  if (frames.length > 1) socket.uncork();
}
