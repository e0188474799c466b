import type { Writable } from 'node:stream';

/** Hands all pieces over with one write. They are shared between streams, therefore not joined. */
export function writeTogether(socket: Writable, pieces: readonly Buffer[]): void {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) {
    socket.write(only);
    return;
  }
  socket.cork();
  for (const piece of pieces) socket.write(piece);
  socket.uncork();
}
