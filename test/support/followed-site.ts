import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { HttpServerOptions } from '../../src/bridge/api/server.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import type { PersonStatus } from '../../src/bridge/status.js';
import { createPresenceClient, type Follow, type Subscription } from '../../src/client/client.js';
import type { Status } from '../../src/presence/availability.js';
import type { SipUri } from '../../src/presence/ids.js';
import { bridgeStatus } from './bridge-status.js';
import { CuttingProxy } from './cutting-proxy.js';
import { type TestServer, TOKEN, testServer } from './http-server.js';
import { person } from './people.js';
import { type FakePerson, FakeWatchedPeople } from './watched-people.js';

/** Turns of the event loop without an octet after which all sockets have had their say. */
const QUIET_TURNS = 6;
/** Longest step of time between two looks at the sockets, milliseconds. */
const STEP_MS = 500;
const MOST_TURNS = 1_000;

export interface FollowedSiteOptions {
  readonly people: number;
  /** How long what was told may be shown, milliseconds. */
  readonly freshMs: number;
  readonly transport: 'websocket' | 'events';
}

interface Moment {
  readonly at: number;
  readonly status: Status;
}

/**
 * The server of the bridge on a real socket, a network that can be cut, and a program that follows people with the client
 * package. Time is simulated for all three: call `vi.useFakeTimers(FAKED)` before, `vi.useRealTimers()` after.
 */
export class FollowedSite {
  readonly watched: FakeWatchedPeople;
  readonly proxy: CuttingProxy;
  readonly uris: readonly SipUri[];
  follow: Follow | undefined;
  #server: TestServer;
  readonly #options: FollowedSiteOptions;
  /** What each person was, and since when. */
  readonly #history = new Map<SipUri, Moment[]>();

  private constructor(options: FollowedSiteOptions, people: readonly FakePerson[], server: TestServer, parts: Parts) {
    this.#options = options;
    this.#server = server;
    this.watched = parts.watched;
    this.proxy = parts.proxy;
    this.uris = people.map(({ uri }) => uri);
    this.#remember(this.uris);
  }

  static async start(options: FollowedSiteOptions): Promise<FollowedSite> {
    const people = Array.from({ length: options.people }, (_, index): FakePerson => {
      const at = Date.now();
      return { ...person(`sip:p${index}@contoso.example`), status: 'available', since: at, observedAt: at };
    });
    const watched = new FakeWatchedPeople(people);
    const server = await testServer(serverOptions(watched, options.freshMs));
    const proxy = await CuttingProxy.start(server.port);
    return new FollowedSite(options, people, server, { watched, proxy });
  }

  follows(subscription: Subscription): Follow {
    const { transport } = this.#options;
    const socket = transport === 'websocket' ? { WebSocket: WebSocket as never } : {};
    const client = createPresenceClient({ url: this.proxy.url, token: TOKEN, transport, ...socket });
    this.follow = client.follow(subscription);
    return this.follow;
  }

  /** These people become something else, all at once. `unknown`: nobody confirms them any longer. */
  becomes(changes: readonly (readonly [uri: SipUri, status: Status])[]): void {
    const now = Date.now();
    this.watched.change(
      ...changes.map(([uri, status]) =>
        status === 'unknown' ? { uri, observedAt: undefined as never } : { uri, status, since: now, observedAt: now },
      ),
    );
    this.#remember(changes.map(([uri]) => uri));
  }

  /** The bridge starts anew, on the same port and with the same people. */
  async restarts(): Promise<void> {
    await this.#closes();
    const { port } = this.#server;
    this.#server = await testServer({ ...serverOptions(this.watched, this.#options.freshMs), port });
  }

