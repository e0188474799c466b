import { describe, expect, test } from 'vitest';
import { headerOf } from '../../../../src/ocs/simulator/codec/message.js';
import { ana, ben, TestClient, testServer, toTagOf } from '../../../support/simulator-client.js';

const busy = { availability: 6500, activity: '', note: '', outOfOffice: false, displayName: 'Ben Okoro' };

describe('a disabled account', () => {
  test('is signed off everywhere with "rejected" and the number of the cause', () => {
    const { server } = testServer();
    const clients = ['aaaa', 'bbbb'].map((epid) => new TestClient(server, ben, epid));
    for (const client of clients) client.register();
    clients[0]?.publishState(3500);
    server.setEnabled(ben, false);
    for (const client of clients) {
      const [notice] = client.requests('NOTIFY');
      expect(notice?.body.toString()).toBe('deregistered;event=rejected');
      expect(notice && headerOf(notice, 'event')).toBe('registration-notify');
      expect(notice && headerOf(notice, 'ms-diagnostics-public')).toBe('4141;reason="User disabled"');
    }
    expect(server.presenceOf(ben)?.availability).toBe(18_500);
  });

  test('gets nothing but 403 until it is enabled again', () => {
    const { server } = testServer();
    const client = new TestClient(server, ben);
    server.setEnabled(ben, false);
    for (const response of [client.register(), client.watch([ana]), client.publishState(3500)]) {
      expect(response.status).toBe(403);
      expect(headerOf(response, 'ms-diagnostics')).toMatch(/^4141;/);
    }
    server.setEnabled(ben, true);
    expect(client.register().status).toBe(200);
  });
});

describe('what somebody decides about a watcher', () => {
  test('is told to a list at once: nothing yet, the truth, or offline', () => {
    const { server } = testServer();
    server.setPerson(ben, busy);
    const client = new TestClient(server, ana);
    server.setAccess(ben, ana, 'undecided');
    const toTag = toTagOf(client.watch([ben]));
    expect(client.watch([ben], { toTag }).body.toString()).toContain('state="pending"');
    server.setPerson(ben, { ...busy, availability: 9500 });
    expect(client.requests('BENOTIFY')).toEqual([]);
    for (const access of ['allowed', 'blocked', 'undecided'] as const) server.setAccess(ben, ana, access);
    const [allowed, blocked, undecided] = client.requests('BENOTIFY').map(({ body }) => body.toString());
    expect(allowed).toContain('<availability>9500</availability>');
    expect(blocked).toContain('<availability>18500</availability>');
    expect(undecided).toContain('state="pending"');
    expect(undecided).not.toContain('<availability>');
  });

  test('leaves a subscription to one person pending, until the person’s own client confirms the watcher', () => {
    const { server } = testServer();
    const watched = new TestClient(server, ben);
    watched.register();
    watched.publishState(6500);
    server.setAccess(ben, ana, 'undecided');
    const client = new TestClient(server, ana);
    const response = client.request('SUBSCRIBE', {
      to: ben,
      headers: [
        ['Event', 'presence'],
        ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
      ],
    });
    expect(headerOf(response, 'subscription-state')).toBe('pending;expires=28800');
    expect(response.body.length).toBe(0);
    watched.request('SERVICE', {
      headers: [['Content-Type', 'application/msrtc-presence-setsubscriber+xml']],
      body: `<setSubscribers><subscriber user="${ana}" acknowledged="true"/></setSubscribers>`,
    });
    const [told] = client.requests('BENOTIFY');
    expect(told?.body.toString()).toContain('<availability>6500</availability>');
  });
});

describe('while user services are down', () => {
  test('subscriptions and publications get 504, registrations and messages go on', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    server.setUserServicesDown(true);
    for (const response of [client.watch([ben]), client.publishState(3500)]) {
      expect(response.status).toBe(504);
      expect(headerOf(response, 'ms-diagnostics')).toMatch(/^1007;/);
    }
    expect(client.register().status).toBe(200);
    const other = new TestClient(server, ben);
    other.register();
    client.deliver(client.build('MESSAGE', { to: ben, body: 'still here' }));
    expect(other.requests('MESSAGE')).toHaveLength(1);
  });

  test('dialogs are silent, and catch up with who changed as soon as they are back', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    const toTag = toTagOf(client.watch([ben, ana]));
    server.setUserServicesDown(true);
    server.setPerson(ben, { ...busy, availability: 9500 });
    server.setPerson(ben, busy);
    expect(client.requests('BENOTIFY')).toEqual([]);
    server.setUserServicesDown(false);
    const [told, ...more] = client.requests('BENOTIFY');
    expect(told?.body.toString()).toContain('<availability>6500</availability>');
    expect(more).toEqual([]);
    expect(client.watch([ben], { toTag }).status).toBe(200);
  });
});
