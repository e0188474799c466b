import { get } from 'node:http';
import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { PersonPresence } from '../../src/client/messages.js';
import { stoppableCommand } from './command-line.js';

/** A way by which one person's status is seen from outside. */
export interface PresenceChannel {
  readonly name: string;
  /** Each other status that was seen, and when by the monotonic clock of this process. */
  readonly seen: { readonly status: string; readonly at: number }[];
  /** Texts of instant messages. */
  readonly texts: string[];
  close(): Promise<void> | void;
}

export interface ChannelOptions {
  readonly url: string;
  readonly token: string;
  /** SIP address. */
  readonly who: string;
}

const ASK_EVERY_MS = 20;

/** Messages of the stream, and lines of the command `watch`. */
const TELL_PEOPLE = ['snapshot', 'changes', 'people'];

class Sightings {
  readonly seen: { status: string; at: number }[] = [];
  readonly texts: string[] = [];

  note(status: string): void {
    if (this.seen.at(-1)?.status !== status) this.seen.push({ status, at: performance.now() });
  }

  /** One message of the live stream, of whatever wire. */
  take(message: unknown, who: string): void {
    const { type, people, text } = message as { type: string; people: readonly PersonPresence[]; text: string };
    if (type === 'message') this.texts.push(text);
    if (!TELL_PEOPLE.includes(type)) return;
    for (const { address, status } of people) if (address === who) this.note(status);
  }
}

/** Asks again and again. */
export function httpChannel({ url, token, who }: ChannelOptions): PresenceChannel {
  const sightings = new Sightings();
  const asking = repeating(async () => {
    const answer = await fetch(`${url}/api/v1/people/${encodeURIComponent(who)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    sightings.note(((await answer.json()) as PersonPresence).status);
  });
  return { name: 'HTTP', seen: sightings.seen, texts: sightings.texts, close: asking };
}

export async function webSocketChannel({ url, token, who }: ChannelOptions): Promise<PresenceChannel> {
  const sightings = new Sightings();
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/stream`, {
    headers: { authorization: `Bearer ${token}` },
  });
  socket.on('message', (data) => sightings.take(JSON.parse(String(data)), who));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ type: 'subscribe', people: [who], messages: true }));
  return { name: 'WebSocket', seen: sightings.seen, texts: sightings.texts, close: () => socket.terminate() };
}

/** Server-sent events, read line by line. */
export async function eventStreamChannel({ url, token, who }: ChannelOptions): Promise<PresenceChannel> {
  const sightings = new Sightings();
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  const path = `/api/v1/stream?person=${encodeURIComponent(who)}&messages=1`;
  let rest = '';
  const request = get(url + path, { headers }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) sightings.take(JSON.parse(line.slice(5)), who);
    });
    response.on('error', () => undefined);
  });
  await new Promise((resolve, reject) => request.once('response', resolve).once('error', reject));
  request.on('error', () => undefined);
  return {
    name: 'server-sent events',
    seen: sightings.seen,
    texts: sightings.texts,
    close: () => void request.destroy(),
  };
}

/** The command `watch`, by what it prints. */
export function watchChannel(config: string, { who }: ChannelOptions): PresenceChannel {
  const sightings = new Sightings();
  const running = stoppableCommand(['watch', who, '--messages', '--json', '--config', config]);
  let read = 0;
  const reading = repeating(async () => {
    const printed = running.output();
    const end = printed.lastIndexOf('\n') + 1;
    for (const line of printed.slice(read, end).split('\n')) if (line !== '') sightings.take(JSON.parse(line), who);
    read = end;
  });
  return {
    name: 'presence-bridge watch',
    seen: sightings.seen,
    texts: sightings.texts,
    async close() {
      running.stop();
      await running.result;
      await reading();
    },
  };
}

/** A badge on a page in a browser, by what is read aloud of it. */
export function badgeChannel(page: Page, statuses: Readonly<Record<string, string>>): PresenceChannel {
  const sightings = new Sightings();
  const looking = repeating(async () => {
    const text = String(await page.evaluate(READ_ALOUD));
    const status = Object.entries(statuses).find(([words]) => text.includes(words))?.[1];
    if (status !== undefined) sightings.note(status);
  });
  return { name: 'badge', seen: sightings.seen, texts: sightings.texts, close: looking };
}

const READ_ALOUD = `(() => {
  const shown = document.querySelector('presence-badge')?.shadowRoot?.querySelector('.badge');
  return shown?.getAttribute('aria-label') ?? shown?.textContent ?? '';
})()`;

/** Does something again and again; gives what ends it. */
function repeating(once: () => Promise<void>): () => Promise<void> {
  let over = false;
  const done = (async () => {
    while (!over) {
      await once();
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
  })();
  return async () => {
    over = true;
    await done.catch(() => undefined);
  };
}
