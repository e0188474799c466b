import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { createOcsSource, type OcsSource } from '../../src/ocs/source.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { type Kamailio, kamailioMissing, startKamailio } from '../support/kamailio.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const skip = kamailioMissing();
if (skip !== undefined) process.stdout.write(`skipped: own status and messages before Kamailio (${skip})\n`);

const BRIDGE = sip('bridge@contoso.example');
const ALICE = sip('alice@contoso.example');

describe.skipIf(skip !== undefined)('our account before a plain SIP presence server', () => {
  let kamailio: Kamailio;
  const sources: OcsSource[] = [];
  beforeAll(async () => {
    kamailio = await startKamailio();
  }, 20_000);
  afterEach(async () => {
    await Promise.all(sources.splice(0).map((source) => source.stop()));
  });
  afterAll(() => kamailio.stop());

  async function signIn(account: SipUri, watched: readonly SipUri[] = []) {
    const people = new Map<SipUri, Snapshot>();
    let state = '';
    const source = createOcsSource(
      {
        account,
        user: account.slice(4, account.indexOf('@')),
        domain: '',
        password: 'secret',
        server: { host: '127.0.0.1', port: kamailio.port, transport: 'tcp' },
        dialect: 'sip',
        notes: true,
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    sources.push(source);
    source.watch(watched);
    source.start({
      onLink: (report) => {
        state = report.state;
      },
      onObservations(observations, authoritative) {
        for (const one of observations) {
          const before = people.get(one.uri) ?? unknownSnapshot(one.uri);
          people.set(one.uri, merge(before, one, { now: Date.now(), notes: true, authoritative }));
        }
      },
      onLost: () => {},
    });
    await vi.waitFor(() => expect(state).toBe('connected'), { timeout: 5_000 });
    return { ...source, people };
  }

  test('a status that is published, changed and removed reaches a watcher', async () => {
    const { people } = await signIn(ALICE, [BRIDGE]);
    const { own } = await signIn(BRIDGE);
    const seen = () => people.get(BRIDGE);
    await own.publish({ status: 'busy', activity: 'in-a-meeting', note: 'Röom 4' });
    await vi.waitFor(() => expect(seen()).toMatchObject({ status: 'busy', activity: 'in-a-meeting', note: 'Röom 4' }), {
      timeout: 5_000,
    });
    await own.publish({ status: 'away' });
    await vi.waitFor(() => expect(seen()).toMatchObject({ status: 'away', note: '' }), { timeout: 5_000 });
    await own.clear();
    await vi.waitFor(() => expect(seen()?.status).not.toBe('away'), { timeout: 5_000 });
  });

  test('texts go both ways outside of a dialog, and one to nobody fails with the reason', async () => {
    const [bridge, alice] = [await signIn(BRIDGE), await signIn(ALICE)];
    const heard: string[] = [];
    alice.messages.onMessage(({ from, text }) => heard.push(`${from}: ${text}`));
    await bridge.messages.send(ALICE, 'grüße\n☺');
    expect(heard).toEqual([`${BRIDGE}: grüße\n☺`]);
    await expect(alice.messages.send(BRIDGE, 'nobody listens')).rejects.toMatchObject({ details: { status: 480 } });
    await expect(bridge.messages.send(sip('nobody@contoso.example'), 'x')).rejects.toMatchObject({
      code: 'OCS_MESSAGE',
      details: { status: 404 },
    });
  });
});
