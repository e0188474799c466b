import { describe, expect, test } from 'vitest';
import type { SipServer } from '../../../../src/ocs/simulator/server/sip-server.js';
import { ana, ben, cleo, TestClient, testServer } from '../../../support/simulator-client.js';

const MACHINE = 0x3000_0000;

function state(kind: string, instance: number, availability: number, token = ''): string {
  const activity = token === '' ? '' : `<activity token="${token}"/>`;
  const expireType = kind === 'userState' ? 'static' : 'endpoint';
  return `<publication categoryName="state" instance="${instance}" container="2" version="0" expireType="${expireType}"><state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${kind}"><availability>${availability}</availability>${activity}</state></publication>`;
}

function endpoint(server: SipServer, number: number, availability: number): TestClient {
  const client = new TestClient(server, ben, `${number}${number}${number}${number}0000`);
  client.register();
  expect(client.publish(state('machineState', MACHINE | number, availability)).status).toBe(200);
  return client;
}

const seen = (server: SipServer): number | undefined => server.presenceOf(ben)?.availability;

describe('several endpoints of one user', () => {
  test('count by the most active machine, each until it signs off', () => {
    const { server } = testServer();
    const away = endpoint(server, 1, 15_500);
    expect(seen(server)).toBe(15_500);
    const active = endpoint(server, 2, 3500);
    expect(seen(server)).toBe(3500);
    const idle = endpoint(server, 3, 5000);
    active.close();
    expect(seen(server)).toBe(5000);
    idle.request('REGISTER', { headers: [['Expires', '0']] });
    expect(seen(server)).toBe(15_500);
    away.close();
    expect(seen(server)).toBe(18_500);
  });

  test('share what their user chose, which outlives the endpoint that published it', () => {
    const { server } = testServer();
    const office = endpoint(server, 1, 3500);
    const home = endpoint(server, 2, 3500);
    home.publish(state('userState', 0x2000_0000, 9500));
    expect(seen(server)).toBe(9500);
    home.close();
    expect(seen(server)).toBe(9500);
    office.close();
    expect(seen(server)).toBe(18_500);
    endpoint(server, 1, 3500);
    expect(seen(server)).toBe(9500);
  });

  test('show a call or a meeting of any of them', () => {
    const { server } = testServer();
    endpoint(server, 1, 3500);
    const phone = endpoint(server, 2, 5000);
    phone.publish(state('phoneState', 0x8000_0000, 6500, 'on-the-phone'));
    expect(server.presenceOf(ben)).toMatchObject({ availability: 6500, activity: 'on-the-phone' });
    phone.close();
    expect(server.presenceOf(ben)).toMatchObject({ availability: 3500, activity: '' });
  });

  test('are told to watchers only when the outcome changes', () => {
    const { server } = testServer();
    endpoint(server, 1, 3500);
    const watcher = new TestClient(server, ana);
    watcher.watch([ben]);
    endpoint(server, 2, 5000).close();
    expect(watcher.requests('BENOTIFY')).toEqual([]);
  });
});

describe('containers', () => {
  const note = (container: number, text: string): string =>
    `<publication categoryName="note" instance="0" container="${container}" version="0" expireType="static"><note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">${text}</body></note></publication>`;
  const members = (client: TestClient, id: number, uri: string): number =>
    client.request('SERVICE', {
      headers: [['Content-Type', 'application/msrtc-setcontainermembers+xml']],
      body: `<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management"><container id="${id}" version="0"><member action="add" type="user" value="${uri}"/></container></setContainerMembers>`,
    }).status;

  test('decide which note each watcher sees', () => {
    const { server } = testServer();
    const owner = endpoint(server, 1, 3500);
    expect(members(owner, 400, cleo)).toBe(200);
    expect(owner.publish(note(200, 'for all') + note(400, 'for friends')).status).toBe(200);
    expect(new TestClient(server, ana).watch([ben]).body.toString()).toContain('>for all<');
    expect(new TestClient(server, cleo).watch([ben]).body.toString()).toContain('>for friends<');
  });

  test('give a friend the note of all colleagues while there is none for friends', () => {
    const { server } = testServer();
    const owner = endpoint(server, 1, 3500);
    members(owner, 400, cleo);
    owner.publish(note(200, 'for all'));
    expect(new TestClient(server, cleo).watch([ben]).body.toString()).toContain('>for all<');
  });

  test('of the blocked show offline without a note, whatever follows', () => {
    const { server } = testServer();
    const owner = endpoint(server, 1, 3500);
    members(owner, 32_000, cleo);
    owner.publish(note(200, 'for all'));
    const blocked = new TestClient(server, cleo);
    const first = blocked.watch([ben]).body.toString();
    expect(first).toContain('<availability>18500</availability>');
    expect(first).not.toContain('for all');
    owner.publish(state('userState', 0x2000_0000, 9500));
    expect(blocked.requests('BENOTIFY').every(({ body }) => body.toString().includes('18500'))).toBe(true);
  });
});
