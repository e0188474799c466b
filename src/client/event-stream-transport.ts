import { EventStreamReader } from './event-stream.js';
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

/**
 * The live stream as server-sent events, read with `fetch`, which can send the token and a body; `EventSource` cannot. Names
 * stand in the body: an address holds a few hundred, and proxies write it into their logs.
 */
export function eventStreamTransport({ base, token, fetch }: EventStreamTransportOptions): Transport {
  return {
    resubscribes: false,
    open({ type: _type, ...asked }, { onText, onLoss }) {
      const abort = new AbortController();
      const read = async (): Promise<void> => {
        const response = await fetch(`${base}api/v1/stream`, {
          method: 'POST',
          headers: {
            accept: 'text/event-stream',
            'content-type': 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify(asked),
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
