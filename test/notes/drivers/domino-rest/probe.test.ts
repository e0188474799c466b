import { afterEach, describe, expect, test } from 'vitest';
import { probeDominoRest } from '../../../../src/notes/drivers/domino-rest/probe.js';
import { createDriver, type DominoRestConfig, otherDatabase } from '../../../../src/notes/open-driver.js';
import { createAuthority } from '../../../../src/ocs/simulator/certificates.js';
import { shippedSchema } from '../../../support/rest-server-schema.js';
import { PASSWORD_LOGIN, RestSite } from '../../../support/rest-server-site.js';

let site: RestSite;
afterEach(() => site.stop());

const DAY_MS = 86_400_000;

async function probe(settings: Partial<DominoRestConfig> = {}): Promise<readonly string[]> {
  const options = { url: site.url, scope: 'presence', login: PASSWORD_LOGIN, parallel: 4, ...settings };
  const steps = await probeDominoRest(options, { clock: site.clock, log: site.log });
  return steps.map(({ name, outcome, detail, error }) =>
    [name.replace('Domino REST API ', ''), outcome, error?.code ?? detail].join(' | '),
  );
}

describe('the check of the prerequisites', () => {
  test('all is well', async () => {
    const authority = await createAuthority();
    const { certificate, privateKey, caCertificate } = await authority.issue(['localhost'], {
      notBefore: new Date(Date.UTC(2025, 0, 1)),
      notAfter: new Date(Date.UTC(2030, 0, 1)),
    });
    site = await RestSite.start({ tls: { cert: certificate, key: privateKey } });
    const steps = await probe({ ca: caCertificate });
    expect(steps.map((step) => step.split(' | ')[1])).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
    expect(steps[0]).toMatch(/TLSv1.3; certificate "localhost", valid until 2030-01-01 \(\d+ days\)/);
    expect(steps[1]).toContain('Signed in as "Presence Bridge/Servers/Contoso", for scope "presence" alone.');
    expect(steps[2]).toContain('Domino REST API 1.1.7 on Domino 14.5');
    expect(steps[3]).toContain('Scope "presence" publishes presence.nsf by schema "presence".');
    expect(site.server.tokens.size).toBe(0);
  });

  test('a certificate that ends soon is a warning', async () => {
    site = await RestSite.start();
    const now = site.clock.now();
    const { certificate, privateKey, caCertificate } = await (await createAuthority()).issue(['localhost'], {
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + DAY_MS),
    });
    await site.stop();
    site = await RestSite.start({ tls: { cert: certificate, key: privateKey } });
    await site.clock.advance(Date.now() - now);
    expect((await probe({ ca: caCertificate }))[0]).toMatch(/^server \| warn \|/);
  });

  test('without TLS there is a warning, and the rest goes on', async () => {
    site = await RestSite.start();
    expect((await probe()).map((step) => step.split(' | ')[1])).toEqual(['warn', 'pass', 'pass', 'pass', 'pass']);
  });

  test('a server that is away is told as such', async () => {
    site = await RestSite.start();
    await site.server.stop();
    expect((await probe()).at(-1)).toBe('server | fail | NOTES_UNREACHABLE');
    site = await RestSite.start();
  });

  test('a wrong password is tried once', async () => {
    site = await RestSite.start();
    site.server.password = 'another one';
    expect((await probe()).at(-1)).toBe('login | fail | NOTES_CREDENTIALS');
    expect(site.server.count('/auth')).toBe(1);
  });

  test('a scope that is not listed is named', async () => {
    site = await RestSite.start();
    expect((await probe({ scope: 'presents' })).at(-1)).toBe('scope | fail | NOTES_SCOPE');
  });

  test('a schema that allows no queries is found', async () => {
    site = await RestSite.start({ scopes: { presence: { ...shippedSchema('presence'), dqlAccess: false } } });
    expect((await probe()).at(-1)).toBe('query | fail | NOTES_SCOPE');
  });

  test('a site that keeps version and scopes to itself is no failure', async () => {
    site = await RestSite.start();
    site.server.faults.instead = ({ path }) =>
      path === '/info' || path === '/scopes' ? { status: 403, body: '{"status":403,"message":"No"}' } : undefined;
    expect((await probe()).map((step) => step.split(' | ')[1])).toEqual(['warn', 'pass', 'note', 'note', 'pass']);
  });
});

describe('the configuration', () => {
  test('reads the Domino Directory by a driver of its own with another scope', async () => {
    site = await RestSite.start({
      scopes: { presence: shippedSchema('presence'), directory: shippedSchema('directory') },
    });
    await site.server.databases
      .get('directory')
      ?.engine.create([
        { form: 'Person', fullname: ['CN=Ana Reyes/O=Contoso', 'Ana Reyes'], internetaddress: 'ana@contoso.example' },
      ]);
    const config = {
      kind: 'domino-rest',
      url: site.url,
      scope: 'presence',
      login: PASSWORD_LOGIN,
      parallel: 4,
    } as const;
    const driver = createDriver(otherDatabase(config, 'directory'), { clock: site.clock, log: site.log });
    await driver.open();
    const request = { query: "Form = 'Person'", itemNames: ['FullName', 'InternetAddress', 'LastName'] };
    expect((await driver.find(request)).map(({ items }) => items)).toEqual([
      { FullName: ['CN=Ana Reyes/O=Contoso', 'Ana Reyes'], InternetAddress: 'ana@contoso.example' },
    ]);
    expect(site.server.seen[0]?.body['scope']).toBe('directory');
    await driver.close();
  });
});
