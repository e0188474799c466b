/**
 * @typedef {import('../../api/stream/protocol.js').ServerMessage} ServerMessage
 *
 * @typedef {'connecting' | 'open' | 'lost' | 'refused'} StreamState `refused`: the token is wrong
 *
 * @typedef {object} StreamOptions
 * @property {string} token
 * @property {(state: StreamState, retryAt: number) => void} onState `retryAt` in ms since 1970 when lost, else 0
 * @property {(message: ServerMessage) => void} onMessage
 */

const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 30_000;
/** The bridge speaks at least every 15 s. */
const SILENCE_MS = 40_000;

/**
 * Milliseconds to wait before the next attempt: doubling, at most half a minute, and spread so that all pages do not
 * come back at the same moment.
 *
 * @param {number} attempt 0 for the first
 * @param {number} random in [0, 1)
 */
export function backoff(attempt, random) {
  return Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2);
}

/** Keeps the live stream open for as long as the page lives. */
export class Stream {
  #options;
  #attempt = 0;
  /** Bumped by each start, so that answers to an older attempt are ignored. */
  #turn = 0;
  /** @type {WebSocket | undefined} */
  #socket;
  /** @type {number | undefined} */
  #timer;

  /** @param {StreamOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Connects now, whatever it was waiting for. */
  start() {
    this.#abandon();
    const turn = this.#turn;
    this.#options.onState('connecting', 0);
    this.#connect(turn).catch(() => {
      if (turn === this.#turn) this.#lose();
    });
  }

  stop() {
    this.#abandon();
  }

  /**
   * Asks for a view. Each connection begins without one: ask again at each `welcome`.
   *
   * @param {string} view
   */
  watch(view) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type: 'watch', view }));
  }

  /** @param {number} turn */
  async #connect(turn) {
    const headers = { authorization: `Bearer ${this.#options.token}` };
    const answer = await fetch('api/v1/stream-ticket', { method: 'POST', headers });
    if (turn !== this.#turn) return;
    if (answer.status === 401) {
      this.#options.onState('refused', 0);
      return;
    }
    if (!answer.ok) throw new Error(`the bridge answered ${answer.status}`);
    const { ticket } = await answer.json();
    if (turn === this.#turn) this.#open(turn, String(ticket));
  }

  /**
   * @param {number} turn
   * @param {string} ticket
   */
  #open(turn, ticket) {
    const address = new URL('stream', document.baseURI);
    address.protocol = address.protocol.replace('http', 'ws');
    address.searchParams.set('ticket', ticket);
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#expectWord();
    socket.onmessage = ({ data }) => {
      if (turn !== this.#turn) return;
      this.#expectWord();
      const message = /** @type {ServerMessage} */ (JSON.parse(String(data)));
      if (message.type === 'welcome') {
        this.#attempt = 0;
        this.#options.onState('open', 0);
      }
      this.#options.onMessage(message);
    };
    socket.onclose = () => {
      if (turn === this.#turn) this.#lose();
    };
  }

  /** A connection whose other end vanished looks open for minutes; silence tells sooner. */
  #expectWord() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#lose(), SILENCE_MS);
  }

  #lose() {
    this.#abandon();
    const delay = backoff(this.#attempt++, Math.random());
    this.#options.onState('lost', Date.now() + delay);
    this.#timer = window.setTimeout(() => this.start(), delay);
  }

  #abandon() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = undefined;
  }
}
