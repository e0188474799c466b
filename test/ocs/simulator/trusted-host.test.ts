import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LinkReport, PresenceSourceListener } from '../../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../../src/bridge/runtime/system.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../../src/ocs/simulator/certificates.js';
import type { SimulatorOptions } from '../../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../../src/ocs/simulator/simulator.js';
import { createOcsSource } from '../../../src/ocs/source.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { eventually } from '../../support/product.js';
import { silentLog } from '../../support/silent-log.js';
import { testAccount } from '../../support/simulator-client.js';

const HOST = 'bridge.contoso.example';
const BRIDGE = sip('bridge@contoso.example');
const SECOND = sip('bridge2@contoso.example');
const ANA = sip('ana@contoso.example');

describe('a trusted host', () => {
  const running: { stop(): Promise<void> }[] = [];
  let own: ServerCertificate;

  beforeAll(async () => {
    own = await createThrowAwayAuthority([HOST]);
  });

  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
  });

  async function server(options: Partial<SimulatorOptions> = {}) {
    const simulator = new OcsSimulator({
      accounts: [testAccount(BRIDGE, 'Bridge'), testAccount(SECOND, 'Bridge 2'), testAccount(ANA, 'Ana')],
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      trustedHosts: [HOST],
      clientCa: own.caCertificate,
      ...options,
    });
    const address = await simulator.start();
    running.push(simulator);
    simulator.setPerson(ANA, { availability: 3500, activity: '', note: '', outOfOffice: false, displayName: 'Ana' });
    return { simulator, port: address.tlsPort ?? 0, ca: address.caCertificate };
  }

  function bridge(
    at: { port: number; ca: string },
    {
      account = BRIDGE,
      certificate,
      password = '',
    }: { account?: SipUri; certificate?: ServerCertificate; password?: string },
  ) {
    const seen = { links: [] as LinkReport[], people: 0, changes: 0 };
    const listener: PresenceSourceListener = {
      onLink: (report) => void seen.links.push(report),
      onObservations: (observations, authoritative) => {
        if (authoritative) seen.people += observations.length;
        else seen.changes += observations.length;
      },
      onLost: () => {},
    };
    const shown = certificate && {
      clientCertificate: { certificate: certificate.certificate, key: certificate.privateKey },
    };
    const source = createOcsSource(
      {
        account,
        user: account.slice('sip:'.length, account.indexOf('@')),
        domain: 'CONTOSO',
        password,
        server: {
          host: '127.0.0.1',
          port: at.port,
          transport: 'tls',
          serverName: 'ocs01.contoso.example',
          tls: { ca: at.ca, ...shown },
        },
        notes: false,
        backoff: { baseMs: 20, capMs: 100 },
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    running.unshift(source);
    source.watch([ANA]);
    source.start(listener);
    return { source, seen };
  }

  const refusal = (seen: { readonly links: readonly LinkReport[] }) =>
    eventually('a refusal', 5_000, () => seen.links.find(({ error }) => error !== undefined)?.error);

  test('is not challenged, needs no password and may speak for any account', async () => {
    const at = await server();
    for (const account of [BRIDGE, SECOND]) {
      const { seen } = bridge(at, { account, certificate: own });
      await eventually('the first state', 5_000, () => seen.people > 0 || undefined);
      at.simulator.setPerson(ANA, {
        availability: account === BRIDGE ? 6500 : 9500,
        activity: '',
        note: '',
        outOfOffice: false,
        displayName: 'Ana',
      });
      await eventually('a change', 5_000, () => seen.changes > 0 || undefined);
    }
    expect(at.simulator.counters).toMatchObject({ logonsOk: 0, logonsFailed: 0, badSignatures: 0 });
  });

  test('without certificate is challenged like everybody', async () => {
    const at = await server();
    const { seen } = bridge(at, {});
    expect(await refusal(seen)).toMatchObject({ code: 'OCS_AUTH_UNSUPPORTED' });
    const known = bridge(at, { password: 'secret' });
    await eventually('the first state', 5_000, () => known.seen.people > 0 || undefined);
    expect(at.simulator.counters.logonsOk).toBe(1);
  });

  test('with a certificate of another authority, or for another name, is challenged', async () => {
    const at = await server();
    const forged = await createThrowAwayAuthority([HOST]);
    expect(await refusal(bridge(at, { certificate: forged }).seen)).toMatchObject({ code: 'OCS_AUTH_UNSUPPORTED' });
    const elsewhere = await server({ trustedHosts: ['other.contoso.example'] });
    const { seen } = bridge(elsewhere, { certificate: own });
    expect(await refusal(seen)).toMatchObject({ code: 'OCS_AUTH_UNSUPPORTED' });
  });

  test('speaks for nobody whom the server does not know', async () => {
    const at = await server();
    const { seen } = bridge(at, { account: sip('stranger@contoso.example'), certificate: own });
    expect(await refusal(seen)).toMatchObject({ code: 'OCS_ACCOUNT_UNKNOWN' });
  });
});
