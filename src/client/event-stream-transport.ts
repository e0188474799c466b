import { EventStreamReader } from './event-stream.js';
import type { SubscribeMessage } from './messages.js';
import { PresenceError } from './presence-error.js';
import { problemAnswer } from './problem-answer.js';
import { MAX_MESSAGE } from './read-message.js';
import type { Transport } from './transport.js';
import type { FetchLike } from './wire-ports.js';

export interface EventStreamTransportOptions {
  /** Address of the bridge; ends with a slash. */
  readonly base: string;
  readonly token?: string | undefined;
  readonly fetch: FetchLike;
}

/** Servers take no longer heads of requests; the rest of the head needs room too. */
const MAX_ADDRESS = 14_000;

/** The live stream as server-sent events, read with `fetch`, which can send the token; `EventSource` cannot. */
export function eventStreamTransport({ base, token, fetch }: EventStreamTransportOptions): Transport {
  return {
    resubscribes: false,
    open(message, { onText, onLoss }) {
      const abort = new AbortController();
      const read = async (): Promise<void> => {
        const address = `${base}api/v1/stream?${queryOf(message)}`;
        if (address.length > MAX_ADDRESS) throw tooLong();
        const response = await fetch(address, {
          method: 'GET',
          headers: {
            accept: 'text/event-stream',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          signal: abort.signal,
          redirect: 'error',
          cache: 'no-store',
        });
        if (response.status !== 200) throw await problemAnswer(response);
        if (response.body === null) return;
        const body = response.body.getReader();
        const decoder = new TextDecoder();
        const events = new EventStreamReader(MAX_MESSAGE);
        for (;;) {
          const { done, value } = await body.read();
          if (done || abort.signal.aborted) return;
          for (const text of events.push(decoder.decode(value, { stream: true }))) {
            if (!abort.signal.aborted) onText(text);
          }
        }
      };
      const end = (error?: PresenceError): void => {
        if (abort.signal.aborted) return;
        abort.abort();
        onLoss(error);
      };
      read().then(
        () => end(),
        (thrown: unknown) => end(PresenceError.from(thrown)),
      );
      return { close: () => abort.abort() };
    },
  };
}

function queryOf({ people = [], lists = [], words = [], messages = false, cursor }: SubscribeMessage): URLSearchParams {
  return new URLSearchParams([
    ...people.map((person) => ['person', person]),
    ...lists.map((list) => ['list', list]),
    ...words.map((word) => ['words', word]),
    ...(messages ? [['messages', '1']] : []),
    ...(cursor === undefined ? [] : [['cursor', cursor]]),
  ] as [string, string][]);
}

function tooLong(): PresenceError {
  return new PresenceError({
    code: 'CLIENT_USAGE',
    message: 'people: so many names do not fit into the address of a stream of server-sent events',
    next: 'Follow a list, such as "everybody", or give the client a WebSocket.',
  });
}
