import { WebSocket } from 'ws';
import type { PlacedRow } from '../../bridge/view-ports.js';

interface StreamMessage {
  readonly type: string;
  readonly rows?: readonly PlacedRow[];
  readonly changed?: readonly PlacedRow[];
}

/** Follows a view over the bridge's live stream, as any application of a company may; hands on every row it is told of. */
export function followView(
  bridge: { readonly url: string; readonly token: string; readonly view: string },
  onRow: (row: PlacedRow) => void,
): Promise<{ close(): void }> {
  const socket = new WebSocket(new URL('/stream', bridge.url.replace(/^http/, 'ws')), {
    headers: { authorization: `Bearer ${bridge.token}` },
  });
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as StreamMessage;
    if (message.type === 'view') for (const row of message.rows ?? []) onRow(row);
    if (message.type === 'rows') for (const row of message.changed ?? []) onRow(row);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send(JSON.stringify({ type: 'watch', view: bridge.view }));
      resolve({ close: () => socket.terminate() });
    });
  });
}
