import { PresenceError } from './presence-error.js';
import type { Transport } from './transport.js';
import type { WebSocketConstructor, WebSocketLike } from './wire-ports.js';

export interface WebSocketTransportOptions {
  /** Address of the bridge; ends with a slash. */
  readonly base: string;
  readonly WebSocket: WebSocketConstructor;
  /** Fetches a ticket, which counts once: for pages, which cannot send headers. */
  readonly ticket?: (() => Promise<string>) | undefined;
  /** For programs. */
  readonly token?: string | undefined;
  /** Rejects with the reason why no connection was opened, where that can be found out: the WebSocket itself is told none. */
  readonly reason?: (() => Promise<void>) | undefined;
}

/** The live stream over a WebSocket. A ticket stands in the address, a token never does. Neither is needed where everybody is let in. */
export function webSocketTransport({ base, WebSocket, ticket, token, reason }: WebSocketTransportOptions): Transport {
  const init = token === undefined ? undefined : { headers: { authorization: `Bearer ${token}` } };
  const address = `${base.replace(/^http/, 'ws')}stream`;
  return {
    resubscribes: true,
    open(first, { onText, onLoss }) {
      let message = first;
      /** Once it is open. */
      let socket: WebSocketLike | undefined;
      let end = (): void => undefined;
      let over = false;
      const lose = (error?: PresenceError): void => {
        if (over) return;
        over = true;
        onLoss(error);
      };
      const connect = async (): Promise<void> => {
        const granted = ticket === undefined ? '' : `?ticket=${encodeURIComponent(checked(await ticket()))}`;
        if (over) return;
        const opened =
          init === undefined ? new WebSocket(address + granted) : new WebSocket(address + granted, init as never);
        end = () => opened.close();
        opened.addEventListener('open', () => {
          socket = opened;
          if (!over) opened.send(JSON.stringify(message));
        });
        opened.addEventListener('message', ({ data }) => {
          if (!over) onText(typeof data === 'string' ? data : '');
        });
        // Pages are told no reason, lest they look around in the network; `close` follows.
        opened.addEventListener('error', () => undefined);
        opened.addEventListener('close', () => {
          if (socket !== undefined || reason === undefined) lose();
          else
            reason().then(
              () => lose(),
              (thrown: unknown) => lose(PresenceError.from(thrown)),
            );
        });
      };
      connect().catch((thrown: unknown) => lose(ticketError(thrown)));
      return {
        subscribe(next) {
          message = next;
          socket?.send(JSON.stringify(next));
        },
        close() {
          over = true;
          end();
        },
      };
    },
  };
}

function checked(ticket: unknown): string {
  if (typeof ticket === 'string' && ticket !== '') return ticket;
  throw new PresenceError({ code: 'CLIENT_ANSWER', message: 'what should be a ticket is no text' });
}

/** The application's own function may throw what it likes; an HTTP status in it is heeded. */
function ticketError(thrown: unknown): PresenceError {
  const status = (thrown as { readonly status?: unknown } | null | undefined)?.status;
  if (thrown instanceof PresenceError || (status !== 401 && status !== 403)) {
    return PresenceError.from(thrown, 'no ticket could be fetched');
  }
  return new PresenceError({
    code: status === 401 ? 'API_UNAUTHORIZED' : 'API_FORBIDDEN',
    message: 'the ticket was refused',
    status,
    cause: thrown,
  });
}
