import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_ENGINE_CONFIG, type EngineConfig } from '../../src/bridge/engine/state.js';
import type { Clock, Person } from '../../src/bridge/ports.js';
import { Bridge } from '../../src/bridge/runtime/bridge.js';
import { BridgeError } from '../../src/presence/errors.js';
import { MemoryStore, ScriptedSource } from '../support/bridge-stand-ins.js';
import { person, rosterOf } from '../support/people.js';
import { recordingLog } from '../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../support/simulated-clock.js';

const ana = person('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso');
const ben = person('sip:ben.okoro@contoso.example', 'CN=Ben Okoro/O=Contoso');
const config: EngineConfig = { ...DEFAULT_ENGINE_CONFIG, bridge: 'test', version: '0', notes: false };

const clock = (): SimulatedClock => new SimulatedClock();

class Scene {
  readonly clock = clock();
  readonly source = new ScriptedSource(this.clock);
  readonly store: MemoryStore;
  readonly bridge: Bridge;

  readonly #people: readonly Person[];

  readonly log = recordingLog();
  mayWrite = true;
  /** How long the process stood still, so far. */
  stoodStill = 0;

  constructor(store = new MemoryStore(), bridge = config.bridge, people: readonly Person[] = [ana, ben]) {
    this.store = store;
    this.#people = people;
    const clock: Clock = {
      now: () => this.clock.now() + this.stoodStill,
      monotonic: () => this.clock.monotonic() + this.stoodStill,
      after: (delay, callback) => this.clock.after(delay, callback),
    };
    const ports = { source: this.source, store, clock, random: seededRandom(), log: this.log };
    this.bridge = new Bridge({ ...config, bridge, reconcileAt: '02:30' }, { ...ports, mayWrite: () => this.mayWrite });
  }

  async begin(): Promise<void> {
    this.bridge.start(rosterOf(this.#people));
    await this.clock.advance(0);
    this.source.link('connected');
  }

  says(who: typeof ana, availability: number, first: 'first' | 'later' = 'later'): void {
    this.source.says({ uri: who.uri, state: { availability, activity: '', publishedAt: this.clock.now() } }, first);
  }

  /** From now on writes take effect but are not answered until the returned function is called. */
  holdAnswers(): () => void {
    let answer = (): void => undefined;
    this.store.answerAfter = new Promise((resolve) => {
      answer = resolve;
    });
    return () => {
      this.store.answerAfter = undefined;
      answer();
    };
  }

  statusOf(who: typeof ana): string | undefined {
    return this.store.records.get(who.key)?.snapshot.status;
  }

  shownOf(who: typeof ana): string | undefined {
    return this.bridge.watched.all().find(({ uri }) => uri === who.uri)?.status;
  }
}

describe('a bridge between OCS and Domino', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = new Scene();
    await scene.begin();
  });

  test('watches the people of the roster', () => {
    expect(scene.source.watched).toEqual([ana.uri, ben.uri]);
  });

  test('writes the first state of a person after the window', async () => {
    scene.says(ana, 3500, 'first');
    expect(scene.statusOf(ana)).toBeUndefined();
    await scene.clock.advance(config.windowMs);
    expect(scene.statusOf(ana)).toBe('available');
  });

  test('writes once for many changes within the window, and the last one wins', async () => {
    scene.says(ana, 3500, 'first');
    for (const availability of [6500, 9500, 15500]) scene.says(ana, availability);
    await scene.clock.advance(config.windowMs);
    expect(scene.store.writes).toBe(1);
    expect(scene.statusOf(ana)).toBe('away');
  });

