import { describe, expect, test } from 'vitest';
import { headerOf } from '../../../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS } from '../../../../src/ocs/simulator/options.js';
import type { SimulatedPresence } from '../../../../src/ocs/simulator/presence/simulated-presence.js';
import { sip } from '../../../support/people.js';
import { ana, ben, TestClient, testServer } from '../../../support/simulator-client.js';

const note = (version: number, text: string, expires = ''): string =>
  `<publication categoryName="note" instance="0" container="200" version="${version}" expireType="static"${expires}>` +
  `${text === '' ? '' : `<note><body type="personal" uri="">${text}</body></note>`}</publication>`;

function signedIn(server: ReturnType<typeof testServer>['server'], user = ana, epid?: string): TestClient {
  const client = new TestClient(server, user, epid);
  client.register();
  return client;
}

describe('SERVICE publish', () => {
  test('raises the version and answers with it', () => {
    const { server } = testServer();
    const client = signedIn(server);
    expect(client.publishState(3500).body.toString()).toContain('version="1" expireType="static"><state');
    expect(client.publishState(6500, 1).body.toString()).toContain('version="2"');
    expect(server.presenceOf(ana)?.availability).toBe(6500);
  });

  test('with a wrong version is refused as a whole, with the versions that are stored', () => {
    const { server } = testServer();
    const client = signedIn(server);
    client.publishState(3500);
    const response = client.publish(`${note(0, 'new')}${note(7, 'old')}`);
    expect(response.status).toBe(409);
    expect(headerOf(response, 'content-type')).toBe('application/msrtc-fault+xml');
    expect(response.body.toString()).toBe(
      '<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details><operation index="2" version="7" curVersion="0"/></details></Fault>',
    );
    expect(server.presenceOf(ana)?.note).toBe('');
    expect(client.publishState(9500, 3).body.toString()).toContain('index="1" version="3" curVersion="1"');
    expect(server.counters.conflicts).toBe(2);
  });

  test('removes with expires 0, names the emptied place, and begins again at version 0', () => {
    const { server } = testServer();
    const client = signedIn(server);
    client.publish(note(0, 'Room 4'));
    expect(server.presenceOf(ana)?.note).toBe('Room 4');
    expect(client.publish(note(1, '', ' expires="0"')).body.toString()).toContain(
      '<category name="note" container="200"/>',
    );
    expect(server.presenceOf(ana)?.note).toBe('');
    expect(client.publish(note(0, 'Room 5')).status).toBe(200);
  });

  test('keeps a static note when the endpoint is gone, and forgets what belongs to the endpoint', () => {
    const { server } = testServer();
    const first = signedIn(server);
    first.publish(note(0, 'On the road'));
    first.publishState(3500, 0, 'machineState');
    first.close();
    expect(server.presenceOf(ana)).toMatchObject({ availability: 18_500, note: 'On the road' });
    const second = signedIn(server);
    expect(server.presenceOf(ana)?.availability).toBe(18_500);
    expect(second.publishState(3500, 0, 'machineState').status).toBe(200);
  });

  test('of a limited time ends by itself', async () => {
    const { server, clock } = testServer();
    const client = signedIn(server);
    client.publish(note(0, 'Back at ten', ' expires="60"').replace('static', 'time'));
    expect(server.presenceOf(ana)?.note).toBe('Back at ten');
    await clock.advance(61_000);
    expect(server.presenceOf(ana)?.note).toBe('');
  });

  test('counts the most active of several endpoints', () => {
    const { server } = testServer();
    const desk = signedIn(server, ana, 'aaaa');
    desk.publishState(15_500, 0, 'machineState');
    const laptop = signedIn(server, ana, 'bbbb');
    laptop.publish(
      '<publication categoryName="state" instance="99" container="2" version="0" expireType="endpoint"><state xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="machineState"><availability>3500</availability></state></publication>',
    );
    expect(server.presenceOf(ana)?.availability).toBe(3500);
    laptop.close();
    expect(server.presenceOf(ana)?.availability).toBe(15_500);
  });

  test('reaches the other endpoints of the user', () => {
    const { server } = testServer();
    const desk = signedIn(server, ana, 'aaaa');
    const self = {
      callId: 'self',
      headers: [
        ['Event', 'vnd-microsoft-roaming-self'],
        ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
      ],
    } as const;
    desk.request('SUBSCRIBE', self);
    const laptop = signedIn(server, ana, 'bbbb');
    laptop.request('SUBSCRIBE', self);
    laptop.publishState(6500);
    expect(desk.requests('BENOTIFY').map(({ body }) => body.toString())).toEqual([
      expect.stringContaining('<availability>6500</availability>'),
    ]);
    expect(laptop.requests('BENOTIFY')).toEqual([]);
  });

  test('is reported before watchers hear of it, who hear of it only when something changed', () => {
    const { server } = testServer();
    const watcher = new TestClient(server, ben);
    watcher.watch([ana]);
    const order: string[] = [];
    server.onTruth((uri, { availability }) =>
      order.push(`${uri} ${availability} ${watcher.requests('BENOTIFY').length}`),
    );
    const client = signedIn(server);
    client.publishState(3500);
    client.publishState(3600, 0, 'machineState');
    expect(order).toEqual(['sip:ana@contoso.example 3500 0']);
    expect(watcher.requests('BENOTIFY')).toHaveLength(1);
  });

  test('is answered before anybody is told, the publisher included', () => {
    const { server } = testServer();
    const client = signedIn(server);
    client.watch([ana]);
    const before = client.received.length;
    client.publishState(3500);
    expect(
      client.received.slice(before).map((message) => (message.kind === 'request' ? message.method : message.status)),
    ).toEqual([200, 'BENOTIFY']);
  });

  test.each([
    ['no XML', 'nonsense', 400],
    ['another document', '<a/>', 400],
    ['somebody else', `<publish><publications uri="${ben}">${note(0, 'x')}</publications></publish>`, 403],
    [
      'a version that is no number',
      `<publish><publications uri="${ana}">${note(-1, 'x')}</publications></publish>`,
      400,
    ],
  ])('refuses %s', (_title, body, status) => {
    const { server } = testServer();
    const headers = [['Content-Type', 'application/msrtc-category-publish+xml']] as const;
    expect(signedIn(server).request('SERVICE', { headers, body }).status).toBe(status);
  });

  test('refuses a type it does not know', () => {
    const { server } = testServer();
    const response = signedIn(server).request('SERVICE', { headers: [['Content-Type', 'text/plain']], body: 'x' });
    expect([response.status, headerOf(response, 'ms-diagnostics')?.slice(0, 4)]).toEqual([415, '4013']);
  });

  test('refuses more publications than one person may have', () => {
    const { server } = testServer({ limits: { ...DEFAULT_LIMITS, publicationsPerUser: 1 } });
    const client = signedIn(server);
    expect(client.publishState(3500).status).toBe(200);
    expect(client.publish(note(0, 'x')).status).toBe(403);
    expect(client.publishState(6500, 1).status).toBe(200);
  });
});

