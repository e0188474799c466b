import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BridgeError } from '../../../../src/presence/errors.js';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { person } from '../../../support/people.js';
import { bearerOf } from '../../../support/token-book.js';

const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };
const BEN: SitePerson = { ...person('sip:ben@contoso.example', 'CN=Ben Ali/OU=Support/O=Contoso'), status: 'away' };
const HOUR = 3_600_000;

let site: AccessSite;
beforeAll(async () => {
  const people = ['*/Sales/Contoso'];
  site = await AccessSite.start(
    [ANA, BEN],
    [
      { name: 'pbx', scopes: ['others-status'], people },
      { name: 'reader', scopes: ['read', 'own-status'] },
    ],
  );
});
beforeEach(() => {
  site.said.length = 0;
  site.maySpeak = () => {};
});
afterAll(() => site.server.close());

const call = async (method: string, who: string, body?: unknown, holder = 'pbx') => {
  const path = `/api/v1/people/${encodeURIComponent(who)}/status`;
  const answer = await site.ask(method, path, bearerOf(holder), body);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const said = (change: Readonly<Record<string, unknown>> = {}) => ({
  status: 'busy',
  activity: 'on-the-phone',
  until: site.server.clock.now() + HOUR,
  ...change,
});

describe('/api/v1/people/{who}/status', () => {
  test('says a status of somebody by any name, and takes it back', async () => {
    const at = site.server.clock.now();
    const who = { at, address: ANA.uri, name: ANA.name };
    expect(await call('PUT', 'Ana Reyes/Sales/Contoso', said())).toEqual({
      status: 200,
      body: { ...who, said: said() },
    });
    expect(await call('DELETE', ANA.uri)).toEqual({ status: 200, body: { ...who, said: null } });
    expect(site.said).toEqual([
      ['pbx', ANA.key, said()],
      ['pbx', ANA.key, undefined],
    ]);
  });

  test('writes who did it to the audit log, with the person by key and no status', async () => {
    site.server.log.entries.length = 0;
    await call('PUT', ANA.uri, said());
    await call('DELETE', ANA.uri);
    const lines = site.server.log.entries.filter(({ event }) => event === 'audit.status-set');
    expect(lines.map(({ fields }) => fields)).toEqual([
      { holder: 'pbx', action: 'set', person: ANA.key, outcome: 'done' },
      { holder: 'pbx', action: 'clear', person: ANA.key, outcome: 'done' },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/busy|phone|reyes/i);
  });

  test('refuses a token without the scope with 403', async () => {
    expect(await call('PUT', ANA.uri, said(), 'reader')).toMatchObject({
      status: 403,
      body: { code: 'API_FORBIDDEN' },
    });
    expect(site.said).toEqual([]);
  });

  test("refuses without the person's leave with 403, and logs that", async () => {
    site.maySpeak = () => {
      throw new BridgeError('PERSON_NOT_ALLOWED', 'the person did not allow it to "pbx"');
    };
    expect(await call('PUT', ANA.uri, said())).toMatchObject({ status: 403, body: { code: 'PERSON_NOT_ALLOWED' } });
    expect(site.server.log.entries.at(-1)).toMatchObject({
      event: 'audit.status-set',
      fields: { holder: 'pbx', person: ANA.key, outcome: 'PERSON_NOT_ALLOWED' },
    });
  });

  test('logs few of many refusals, and every word that counts', async () => {
    site.maySpeak = () => {
      throw new BridgeError('PERSON_NOT_ALLOWED', 'the person did not allow it to "pbx"');
    };
    for (let turn = 0; turn < 30; turn++) await call('PUT', ANA.uri, said());
    site.maySpeak = () => {};
    site.server.log.entries.length = 0;
    for (let turn = 0; turn < 30; turn++) await call('PUT', ANA.uri, said());
    expect(site.server.log.entries.filter(({ event }) => event === 'audit.status-set')).toHaveLength(30);
    site.maySpeak = () => {
      throw new BridgeError('PERSON_NOT_ALLOWED', 'the person did not allow it to "pbx"');
    };
    site.server.log.entries.length = 0;
    for (let turn = 0; turn < 30; turn++) await call('PUT', ANA.uri, said());
    expect(site.server.log.entries).toEqual([]);
  });

  test.each([
    ['BRIDGE_STANDBY', 409],
    ['API_BUSY', 429],
  ] as const)('tells %s as %d', async (code, status) => {
    site.maySpeak = () => {
      throw new BridgeError(code, 'not now');
    };
    expect(await call('PUT', ANA.uri, said())).toMatchObject({ status, body: { code } });
  });

  test('knows nobody outside of the filter, leave or not', async () => {
    site.maySpeak = () => {
      throw new BridgeError('PERSON_NOT_ALLOWED', 'the person did not allow it to "pbx"');
    };
    const nobody = await call('PUT', 'Nobody/Sales/Contoso', said());
    expect(nobody).toMatchObject({ status: 404, body: { code: 'DIRECTORY_NOBODY' } });
    expect(await call('PUT', BEN.uri, said())).toEqual(nobody);
    expect(await call('DELETE', BEN.uri)).toEqual(nobody);
  });

  test.each([
    ['green', { status: 'available' }, /^status: /],
    ['nothing that a person can be', { status: 'on-fire' }, /^status: /],
    ['no end', { until: undefined }, /^until: /],
    ['an end that is over', { until: 1 }, /^until: this is over/],
    ['an activity that belies the status', { status: 'away' }, /^activity: "on-the-phone" goes with the status "busy"/],
    ['a note', { note: 'Room 4' }, /note/],
  ])('refuses %s', async (_what, change, message) => {
    const answer = await call('PUT', ANA.uri, said(change));
    expect(answer).toMatchObject({ status: 400, body: { code: 'API_BAD_REQUEST' } });
    expect(answer.body['message']).toMatch(message);
    expect(site.said).toEqual([]);
  });

  test('lets no word outlive the token that it was said with', async () => {
    const expires = site.server.clock.now() + HOUR / 2;
    site.tokens.set({ name: 'pbx', scopes: ['others-status'], people: ['*/Sales/Contoso'], expires });
    await site.server.clock.advance(1_000);
    expect((await call('PUT', ANA.uri, said())).body).toMatchObject({ said: { status: 'busy', until: expires } });
    expect(site.said).toEqual([['pbx', ANA.key, said({ until: expires })]]);
    site.silenced.length = 0;
    site.tokens.set({ name: 'pbx', scopes: ['others-status'], people: ['*/Sales/Contoso'] });
    await site.server.clock.advance(1_000);
    expect(site.silenced).toEqual(['pbx']);
  });

  test('takes an end 24 hours ahead, and none a millisecond later', async () => {
    const until = site.server.clock.now() + 24 * HOUR;
    expect((await call('PUT', ANA.uri, said({ until }))).status).toBe(200);
    expect(await call('PUT', ANA.uri, said({ until: until + 1 }))).toMatchObject({ status: 400 });
  });
});
