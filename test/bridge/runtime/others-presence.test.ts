import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_ENGINE_CONFIG } from '../../../src/bridge/engine/state.js';
import { Bridge } from '../../../src/bridge/runtime/bridge.js';
import type { ErrorCode } from '../../../src/presence/errors.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { MemoryStore, ScriptedSource } from '../../support/bridge-stand-ins.js';
import { person, rosterOf } from '../../support/people.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';

const ana = person('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso');
const ben = person('sip:ben.okoro@contoso.example');
const cleo = person('sip:cleo.vogt@contoso.example');
const HOUR = 3_600_000;

let clock: SimulatedClock;
let source: ScriptedSource;
let store: MemoryStore;
let bridge: Bridge;
let told: SipUri[];

beforeEach(async () => {
  clock = new SimulatedClock();
  store = new MemoryStore();
  source = new ScriptedSource(clock);
  const config = { ...DEFAULT_ENGINE_CONFIG, bridge: 'test', version: '0', notes: false };
  bridge = new Bridge(config, { source, store, clock, random: seededRandom(), log: recordingLog() });
  bridge.start({ ...rosterOf([ana, ben]), consents: new Map([[ana.key, new Set(['calendar'])]]) });
  await clock.advance(0);
  source.link('connected');
  for (const { uri } of [ana, ben]) {
    source.says({ uri, state: { availability: 3500, activity: '', publishedAt: clock.now() } }, 'first');
  }
  await clock.advance(5_000);
  told = [];
  bridge.watched.onPresence((uris) => told.push(...uris));
});

const until = (ahead = HOUR): number => clock.now() + ahead;

function codeOf(work: () => void): ErrorCode | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return (thrown as { code: ErrorCode }).code;
  }
}

describe('the status that an application sets for somebody', () => {
  test('is told at once, by whom it comes, written, and ends by itself', async () => {
    bridge.others.assert(ana.key, 'calendar', { status: 'busy', activity: 'in-a-meeting', until: until() });
    expect(told).toEqual([ana.uri]);
    expect(bridge.watched.byAddress(ana.uri)).toMatchObject({
      ...{ status: 'busy', activity: 'in-a-meeting', source: 'application', written: false },
      since: Math.floor(clock.now() / 1000) * 1000,
    });
    await clock.advance(5_000);
    expect(store.records.get(ana.key)?.snapshot).toMatchObject({ status: 'busy', activity: 'in-a-meeting' });
    await clock.advance(HOUR);
    expect(bridge.watched.byAddress(ana.uri)).toMatchObject({ status: 'available', source: 'ocs', written: true });
  });

  test('is taken back by the application, and by nobody else', () => {
    bridge.others.assert(ana.key, 'calendar', { status: 'away', until: until() });
    bridge.others.retract(ana.key, 'telephone');
    expect(bridge.watched.byAddress(ana.uri)?.status).toBe('away');
    bridge.others.retract(ana.key, 'calendar');
    bridge.others.retract(ana.key, 'calendar');
    bridge.others.retract(cleo.key, 'calendar');
    expect(bridge.watched.byAddress(ana.uri)?.status).toBe('available');
  });

  test('is told with its reason, also where OCS says more', () => {
    const word = { status: 'busy', until: until() } as const;
    bridge.others.assert(ana.key, 'calendar', word);
    const application = { ...word, holder: 'calendar', setAt: clock.now() };
    expect(bridge.watched.explain(ana.uri)).toMatchObject({
      ...{ rule: 'application-says-so', application, ocs: { status: 'available' }, person: { status: 'busy' } },
    });
    source.says({ uri: ana.uri, state: { availability: 9500, activity: '', publishedAt: clock.now() } });
    expect(bridge.watched.explain(ana.uri)).toMatchObject({
      ...{ rule: 'application-overruled', application, ocs: { status: 'do-not-disturb' } },
    });
    source.link('transient-disconnect');
    expect(bridge.watched.explain(ana.uri)).toMatchObject({ rule: 'bridge-disconnected', application });
  });

  test('is refused without consent, for strangers, and with an end that cannot be', () => {
    const assert = (who: typeof ana, holder: string, end: number) => () =>
      bridge.others.assert(who.key, holder, { status: 'busy', until: end });
    expect(codeOf(assert(ben, 'calendar', until()))).toBe('PERSON_NOT_ALLOWED');
    expect(codeOf(assert(ana, 'crm', until()))).toBe('PERSON_NOT_ALLOWED');
    expect(codeOf(assert(cleo, 'calendar', until()))).toBe('DIRECTORY_NOBODY');
    expect(codeOf(assert(ana, 'calendar', clock.now()))).toBe('API_BAD_REQUEST');
    expect(codeOf(assert(ana, 'calendar', until(24 * HOUR + 1)))).toBe('API_BAD_REQUEST');
    expect([codeOf(assert(ana, 'calendar', until(24 * HOUR))), told]).toEqual([undefined, [ana.uri]]);
  });

  test('is refused by a bridge on standby, which forgets what was said', () => {
    bridge.others.assert(ana.key, 'calendar', { status: 'busy', until: until() });
    bridge.setRole({ state: 'standby', holder: 'srv2' });
    expect(codeOf(() => bridge.others.assert(ana.key, 'calendar', { status: 'busy', until: until() }))).toBe(
      'BRIDGE_STANDBY',
    );
    bridge.setRole({ state: 'active', epoch: 5 });
    expect(bridge.watched.byAddress(ana.uri)?.source).toBe('none');
  });

  test('ends with the consent', () => {
    bridge.others.assert(ana.key, 'calendar', { status: 'busy', until: until() });
    bridge.setRoster(rosterOf([ana, ben]));
    expect([bridge.watched.byAddress(ana.uri)?.status, told]).toEqual(['available', [ana.uri, ana.uri]]);
  });

  test('is refused by a bridge that was stopped', async () => {
    await Promise.all([bridge.stop(), clock.advance(20_000)]);
    expect(codeOf(() => bridge.others.assert(ana.key, 'calendar', { status: 'busy', until: until() }))).toBe(
      'BRIDGE_STANDBY',
    );
  });
});
