import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import type { PeopleMessage } from '../../src/client/messages.js';

export interface ReadEvent {
  readonly type: string;
  /** `undefined` where the event has none. */
  readonly id: string | undefined;
  readonly message: PeopleMessage;
}

/** A reader of server-sent events that keeps what it gets. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  readonly answer: IncomingMessage;
  /** As its lines came. */
  text = '';
  ended = false;
  readonly #request: ClientRequest;
  #rest = '';
  #taken = 0;
  #wake: () => void = () => undefined;

  private constructor(request: ClientRequest, answer: IncomingMessage) {
    this.#request = request;
    this.answer = answer;
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => this.#read(text));
    const end = (): void => {
      this.ended = true;
      this.#wake();
    };
    answer.on('close', end);
    answer.on('error', end);
  }

  /** With a body where there is one. Rejects with the HTTP status when it is refused. */
  static async open(url: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<EventReader> {
    const how =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, method: 'POST' };
    return await new Promise((resolve, reject) => {
      const request = send(url, { ...how, agent: false }, (answer) => {
        if (answer.statusCode === 200) {
          resolve(new EventReader(request, answer));
          return;
        }
        answer.resume();
        reject(new Error(`refused with ${answer.statusCode}`));
      });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** The next event of this type that was not taken before. */
  async next(type: string): Promise<ReadEvent> {
    for (;;) {
      while (this.#taken < this.events.length) {
        const event = this.events[this.#taken++];
        if (event?.type === type) return event;
      }
      if (this.ended) throw new Error('the stream ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async end(): Promise<void> {
    while (!this.ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#request.destroy();
  }

  #read(text: string): void {
    this.text += text;
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.replace(/^\w+: ?/, '')]));
      const data = fields.get('data');
      if (data === undefined) continue;
      this.events.push({ type: fields.get('event') ?? '', id: fields.get('id'), message: JSON.parse(data) });
    }
    this.#wake();
  }
}