describe('presence set from outside', () => {
  const set: SimulatedPresence = {
    availability: 9500,
    activity: '',
    note: 'set',
    outOfOffice: true,
    displayName: 'Ana R.',
  };

  test('counts until the person signs in, and again afterwards', () => {
    const { server } = testServer();
    server.setPerson(ana, set);
    expect(server.presenceOf(ana)).toEqual(set);
    const client = signedIn(server);
    client.publishState(3500);
    expect(server.presenceOf(ana)).toMatchObject({ availability: 3500, note: '', outOfOffice: false });
    client.close();
    expect(server.presenceOf(ana)).toEqual(set);
  });

  test('is reported as out of office by the type of the note', () => {
    const { server } = testServer();
    server.setPerson(ana, set);
    const body = new TestClient(server, ben).watch([ana]).body.toString();
    expect(body).toContain('<body type="OOF" uri="">set</body>');
  });

  test('is reported once per change', () => {
    const { server } = testServer();
    const seen: string[] = [];
    const stop = server.onTruth((uri) => seen.push(uri));
    server.setPerson(ana, set);
    server.setPerson(ana, { ...set });
    stop();
    server.setPerson(ana, { ...set, availability: 3500 });
    expect(seen).toEqual([ana]);
  });
});

describe('SERVICE with SOAP', () => {
  const soap = (call: string) => ({
    headers: [['Content-Type', 'application/SOAP+xml']] as const,
    body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><s:Body>${call}</s:Body></s:Envelope>`,
  });
  const contacts = {
    callId: 'contacts',
    headers: [
      ['Event', 'vnd-microsoft-roaming-contacts'],
      ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
    ],
  } as const;

  test('changes the contact list, and the other endpoints get the delta', () => {
    const { server } = testServer();
    const desk = signedIn(server, ana, 'aaaa');
    desk.request('SUBSCRIBE', contacts);
    const laptop = signedIn(server, ana, 'bbbb');
    const add = laptop.request(
      'SERVICE',
      soap(
        `<m:setContact><m:displayName>Ben</m:displayName><m:groups>1</m:groups><m:subscribed>true</m:subscribed><m:URI>${ben}</m:URI></m:setContact>`,
      ),
    );
    expect(add.status).toBe(200);
    const group = laptop.request('SERVICE', soap('<m:addGroup><m:name>A &amp; B</m:name></m:addGroup>'));
    expect(group.body.toString()).toContain('<m:groupID>2</m:groupID>');
    expect(
      laptop.request('SERVICE', soap('<m:modifyGroup><m:groupID>2</m:groupID><m:name>C</m:name></m:modifyGroup>'))
        .status,
    ).toBe(200);
    expect(laptop.request('SERVICE', soap('<m:deleteGroup><m:groupID>1</m:groupID></m:deleteGroup>')).status).toBe(400);
    expect(laptop.request('SERVICE', soap(`<m:deleteContact><m:URI>${ben}</m:URI></m:deleteContact>`)).status).toBe(
      200,
    );
    expect(desk.requests('BENOTIFY').map(({ body }) => /<(\w+(?:Contact|Group)) /.exec(body.toString())?.[1])).toEqual([
      'addedContact',
      'addedGroup',
      'modifiedGroup',
      'deletedContact',
    ]);
  });

  test('finds people by words of name and address', () => {
    const { server } = testServer();
    const search =
      '<m:directorySearch><m:maxResults>5</m:maxResults></m:directorySearch><m:Array><m:row m:attrib="givenName" m:value="OKO"/></m:Array>';
    const body = signedIn(server).request('SERVICE', soap(search)).body.toString();
    expect(body).toContain('<m:row uri="sip:ben@contoso.example" displayName="Ben Okoro"');
    expect(body).not.toContain('ana@');
  });

  test.each(['5', '0', 'many', '-1', '1e9', ''])('finds at most 100 people when asked for "%s"', (maxResults) => {
    const { server } = testServer();
    for (let at = 0; at < 150; at += 1) {
      server.setPerson(sip(`found${at}@contoso.example`), {
        availability: 15_500,
        activity: '',
        note: '',
        outOfOffice: false,
        displayName: `Found ${at}`,
      });
    }
    const search = `<m:directorySearch><m:maxResults>${maxResults}</m:maxResults></m:directorySearch><m:Array><m:row m:value="found"/></m:Array>`;
    const rows =
      signedIn(server)
        .request('SERVICE', soap(search))
        .body.toString()
        .match(/<m:row /g) ?? [];
    expect(rows).toHaveLength(/^\d$/.test(maxResults) ? Number(maxResults) : 100);
  });

  test('refuses calls it does not know', () => {
    const { server } = testServer();
    expect(signedIn(server).request('SERVICE', soap('<m:getPresence/>')).status).toBe(400);
  });
});
