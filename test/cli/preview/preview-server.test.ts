import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import type { PreviewServer } from '../../../src/cli/preview/preview-server.js';
import { startPreviewSite } from '../../support/preview-site.js';

describe('server of the preview', () => {
  let server: PreviewServer | undefined;
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await request((server?.url ?? '') + path, { headers });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };
  const post = async (path: string, body: unknown) => {
    const answer = await request((server?.url ?? '') + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
  };
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  test('begins with the default view of the first language', async () => {
    ({ server } = await startPreviewSite());
    expect((await get('/')).headers['location']).toBe('/en/');
    expect((await get('/en/')).headers['location']).toBe('/en/view/People');
  });

  test('every answer allows nothing from elsewhere and nothing inline', async () => {
    ({ server } = await startPreviewSite());
    for (const path of ['/en/view/People', '/assets/view-page.js', '/nothing', '/en/image/presence-busy.gif']) {
      const policy = String((await get(path)).headers['content-security-policy']);
      expect([path, policy.startsWith("default-src 'none'"), policy.includes('unsafe')]).toEqual([path, true, false]);
    }
  });

  test('pages have no style attribute and no script of their own', async () => {
    ({ server } = await startPreviewSite());
    for (const path of ['/en/view/ByStatus', '/de/using', '/en/form/PresenceMapping', '/de/design']) {
      const { text } = await get(path);
      expect([path, / style=|<style|<script(?! type="module" src=)| on[a-z]+=/.test(text)]).toEqual([path, false]);
    }
  });

  test('answers on loopback to names of loopback only', async () => {
    ({ server } = await startPreviewSite());
    expect((await get('/en/view/People', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/en/view/People', { host: 'localhost' })).status).toBe(200);
  });

  test('what is not there is not found, what is no request is refused', async () => {
    ({ server } = await startPreviewSite());
    expect((await get('/en/view/Nothing')).status).toBe(404);
    expect((await get('/en/form/Nothing')).status).toBe(404);
    expect((await get('/en/image/..%2f..%2fpackage.json')).status).toBe(404);
    expect((await get('/assets/..%2fboard.js')).status).toBe(404);
    expect((await get('/en/view/People/lines?from=x')).status).toBe(400);
    expect((await get('/en/view/People/lines?count=100000')).status).toBe(400);
    expect((await post('/en/form/PresenceMapping/save', { input: 7 })).status).toBe(400);
  });

  test('gives a window of the lines and says where a line stands', async () => {
    ({ server } = await startPreviewSite());
    const { text } = await get('/en/view/People/lines?from=10&count=5');
    expect(text.match(/class="line /g)).toHaveLength(5);
    const key = /data-key="([^"]+)"/.exec(text)?.[1];
    expect((await get(`/en/view/People/lines?from=0&count=1&key=${key}`)).text).toContain('data-at="10"');
  });

  test('a starting chat is told with its link', async () => {
    const site = await startPreviewSite();
    ({ server } = site);
    const [[id] = ['']] = site.documents.entries();
    const page = await get(`/en/view/People/actions?id=${id}`);
    const click = /data-click="([^"]+)"[^>]*>(?:<img[^>]*>)?Chat/.exec(page.text)?.[1];
    const { body } = await post('/en/view/People/actions', { click, id });
    expect(JSON.stringify(body)).toContain('im:<sip:');
  });

  test('nothing is saved into a database that is only read, and the page says so', async () => {
    const site = await startPreviewSite({ source: { takesChanges: false, origin: { place: 'presence.nsf' } } });
    ({ server } = site);
    const before = site.documents.size;
    const input = { PersonName: ['CN=Zoe Zander/O=Contoso'], SipAddress: ['sip:zoe@contoso.example'] };
    const { body } = await post('/en/form/PresenceMapping/save', { mode: 'edit', input });
    expect(JSON.stringify(body)).toContain('Read only');
    expect(site.documents.size).toBe(before);
    expect((await get('/en/view/People')).text).toContain('presence.nsf. Read only');
  });

  test('a sample that is full takes no more documents', async () => {
    const site = await startPreviewSite();
    ({ server } = site);
    const many = Array.from({ length: 5_000 }, (_, index) => [`other-${index}`, { Form: 'Other' }] as const);
    site.documents.put(...many);
    const input = { PersonName: ['CN=Zoe Zander/O=Contoso'], SipAddress: ['sip:zoe@contoso.example'] };
    const before = site.documents.size;
    expect((await post('/en/form/PresenceMapping/save', { mode: 'edit', input })).status).toBe(429);
    expect(site.documents.size).toBe(before);
  });

  test('a page that is told of changes and reads nothing is left', async () => {
    const site = await startPreviewSite();
    ({ server } = site);
    const [[, items] = ['', {}]] = site.documents.entries();
    const { hostname, port } = new URL(site.server.url);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.write('GET /en/events?view=People HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const ids = Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(20_000, 'x'));
    for (let turn = 0; turn < 4; turn += 1) {
      site.documents.put(...ids.map((id) => [id, { ...items, Status: turn % 2 === 0 ? 'busy' : 'away' }] as const));
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    socket.resume();
    await closed;
  });

  test('the same still sample is drawn byte for byte the same', async () => {
    ({ server } = await startPreviewSite());
    const first = await get('/de/view/ByDepartment');
    await server.close();
    ({ server } = await startPreviewSite());
    expect((await get('/de/view/ByDepartment')).text).toBe(first.text);
  });
});
