import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/bridge/runtime/system.js';
import type { SimulatorOptions } from '../../../src/ocs/simulator/options.js';
import { OcsSimulator, type SimulatorAddress } from '../../../src/ocs/simulator/simulator.js';
import { silentLog } from '../../support/silent-log.js';
import { seededRandom } from '../../support/simulated-clock.js';
import { ana, ben, testAccount } from '../../support/simulator-client.js';

const [POOL1, POOL2] = ['pool1.contoso.example', 'pool2.contoso.example'] as const;

const running: OcsSimulator[] = [];
const sockets: TLSSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});

async function start(options: Partial<SimulatorOptions> = {}): Promise<[OcsSimulator, SimulatorAddress]> {
  const simulator = new OcsSimulator({
    accounts: [testAccount(ana, 'Ana Reyes'), { ...testAccount(ben, 'Ben Okoro'), pool: POOL2 }],
    pools: [{ hostName: POOL1 }, { hostName: POOL2, contactHost: '127.0.0.1' }],
    clock: systemClock,
    random: seededRandom(),
    log: silentLog,
    authVersion: 'none',
    ...options,
  });
  running.push(simulator);
  return [simulator, await simulator.start()];
}

const portOf = ({ pools }: SimulatorAddress, hostName: string): number =>
  pools.find((pool) => pool.hostName === hostName)?.tlsPort ?? 0;

/** A verified connection to a pool by its name. */
async function connectTo(address: SimulatorAddress, hostName: string): Promise<TLSSocket> {
  const options = { host: '127.0.0.1', port: portOf(address, hostName), servername: hostName };
  const socket = connectTls({ ...options, ca: address.caCertificate });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

async function register(socket: TLSSocket, user: string): Promise<string> {
  const lines = [
    'REGISTER sip:contoso.example SIP/2.0',
    'Via: SIP/2.0/TLS 127.0.0.1:5555;branch=z9hG4bK1',
    `From: <${user}>;tag=1;epid=aaaa`,
    `To: <${user}>`,
    'Call-ID: one',
    'CSeq: 1 REGISTER',
    'Contact: <sip:127.0.0.1:5555;transport=tls>',
    'Content-Length: 0',
    '',
    '',
  ];
  socket.write(lines.join('\r\n'));
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('utf8');
}

describe('a simulator with several pools', () => {
  test('shows at each port the certificate of that pool, all of one authority', async () => {
    const [, address] = await start();
    for (const hostName of [POOL1, POOL2]) {
      const socket = await connectTo(address, hostName);
      expect(socket.authorized).toBe(true);
      expect(socket.getPeerCertificate().subject.CN).toBe(hostName);
    }
    expect(address.tlsPort).toBe(portOf(address, POOL1));
  });

  test('redirects to the port of the home pool', async () => {
    const [, address] = await start();
    const text = await register(await connectTo(address, POOL1), ben);
    expect(text).toMatch(/^SIP\/2\.0 301 /);
    expect(text).toContain(`Contact: <sip:127.0.0.1:${portOf(address, POOL2)};transport=tls>`);
    expect(await register(await connectTo(address, POOL2), ben)).toMatch(/^SIP\/2\.0 200 /);
  });

  test('lets one pool go and come back on its port while the others stay', async () => {
    const [simulator, address] = await start();
    const [first, second] = [await connectTo(address, POOL1), await connectTo(address, POOL2)];
    await register(second, ben);
    await simulator.stopPool(POOL2);
    if (!second.destroyed) await once(second, 'close');
    await expect(connectTo(address, POOL2)).rejects.toThrow();
    expect(await register(first, ana)).toMatch(/^SIP\/2\.0 200 /);
    await simulator.startPool(POOL2);
    expect(await register(await connectTo(address, POOL2), ben)).toMatch(/^SIP\/2\.0 200 /);
    await expect(simulator.stopPool('pool9')).rejects.toThrow(RangeError);
  });

  test('opens no port when one of them is taken', async () => {
    const [, taken] = await start();
    const listen = { host: '127.0.0.1', tlsPort: portOf(taken, POOL1) };
    await expect(start({ pools: [{ hostName: POOL1 }, { hostName: POOL2, listen }] })).rejects.toThrow(/EADDRINUSE/);
    await running.pop()?.stop();
  });

  test('moves, disables and enables people, and takes user services away', async () => {
    const [simulator, address] = await start();
    simulator.movePerson(ben, { kind: 'pool', hostName: POOL1 });
    const socket = await connectTo(address, POOL1);
    expect(await register(socket, ben)).toMatch(/^SIP\/2\.0 200 /);
    simulator.disableUser(ben);
    const [notice] = (await once(socket, 'data')) as [Buffer];
    expect(notice.toString()).toContain('deregistered;event=rejected');
    expect(await register(socket, ben)).toMatch(/^SIP\/2\.0 403 /);
    simulator.enableUser(ben);
    simulator.userServicesDown(true);
    expect(await register(socket, ben)).toMatch(/^SIP\/2\.0 200 /);
    simulator.userServicesDown(false);
  });
});
