import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findCanaries } from '../../support/canary-search.js';
import { CanarySite, echoMessage, echoPage } from '../../support/canary-site.js';
import type { SeenRequest } from '../../support/rest-server.js';
import type { StandInAnswer } from '../../support/rest-server-faults.js';

let site: CanarySite;
beforeEach(async () => {
  site = await CanarySite.start();
});
afterEach(() => site.ends());

const HTML = { 'content-type': 'text/html' };

/** Afterwards nobody signs in any more for half an hour. */
const REFUSED = (request: SeenRequest): StandInAnswer => ({ status: 401, body: echoMessage(401, request) });

const TROUBLES: readonly (readonly [string, (request: SeenRequest) => StandInAnswer])[] = [
  ['a page of a proxy', (request) => ({ status: 403, headers: HTML, body: echoPage(request) })],
  ['a query that is not understood', (request) => ({ status: 400, body: echoMessage(400, request) })],
  ['a failure inside', (request) => ({ status: 500, body: echoMessage(500, request) })],
  ['a page in place of an answer', (request) => ({ status: 200, headers: HTML, body: echoPage(request) })],
  [
    'a redirect',
    (request) => ({ status: 302, headers: { location: `https://sso.example/?t=${request.headers.authorization}` } }),
  ],
  ['an answer that is no list', () => ({ status: 200, body: '{"__proto__":{"polluted":true},"constructor":1}' })],
];

describe('after everything that can go wrong with Domino', () => {
  test('neither secrets nor people nor notes stand where they do not belong', async () => {
    const { faults } = site.domino;
    await site.bridgeStarts();
    await expect.poll(() => site.bridge.bridge.status().ocs.state, { timeout: 15_000 }).toBe('connected');
    await expect.poll(() => site.bridge.bridge.status().writtenTotal, { timeout: 15_000 }).toBeGreaterThan(2);
    const person = encodeURIComponent('Surname9 Surname0/Sales/Contoso');

    for (const [, answer] of TROUBLES) {
      faults.instead = (request) => (request.path === '/auth' ? undefined : answer(request));
      await site.bridge.bridge.reconcile().catch(() => undefined);
      await site.asks('/api/v1/status');
      await site.asks(`/api/v1/person?who=${person}`);
      await site.asks('/api/v1/reconcile', { method: 'POST' });
    }
    // Single documents are refused with all that they hold.
    faults.instead = (request) =>
      request.method === 'PATCH' && 'SipKey' in request.body
        ? { status: 422, body: echoMessage(422, request) }
        : undefined;
    const isBack = () =>
      site.bridge.bridge.reconcile().then(
        () => true,
        () => false,
      );
    await expect.poll(isBack, { timeout: 20_000 }).toBe(true);
    for (const one of site.people) site.becomes(one, 9_500);
    await expect.poll(() => site.bridge.bridge.status().failedDocuments, { timeout: 15_000 }).toBeGreaterThan(0);
    await site.asks('/api/v1/status');
    await site.asks('/metrics');
    await site.asks('/healthz');
    await site.asks('/api/v1/people', {}, 'a-wrong-token');
    await site.asks('/api/v1/nothing-here');
    await site.asks('/api/v1/self', {
      method: 'PUT',
      body: '{"status":',
      headers: { 'content-type': 'application/json' },
    });
    await site.runs('status', '--json');
    for (const [, answer] of TROUBLES) {
      faults.instead = (request) => (request.path === '/auth' ? undefined : answer(request));
      await site.runs('check', '--json');
      await site.runs('documents', '--json');
    }
    faults.instead = REFUSED;
    await site.bridge.bridge.reconcile().catch(() => undefined);
    await site.asks('/api/v1/status');
    await site.asks(`/api/v1/person?who=${person}`);
    await site.runs('check');
    await site.runs('status');
    faults.instead = () => undefined;
    await site.bridgeStops();
    await site.runs('status');

    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    // All of it was on the way, and what was repeated reached the log.
    const sent = JSON.stringify(site.domino.seen.map(({ headers, body }) => [headers.authorization, body]));
    const found = new Set(findCanaries(site.canaries, { sent }).map(({ canary }) => canary));
    for (const canary of ['Domino password', 'Domino token 0', 'name 0', 'address 0']) expect(found).toContain(canary);
    const log = site.logLines.join('');
    for (const words of ['Query is not understandable', 'status 422', 'status 403, not by'])
      expect(log).toContain(words);
    expect(findCanaries(site.canaries, site.places())).toEqual([]);
    expect(findCanaries(site.secrets, site.said)).toEqual([]);
    // People belong into the list of people alone; what is refused or fails names nobody.
    const others = Object.entries(site.said).filter(([place]) => !/^(documents|status --json)/.test(place));
    expect(findCanaries(site.canaries, Object.fromEntries(others))).toEqual([]);
  }, 60_000);
});

test('a password that OCS refuses is nowhere but in its file', async () => {
  const refused = { 'refused password': 'canary-refused-ocs-password' };
  writeFileSync(site.folder.passwordFile, `${refused['refused password']}\n`);
  await site.bridgeStarts();
  await expect.poll(() => site.bridge.bridge.status().ocs.state, { timeout: 15_000 }).toBe('bad-credentials');
  await site.asks('/api/v1/status');
  for (const line of ['status', 'status --json', 'check', 'check --json']) await site.runs(...line.split(' '));
  await site.bridgeStops();
  expect(Object.values(site.said).join('')).toContain('OCS_BAD_CREDENTIALS');
  expect(findCanaries({ ...site.secrets, ...refused }, { ...site.places(), ...site.said })).toEqual([]);
}, 30_000);

test('a token of an application is nowhere once it was shown, nor whom it was used for', async () => {
  await site.bridgeStarts();
  // What is asked for before the bridge has signed in is not done, and leaves no line.
  await expect.poll(() => site.bridge.bridge.status().ocs.state, { timeout: 15_000 }).toBe('connected');
  const people = ['--people', '*/Sales/Contoso'];
  const made = await site.runs(
    'token',
    'create',
    '--name',
    'crm',
    '--scope',
    'read,message,own-status',
    ...people,
    '--json',
  );
  const { token } = JSON.parse(made.out) as { token: string };
  const ask = (path: string, init?: RequestInit) => site.asks(path, init, token);
  await expect.poll(() => ask('/api/v1/people'), { timeout: 5_000 }).toBe(200);
  const json = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  for (const { uri } of site.people) {
    const body = JSON.stringify({ to: uri, text: 'CanaryNote' });
    await ask('/api/v1/messages', { method: 'POST', headers: json, body });
  }
  const isSet = await ask('/api/v1/self', {
    method: 'PUT',
    headers: json,
    body: '{"status":"busy","note":"CanaryNote"}',
  });
  expect(isSet).toBe(200);
  expect(await ask('/api/v1/reconcile', { method: 'POST' })).toBe(403);
  await site.runs('token', 'list');
  await site.runs('token', 'revoke', 'crm');
  await expect.poll(() => ask('/api/v1/people'), { timeout: 5_000 }).toBe(401);
  await site.bridgeStops();
  const log = site.logLines.join('');
  for (const event of ['token-created', 'message-sent', 'status-set', 'refused', 'token-revoked']) {
    expect(log).toContain(`"audit.${event}","`);
  }
  const kept = Object.entries(site.said).filter(([command]) => !command.startsWith('token create'));
  expect(findCanaries({ token }, Object.fromEntries(kept))).toEqual([]);
  expect(findCanaries({ ...site.canaries, token }, site.places())).toEqual([]);
}, 60_000);
