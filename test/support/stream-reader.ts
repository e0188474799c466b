import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import type { ChangedRow, ServerMessage } from '../../src/bridge/api/stream/protocol.js';
import type {
  ChangesMessage,
  IncomingTextMessage,
  SnapshotMessage,
  SubscribeMessage,
} from '../../src/client/messages.js';

/** Everything that a stream may say. */
export type StreamMessage = ServerMessage | SnapshotMessage | ChangesMessage | IncomingTextMessage;

/** A client of the live stream that keeps what it gets. */
export class StreamReader {
  readonly messages: StreamMessage[] = [];
  readonly socket: WebSocket;
  /** Set when the stream ended. */
  closeCode: number | undefined;
  #taken = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => {
      this.messages.push(JSON.parse(String(data)) as StreamMessage);
      this.#wake();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  /** Opens a stream; rejects with the HTTP status when it is refused. */
  static async open(url: string, options: ClientOptions): Promise<StreamReader> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), options);
    const reader = new StreamReader(socket);
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        reject(new Error(`refused with ${response.statusCode}`));
      });
      socket.on('error', reject);
    });
    return reader;
  }

  watch(view: string): void {
    this.socket.send(JSON.stringify({ type: 'watch', view }));
  }

  subscribe(what: Omit<SubscribeMessage, 'type'>): void {
    this.socket.send(JSON.stringify({ type: 'subscribe', ...what }));
  }

  /** The next message of this type that was not taken before. */
  async next<Type extends StreamMessage['type']>(type: Type): Promise<Extract<StreamMessage, { type: Type }>> {
    for (;;) {
      while (this.#taken < this.messages.length) {
        const message = this.messages[this.#taken++];
        if (message?.type === type) return message as Extract<StreamMessage, { type: Type }>;
      }
      if (this.closeCode !== undefined) throw new Error(`the stream ended with ${this.closeCode}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async closed(): Promise<number> {
    if (this.closeCode === undefined) await once(this.socket, 'close');
    return this.closeCode ?? 0;
  }

  /** Names in the order a reader shows them after applying all messages so far, as `RowsMessage` tells. */
  shown(): string[] {
    let rows: { readonly id: string; readonly cells: ChangedRow['cells'] }[] = [];
    for (const message of this.messages) {
      if (message.type === 'view') rows = [...message.rows];
      if (message.type !== 'rows') continue;
      const out = new Set([...message.removed, ...message.changed.map(({ id }) => id)]);
      rows = rows.filter(({ id }) => !out.has(id));
      for (const row of message.changed) rows.splice(row.index, 0, row);
    }
    return rows.map(({ cells }) => cells.map((cell) => (cell.kind === 'text' ? cell.text : cell.label)).join(' '));
  }
}