  test('does not write a state that stands there already', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.says(ana, 3600);
    await scene.clock.advance(config.windowMs);
    expect(scene.store.writes).toBe(1);
  });

  test('writes people who left available before others', async () => {
    const many = Array.from({ length: 300 }, (_, index) => person(`sip:p${index}@contoso.example`));
    scene.bridge.setRoster(rosterOf([ana, ...many]));
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    let answer = (): void => undefined;
    scene.store.answerAfter = new Promise((resolve) => {
      answer = resolve;
    });
    for (const one of many) scene.says(one, 3500, 'first');
    scene.says(ana, 6500);
    await scene.clock.advance(config.windowMs);
    expect(scene.statusOf(ana)).toBe('busy');
    expect(scene.store.records.size).toBe(100);
    // Full batches follow one another without waiting for more.
    answer();
    await scene.clock.advance(config.windowMs);
    expect(scene.store.records.size).toBe(301);
  });

  test('keeps the document of somebody who came back after Domino had refused to delete it', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.store.refused.set(ana.key, new BridgeError('NOTES_BAD_REQUEST', 'not now'));
    scene.bridge.setRoster(rosterOf([ben]));
    await scene.clock.advance(config.windowMs);
    scene.store.refused.clear();
    scene.bridge.setRoster(rosterOf([ana, ben]));
    scene.says(ana, 6500, 'first');
    await scene.clock.advance(config.refusedMs + 2 * config.windowMs);
    expect(scene.statusOf(ana)).toBe('busy');
  });

  test('shows unknown at once when OCS is lost, and leaves documents alone during the grace', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.source.link('transient-disconnect');
    expect(scene.shownOf(ana)).toBe('unknown');
    await scene.clock.advance(config.graceMs - 1000);
    expect(scene.statusOf(ana)).toBe('available');
  });

  test('writes unknown into every document after the grace, however often the link flaps meanwhile', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.source.link('transient-disconnect');
    for (let second = 0; second < 30; second += 5) {
      scene.source.link('connecting');
      scene.source.link('transient-disconnect');
      await scene.clock.advance(5000);
    }
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('is right again after OCS came back, without a write for what did not change within the grace', async () => {
    scene.says(ana, 3500, 'first');
    scene.says(ben, 6500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.source.link('transient-disconnect');
    await scene.clock.advance(5000);
    scene.source.link('connected');
    scene.says(ana, 3500, 'first');
    scene.says(ben, 15500, 'first');
    await scene.clock.advance(config.windowMs);
    expect([scene.statusOf(ana), scene.statusOf(ben), scene.store.writes]).toEqual(['available', 'away', 3]);
  });

  test('calls people unknown who get no answer in time after sign-in', async () => {
    await scene.clock.advance(config.answerMs + config.windowMs);
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('calls a person unknown at once whose presence OCS refuses', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.source.loses(ana.uri);
    await scene.clock.advance(config.windowMs);
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('removes the document of a person who left the roster', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.bridge.setRoster(rosterOf([ben]));
    await scene.clock.advance(config.windowMs);
    expect(scene.store.records.has(ana.key)).toBe(false);
    expect(scene.source.watched).toEqual([ben.uri]);
  });

  test('writes a heartbeat each interval and at each change of the link', async () => {
    const before = scene.store.heartbeats.length;
    await scene.clock.advance(config.heartbeatMs);
    scene.source.link('transient-disconnect');
    await scene.clock.advance(0);
    const [regular, lost] = scene.store.heartbeats.slice(before);
    expect([regular?.connected, lost?.connected]).toEqual([true, false]);
  });

  test('keeps the newest state per person while Domino is away, and writes it when it is back', async () => {
    scene.says(ben, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.store.failure = new BridgeError('NOTES_UNREACHABLE', 'gone');
    for (const availability of [3500, 6500, 15500]) {
      scene.says(ana, availability);
      await scene.clock.advance(10_000);
    }
    expect(scene.bridge.status().pendingWrites).toBe(1);
    scene.store.failure = undefined;
    await scene.clock.advance(600_000);
    expect([scene.statusOf(ana), scene.store.writes]).toEqual(['away', 2]);
  });

  test('writes again after a lost answer, and never twice at the same time', async () => {
    scene.store.lostAnswer = new BridgeError('NOTES_TIMEOUT', 'no answer');
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.store.lostAnswer = undefined;
    scene.says(ana, 6500);
    await scene.clock.advance(60_000);
    expect(scene.statusOf(ana)).toBe('busy');
  });

  test('asks a store ever more rarely that opens but cannot write', async () => {
    scene.store.writeFailure = new BridgeError('NOTES_STORAGE', 'disk full');
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(600_000);
    expect(scene.store.opened).toBeLessThan(40);
    scene.store.writeFailure = undefined;
    await scene.clock.advance(600_000);
    expect(scene.statusOf(ana)).toBe('available');
  });

  test('sets a refused document aside, goes on with the others, and tries it again later', async () => {
    scene.store.refused.set(ana.key, new BridgeError('NOTES_BAD_REQUEST', 'read only'));
    scene.says(ana, 3500, 'first');
    scene.says(ben, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    expect([scene.statusOf(ana), scene.statusOf(ben)]).toEqual([undefined, 'available']);
    scene.store.refused.clear();
    await scene.clock.advance(config.refusedMs + config.windowMs);
    expect(scene.statusOf(ana)).toBe('available');
  });

  test('writes unknown and a last heartbeat when it is stopped', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    const stopped = scene.bridge.stop();
    await scene.clock.advance(1000);
    await stopped;
    expect(scene.statusOf(ana)).toBe('unknown');
    expect(scene.store.heartbeats.at(-1)?.connected).toBe(false);
    expect([scene.source.stopped, scene.store.closed, scene.clock.pendingTimers]).toEqual([true, true, 0]);
  });

  test('ends within its time even when a call to Domino never returns', async () => {
    scene.store.hangs = true;
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    let ended = false;
    void scene.bridge.stop().then(() => {
      ended = true;
    });
    await scene.clock.advance(11_000);
    expect(ended).toBe(true);
  });

  test('after a restart writes nothing for people who did not change', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    const { publishedAt } = { publishedAt: scene.clock.now() - config.windowMs };
    const next = new Scene(scene.store);
    await next.begin();
    next.source.says({ uri: ana.uri, state: { availability: 3500, activity: '', publishedAt } }, 'first');
    await next.clock.advance(config.windowMs);
    expect(next.store.writes).toBe(1);
  });

  test('writes again when a person goes back to the written state while another is being written', async () => {
    const busy = { availability: 6500, publishedAt: scene.clock.now() };
    scene.source.says({ uri: ana.uri, state: { ...busy, activity: '' } }, 'first');
    await scene.clock.advance(config.windowMs);
    const answer = scene.holdAnswers();
    scene.source.says({ uri: ana.uri, state: { ...busy, activity: 'on-the-phone' } });
    await scene.clock.advance(config.windowMs);
    scene.source.says({ uri: ana.uri, state: { ...busy, activity: '' } });
    answer();
    await scene.clock.advance(config.windowMs);
    expect(scene.store.records.get(ana.key)?.snapshot.activity).toBe('');
  });

  test('does not leave "available" behind when OCS refuses a person whose document is being written', async () => {
    scene.source.loses(ana.uri);
    await scene.clock.advance(config.windowMs);
    const answer = scene.holdAnswers();
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.source.loses(ana.uri);
    answer();
    await scene.clock.advance(config.windowMs);
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('writes once when the same roster comes again during a write', async () => {
    const answer = scene.holdAnswers();
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.bridge.setRoster(rosterOf([{ ...ana }, { ...ben }]));
    answer();
    await scene.clock.advance(5 * config.windowMs);
    expect(scene.store.writes).toBe(1);
  });

  test('tries again to remove a document that could not be removed', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.store.refused.set(ana.key, new BridgeError('NOTES_BAD_REQUEST', 'locked'));
    scene.bridge.setRoster(rosterOf([ben]));
    await scene.clock.advance(config.windowMs);
    expect(scene.store.records.has(ana.key)).toBe(true);
    scene.store.refused.clear();
    await scene.clock.advance(config.refusedMs + config.windowMs);
    expect(scene.store.records.has(ana.key)).toBe(false);
  });

  test('tries a refused document again in time although others are refused meanwhile', async () => {
    const others = Array.from({ length: 10 }, (_, index) => person(`sip:p${index}@contoso.example`));
    scene.bridge.setRoster(rosterOf([ana, ...others]));
    for (const other of others) scene.says(other, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    for (const one of [ana, ...others]) scene.store.refused.set(one.key, new BridgeError('NOTES_BAD_REQUEST', 'x'));
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.store.refused.delete(ana.key);
    for (const other of others) {
      scene.says(other, 6500);
      await scene.clock.advance(config.refusedMs / 5);
    }
    expect(scene.statusOf(ana)).toBe('available');
  });

  test('asks a store ever more rarely that takes heartbeats but fails at people', async () => {
    const store = new (class extends MemoryStore {
      override write(): Promise<never> {
        return Promise.reject(new BridgeError('NOTES_INTERNAL', 'planted'));
      }
    })();
    const unlucky = new Scene(store);
    await unlucky.begin();
    unlucky.says(ana, 3500, 'first');
    await unlucky.clock.advance(600_000);
    expect(store.opened).toBeLessThan(40);
  });

  test('believes no document that arrives without a link', async () => {
    scene.source.link('transient-disconnect');
    scene.says(ana, 3500);
    expect(scene.shownOf(ana)).toBe('unknown');
  });

  test('hears nothing more of OCS once it is being stopped', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    const stopped = scene.bridge.stop();
    scene.source.link('connected');
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(1000);
    await stopped;
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('gives a refused document a last chance when it is stopped', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    scene.store.refused.set(ana.key, new BridgeError('NOTES_BAD_REQUEST', 'locked'));
    scene.says(ana, 6500);
    await scene.clock.advance(config.windowMs);
    scene.store.refused.clear();
    const stopped = scene.bridge.stop();
    await scene.clock.advance(1000);
    await stopped;
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('writes unknown in the end when OCS lets it in again and again without saying anything', async () => {
    scene.says(ana, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    for (let second = 0; second < 70; second += 10) {
      scene.source.link('transient-disconnect');
      await scene.clock.advance(5000);
      scene.source.link('connected');
      await scene.clock.advance(5000);
    }
    expect(scene.statusOf(ana)).toBe('unknown');
  });

  test('leaves documents of people alone that another bridge watches', async () => {
    const shared = new MemoryStore();
    const other = new Scene(shared, 'other', [ben]);
    await other.begin();
    other.says(ben, 3500, 'first');
    await other.clock.advance(config.windowMs);
    const mine = new Scene(shared, 'mine', [ana]);
    await mine.begin();
    await mine.clock.advance(config.windowMs);
    expect(mine.statusOf(ben)).toBe('available');
  });

  test('takes over the document of a person whom another bridge watched before, though the status is the same', async () => {
    const shared = new MemoryStore();
    const other = new Scene(shared, 'other', [ana]);
    await other.begin();
    const state = { availability: 3500, activity: '', publishedAt: other.clock.now() };
    other.source.says({ uri: ana.uri, state }, 'first');
    await other.clock.advance(config.windowMs);
    const mine = new Scene(shared, 'mine', [ana]);
    await mine.begin();
    mine.source.says({ uri: ana.uri, state }, 'first');
    await mine.clock.advance(config.windowMs);
    expect(shared.records.get(ana.key)).toMatchObject({ bridge: 'mine', epoch: 2 });
  });

  test('says since when OCS is lost, however many attempts have failed since', async () => {
    const lostAt = scene.clock.now();
    for (let attempt = 0; attempt < 5; attempt++) {
      scene.source.link('transient-disconnect');
      await scene.clock.advance(10_000);
    }
    expect(scene.bridge.status().ocs).toMatchObject({ state: 'transient-disconnect', since: lostAt });
  });

  test('says when Domino is asked again, and nothing of that once it is back', async () => {
    scene.store.failure = new BridgeError('NOTES_UNREACHABLE', 'gone');
    await scene.clock.advance(config.heartbeatMs + 60_000);
    expect(scene.bridge.status().notes.retryAt).toBeGreaterThan(scene.clock.now());
    scene.store.failure = undefined;
    await scene.clock.advance(600_000);
    expect(scene.bridge.status().notes).not.toHaveProperty('retryAt');
  });

  test.each(['NOTES_DRIVER_MISSING', 'NOTES_SCHEMA'] as const)('gives up when it cannot begin: %s', async (code) => {
    const store = new MemoryStore();
    store.failure = new BridgeError(code, 'planted');
    const hopeless = new Scene(store);
    await hopeless.begin();
    await expect(hopeless.bridge.failed).resolves.toMatchObject({ code, exitCode: 78 });
  });

  test('waits out the same failure once it has begun', async () => {
    scene.store.failure = new BridgeError('NOTES_SCHEMA', 'a newer bridge was here');
    let failed = false;
    void scene.bridge.failed.then(() => {
      failed = true;
    });
    await scene.clock.advance(600_000);
    expect(failed).toBe(false);
  });

  test('gives up after repeated mistakes of its own', async () => {
    scene.store.failure = new BridgeError('INTERNAL', 'planted');
    await scene.clock.advance(600_000);
    await expect(scene.bridge.failed).resolves.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a running bridge', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = new Scene();
    await scene.begin();
    scene.says(ana, 3500, 'first');
    scene.says(ben, 3500, 'first');
    await scene.clock.advance(config.windowMs);
  });
  const events = (name: string): number => scene.log.entries.filter(({ event }) => event === name).length;

  test('compares all documents every night, and writes only what differs', async () => {
    const writes = scene.store.writes;
    scene.store.records.delete(ben.key);
    await scene.clock.advance(24 * 3_600_000);
    expect(scene.bridge.status().reconciled).toMatchObject({ cause: 'nightly', documents: 1, missing: 1 });
    expect([scene.store.opened, scene.store.writes - writes]).toEqual([2, 1]);
    expect(scene.statusOf(ben)).toBe('available');
  });

  test('compares them on demand, and says what it found', async () => {
    scene.store.edited.add(ana.key);
    const facts = scene.bridge.reconcile();
    await scene.clock.advance(config.windowMs);
    expect(await facts).toMatchObject({ cause: 'demand', documents: 2, spoilt: 1, missing: 0 });
    expect(scene.store.edited.size).toBe(0);
  });

  test('does not wait for its next attempt when somebody demands a comparison', async () => {
    scene.store.failure = new BridgeError('NOTES_FORBIDDEN', 'no right');
    scene.says(ana, 6500);
    await scene.clock.advance(10_000);
    scene.store.failure = undefined;
    const facts = scene.bridge.reconcile();
    await scene.clock.advance(config.windowMs);
    expect(await facts).toMatchObject({ documents: 2 });
    expect(scene.statusOf(ana)).toBe('busy');
  });

  test('says why a comparison failed', async () => {
    scene.store.failure = new BridgeError('NOTES_UNREACHABLE', 'gone');
    const facts = scene.bridge.reconcile();
    facts.catch(() => undefined);
    await scene.clock.advance(0);
    await expect(facts).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
  });

  test('compares nothing on standby, and leaves nobody waiting', async () => {
    scene.store.hangs = true;
    const facts = scene.bridge.reconcile();
    scene.bridge.setRole({ state: 'standby', holder: 'srv2' });
    await expect(facts).rejects.toMatchObject({ code: 'BRIDGE_STANDBY' });
    await expect(scene.bridge.reconcile()).rejects.toMatchObject({ code: 'BRIDGE_STANDBY' });
    expect(scene.bridge.status()).toMatchObject({ role: { state: 'standby', holder: 'srv2' }, epoch: 1 });
  });

  test('drops what waits for Domino when it loses its role, and hears no answer of what was under way', async () => {
    const answer = scene.holdAnswers();
    scene.says(ana, 6500);
    await scene.clock.advance(config.windowMs);
    scene.says(ben, 6500);
    scene.bridge.setRole({ state: 'standby', holder: 'srv2' });
    answer();
    await scene.clock.advance(60_000);
    expect([scene.statusOf(ben), scene.source.watched]).toEqual(['available', []]);
    expect(scene.bridge.status().counts.unknown).toBe(2);
    const beats = scene.store.heartbeats.length;
    await scene.clock.advance(600_000);
    expect(scene.store.heartbeats.length).toBe(beats);
  });

  test('asks right before each call whether it may write, and asks again soon', async () => {
    scene.mayWrite = false;
    scene.says(ana, 6500);
    const beats = scene.store.heartbeats.length;
    await scene.clock.advance(60_000);
    expect([scene.statusOf(ana), scene.store.heartbeats.length]).toEqual(['available', beats]);
    expect(scene.bridge.status().notes.state).toBe('connected');
    scene.mayWrite = true;
    await scene.clock.advance(2_000);
    expect(scene.statusOf(ana)).toBe('busy');
  });

  test('believes nothing that it knew after the process stood still, until OCS says it anew', async () => {
    scene.stoodStill = 600_000;
    await scene.clock.advance(11_000);
    expect([scene.shownOf(ana), events('bridge.gap')]).toEqual(['unknown', 1]);
    expect(scene.store.heartbeats.at(-1)?.connected).toBe(false);
    expect(scene.source.watched).toEqual([ana.uri, ben.uri]);
    scene.says(ana, 6500, 'first');
    scene.says(ben, 3500, 'first');
    await scene.clock.advance(config.windowMs);
    expect([scene.statusOf(ana), scene.statusOf(ben)]).toEqual(['busy', 'available']);
    expect(scene.store.heartbeats.at(-1)?.connected).toBe(true);
  });

  test('believes nothing of what it knew before it hears the first word after standing still', () => {
    scene.stoodStill = 600_000;
    scene.says(ana, 6500);
    expect([scene.shownOf(ana), scene.shownOf(ben)]).toEqual(['busy', 'unknown']);
  });

  test('watches everybody anew after it stood still, since its connection may not have noticed', async () => {
    const watched: number[] = [];
    const { watch } = scene.source;
    scene.source.watch = (uris) => {
      watched.push(uris.length);
      watch.call(scene.source, uris);
    };
    scene.stoodStill = 31_000;
    await scene.clock.advance(20_000);
    expect(watched).toEqual([0, 2]);
  });

  test('names documents that are refused, with their reason', async () => {
    scene.store.refused.set(ana.key, new BridgeError('NOTES_BAD_REQUEST', 'read only'));
    scene.says(ana, 6500);
    await scene.clock.advance(config.windowMs);
    expect(scene.bridge.status().refused).toEqual([{ key: ana.key, code: 'NOTES_BAD_REQUEST' }]);
  });

  test('that meets a newer schema at night stops writing and says so, but does not end', async () => {
    let failed = false;
    void scene.bridge.failed.then(() => {
      failed = true;
    });
    scene.store.failure = new BridgeError('NOTES_SCHEMA', 'a newer bridge was here');
    await scene.clock.advance(24 * 3_600_000);
    const opened = events('bridge.store-failed');
    scene.says(ana, 6500);
    await scene.clock.advance(3_600_000);
    expect([failed, scene.statusOf(ana)]).toEqual([false, 'available']);
    expect(scene.bridge.status().notes).toMatchObject({ state: 'refused', error: { code: 'NOTES_SCHEMA' } });
    // Every five minutes, about.
    expect(events('bridge.store-failed') - opened).toBeGreaterThan(9);
    expect(events('bridge.store-failed') - opened).toBeLessThan(15);
  });

  test('takes in a roster of ten thousand others without a gap for those who stay', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => person(`sip:p${index}@contoso.example`));
    scene.bridge.setRoster(rosterOf([ana, ...many]));
    expect(scene.shownOf(ana)).toBe('available');
    scene.says(ana, 6500);
    await scene.clock.advance(config.windowMs);
    expect([scene.statusOf(ana), scene.source.watched.length]).toEqual(['busy', 10_001]);
  });
});

describe('convergence', () => {
  const change = fc.record({
    who: fc.constantFrom(ana, ben),
    availability: fc.constantFrom(0, 3500, 5000, 6500, 9500, 12500, 15500, 18500),
    activity: fc.constantFrom('', 'on-the-phone'),
    fault: fc.constantFrom(
      ...(['none', 'none', 'store-away', 'answer-lost', 'answer-late', 'link-lost', 'one-refused'] as const),
      ...(['person-lost', 'roster-again', 'roster-shrinks'] as const),
    ),
    wait: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 40_000 })),
  });

  test('documents end at the truth after any faults, with one document per person', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
        const scene = new Scene();
        const truth = new Map([ana, ben].map((who) => [who, 18500]));
        const tellAll = (): void => {
          for (const [who, availability] of truth) scene.says(who, availability, 'first');
        };
        await scene.begin();
        tellAll();
        let connected = true;
        for (const { who, availability, activity, fault, wait } of changes) {
          scene.store.failure = fault === 'store-away' ? new BridgeError('NOTES_UNREACHABLE', 'x') : undefined;
          scene.store.lostAnswer = fault === 'answer-lost' ? new BridgeError('NOTES_TIMEOUT', 'x') : undefined;
          scene.store.answerAfter = undefined;
          if (fault === 'answer-late') {
            scene.store.answerAfter = new Promise((resolve) => scene.clock.after(3 * config.windowMs, resolve));
          }
          scene.store.refused.clear();
          if (fault === 'one-refused') scene.store.refused.set(who.key, new BridgeError('NOTES_BAD_REQUEST', 'x'));
          if (fault === 'link-lost') {
            scene.source.link('transient-disconnect');
            connected = false;
          } else if (!connected) {
            scene.source.link('connected');
            tellAll();
            connected = true;
          }
          truth.set(who, availability);
          const state = { availability, activity, publishedAt: scene.clock.now() };
          if (connected) scene.source.says({ uri: who.uri, state });
          if (fault === 'person-lost') scene.source.loses(who.uri);
          if (fault === 'roster-again') scene.bridge.setRoster(rosterOf([{ ...ana }, { ...ben }]));
          if (fault === 'roster-shrinks') {
            scene.bridge.setRoster(rosterOf([who]));
            await scene.clock.advance(wait % 300);
            scene.bridge.setRoster(rosterOf([ana, ben]));
          }
          await scene.clock.advance(wait);
          for (const one of connected ? [] : [ana, ben]) expect(scene.shownOf(one)).toBe('unknown');
        }
        scene.store.failure = undefined;
        scene.store.lostAnswer = undefined;
        scene.store.refused.clear();
        if (!connected) {
          scene.source.link('connected');
          tellAll();
        }
        await scene.clock.advance(700_000);
        for (const who of [ana, ben]) {
          const { status, activity } = scene.bridge.watched.all().find(({ uri }) => uri === who.uri) ?? {};
          expect(scene.store.records.get(who.key)?.snapshot).toMatchObject({ status, activity });
        }
        expect(scene.bridge.status().pendingWrites).toBe(0);
        expect(scene.store.records.size).toBe(2);
      }),
      { numRuns: 60 },
    );
  });
});
