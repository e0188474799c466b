import { describe, expect, test } from 'vitest';
import { headerOf, type SipResponse } from '../../../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS, type SimulatorLimits } from '../../../../src/ocs/simulator/options.js';
import { ana, ben, cleo, TestClient, testServer, toTagOf } from '../../../support/simulator-client.js';

const limited = (limits: Partial<SimulatorLimits>) => testServer({ limits: { ...DEFAULT_LIMITS, ...limits } });

function single(client: TestClient, to: string): SipResponse {
  return client.request('SUBSCRIBE', {
    to,
    callId: `single ${to}`,
    headers: [
      ['Event', 'presence'],
      ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
    ],
  });
}

describe('the limit of watchers of one person', () => {
  test('refuses that person alone, with the number of the cause', () => {
    const { server } = limited({ watchersPerPerson: 1 });
    const first = new TestClient(server, ana);
    first.watch([cleo]);
    const second = new TestClient(server, ben);
    const response = second.watch([cleo, ana]);
    const body = response.body.toString();
    expect(response.status).toBe(200);
    expect(body).toContain(
      `<resource uri="${cleo}"><instance id="0" state="terminated" reason="rejected" ms-diagnostics="2012;`,
    );
    expect(headerOf(response, 'ms-diagnostics')).toMatch(/^2012;/);
    expect(body).toContain(`<resource uri="${ana}"><instance id="0" state="active"`);
    const alone = single(second, cleo);
    expect(alone.status).toBe(403);
    expect(headerOf(alone, 'ms-diagnostics')).toMatch(/^2012;/);
  });

  test('does not count who watches already', () => {
    const { server } = limited({ watchersPerPerson: 1 });
    const client = new TestClient(server, ana);
    const toTag = toTagOf(client.watch([cleo]));
    expect(client.watch([cleo], { toTag }).body.toString()).toContain('state="active"');
  });

  test('leaves room once a watcher is gone', () => {
    const { server } = limited({ watchersPerPerson: 1 });
    const first = new TestClient(server, ana);
    first.watch([cleo]);
    first.close();
    expect(new TestClient(server, ben).watch([cleo]).body.toString()).toContain('state="active"');
  });
});

describe('the limit of decisions about watchers', () => {
  test('counts containers without members', () => {
    const { server } = limited({ contacts: 3 });
    const client = new TestClient(server, ana);
    const containers = (from: number, count: number) =>
      client.request('SERVICE', {
        headers: [['Content-Type', 'application/msrtc-setcontainermembers+xml']],
        body: `<setContainerMembers>${Array.from({ length: count }, (_, at) => `<container id="${from + at}" version="0"/>`).join('')}</setContainerMembers>`,
      }).status;
    expect(containers(400, 2)).toBe(200);
    expect(containers(500, 2)).toBe(403);
    expect(containers(500, 1)).toBe(200);
  });
});

describe('the limit of people that one user watches', () => {
  test('counts over dialogs and endpoints, and falls when people are taken off', () => {
    const { server } = limited({ subscriptionsPerUser: 2 });
    const laptop = new TestClient(server, ana, 'aaaa');
    const phone = new TestClient(server, ana, 'bbbb');
    const toTag = toTagOf(laptop.watch([ana, ben]));
    const refused = phone.watch([cleo]);
    expect(refused.body.toString()).toContain('state="terminated" reason="rejected" ms-diagnostics="2007;');
    expect(new TestClient(server, ben).watch([cleo]).body.toString()).toContain('state="active"');
    laptop.watch([ben], { toTag, action: 'unsubscribe' });
    expect(phone.watch([cleo]).body.toString()).toContain('state="active"');
  });
});