  /** Whom the program shows otherwise than any truth of the time that it may show. */
  lies(): readonly string[] {
    const [now, { freshMs }] = [Date.now(), this.#options];
    return [...(this.follow?.people().values() ?? [])].flatMap(({ address, status, confirmed }) => {
      if (!confirmed) return status === 'unknown' ? [] : [`${address} is not confirmed and shown as ${status}`];
      const truths = truthsSince(this.#history.get(address as SipUri) ?? [], now - freshMs);
      return truths.includes(status) ? [] : [`${address} is shown as ${status}, was ${truths.join(', ')}`];
    });
  }

  /** Whom the program shows otherwise than the bridge, or not at all, or though they are not there. */
  differences(): readonly string[] {
    const shown = new Map(this.follow?.people() ?? []);
    const wrong = this.watched.all().flatMap((truth) => {
      const one = shown.get(truth.uri);
      shown.delete(truth.uri);
      return one !== undefined && looks(one) === looks(asTold(truth)) ? [] : [`${truth.uri}: ${one?.status}`];
    });
    return [...wrong, ...shown.keys()];
  }

  /** Time passes for everybody, and sockets have their turns between. */
  async passes(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= STEP_MS) {
      await this.#settle();
      await vi.advanceTimersByTimeAsync(Math.min(STEP_MS, left));
    }
    await this.#settle();
  }

  /** Milliseconds of simulated time until this came true. */
  async until(limitMs: number, condition: () => boolean): Promise<number> {
    for (let passed = 0; passed <= limitMs; passed += 100) {
      await this.#settle();
      if (condition()) return passed;
      await vi.advanceTimersByTimeAsync(100);
    }
    throw new Error(`not within ${limitMs} ms of simulated time: ${condition}`);
  }

  async ends(): Promise<void> {
    this.follow?.stop();
    await this.proxy.stop();
    await this.#closes();
  }

  /** Goodbyes are waited for, and nobody may answer. */
  async #closes(): Promise<void> {
    let closed = false;
    const closing = this.#server.close().then(() => {
      closed = true;
    });
    for (let turn = 0; !closed && turn < MOST_TURNS; turn++) {
      await this.#settle();
      if (!closed) await vi.advanceTimersByTimeAsync(100);
    }
    await closing;
  }

  #remember(uris: readonly SipUri[]): void {
    for (const uri of uris) {
      const { status = 'unknown', confirmed = false } = asTold(this.watched.byAddress(uri));
      const moments = this.#history.get(uri) ?? [];
      moments.push({ at: Date.now(), status: confirmed ? status : 'unknown' });
      this.#history.set(uri, moments);
    }
  }

  async #settle(): Promise<void> {
    for (let [quiet, seen] = [0, -1]; quiet < QUIET_TURNS; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.proxy.octets === seen) continue;
      seen = this.proxy.octets;
      quiet = 0;
    }
  }
}

/** What `vi.useFakeTimers` has to take over. */
export const FAKED: NonNullable<Parameters<typeof vi.useFakeTimers>[0]> = {
  toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
};

interface Parts {
  readonly watched: FakeWatchedPeople;
  readonly proxy: CuttingProxy;
}

function serverOptions(watched: FakeWatchedPeople, freshMs: number): Partial<HttpServerOptions> {
  return {
    watched,
    clock: systemClock,
    status: () => bridgeStatus(BEGAN),
    query: { find: (text, sees) => watched.resolve(text, sees), freshMs },
  };
}

/** Of a bridge that runs for long. */
const BEGAN = Date.UTC(2026, 0, 5, 8, 0, 0);

interface Look {
  readonly status?: Status | undefined;
  readonly confirmed?: boolean | undefined;
  readonly since?: number | undefined;
}

function asTold(person: PersonStatus | undefined): Look {
  const confirmed = person?.observedAt !== undefined;
  return { confirmed, status: confirmed ? person.status : 'unknown', since: confirmed ? person.since : undefined };
}

function looks({ status, confirmed, since }: Look): string {
  return JSON.stringify([status, confirmed, since]);
}

function truthsSince(moments: readonly Moment[], from: number): readonly Status[] {
  return moments
    .filter((_, index) => (moments[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from)
    .map(({ status }) => status);
}
