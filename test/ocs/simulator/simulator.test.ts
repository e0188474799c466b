import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/bridge/runtime/system.js';
import { createThrowAwayAuthority } from '../../../src/ocs/simulator/certificates.js';
import type { SimulatorOptions } from '../../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../../src/ocs/simulator/simulator.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';
import { ana, testAccount } from '../../support/simulator-client.js';

const running: { stop(): Promise<void> }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});

async function start(options: Partial<SimulatorOptions> = {}) {
  const log = recordingLog();
  const simulator = new OcsSimulator({
    accounts: [testAccount(ana, 'Ana Reyes')],
    clock: systemClock,
    random: seededRandom(),
    log,
    authVersion: 'none',
    listen: { host: '127.0.0.1', tcpPort: 0 },
    ...options,
  });
  running.push(simulator);
  return { simulator, log, ...(await simulator.start()) };
}

async function tcp(port: number | undefined): Promise<Socket> {
  const socket = connect(port ?? 0, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const register = [
  'REGISTER sip:contoso.example SIP/2.0',
  'Via: SIP/2.0/TCP 127.0.0.1:5555;branch=z9hG4bK1',
  'From: <sip:ana@contoso.example>;tag=1;epid=aaaa',
  'To: <sip:ana@contoso.example>',
  'Call-ID: one',
  'CSeq: 1 REGISTER',
  'Contact: <sip:127.0.0.1:5555;transport=tcp>',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

async function answerTo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('utf8');
}

describe('OcsSimulator', () => {
  test('answers over TCP, however the bytes are cut', async () => {
    const { tcpPort, simulator } = await start();
    const socket = await tcp(tcpPort);
    socket.write('\r\n\r\n');
    socket.write(register.slice(0, 100));
    expect(await answerTo(socket, register.slice(100))).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(simulator.counters).toMatchObject({ connections: 1, registers: 1 });
  });

  test('answers over TLS under each of its names to whoever trusts its authority', async () => {
    const { tlsPort, tcpPort, caCertificate } = await start({ listen: { host: '127.0.0.1', tlsPort: 0 } });
    expect(tcpPort).toBeUndefined();
    for (const servername of ['ocs01.contoso.example', 'localhost']) {
      const socket = connectTls({ host: '127.0.0.1', port: tlsPort ?? 0, ca: caCertificate, servername });
      sockets.push(socket);
      await once(socket, 'secureConnect');
      expect(await answerTo(socket, register)).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    }
  });

  test('is refused over TLS by whoever trusts another authority', async () => {
    const other = await createThrowAwayAuthority(['localhost']);
    const { tlsPort } = await start({ listen: { host: '127.0.0.1', tlsPort: 0 } });
    const socket = connectTls({
      host: '127.0.0.1',
      port: tlsPort ?? 0,
      ca: other.caCertificate,
      servername: 'localhost',
    });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('certificate');
  });

  test('uses a certificate it is given', async () => {
    const certificates = await createThrowAwayAuthority(['elsewhere.example']);
    const { caCertificate } = await start({ listen: { host: '127.0.0.1', tlsPort: 0 }, certificates });
    expect(caCertificate).toBe(certificates.caCertificate);
  });

  test.each([
    ['something that is not SIP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['an endless line', 'A'.repeat(70_000)],
    ['a length that is no number', 'INFO sip:a SIP/2.0\r\nContent-Length: x\r\n\r\n'],
    ['TLS where TCP is spoken', Buffer.from('16030100c8010000c40303'.padEnd(140_000, '0'), 'hex')],
  ])('drops a connection that sends %s, and lives on', async (_title, bytes) => {
    const { tcpPort, log } = await start();
    const socket = await tcp(tcpPort);
    socket.write(bytes);
    await once(socket, 'close');
    expect(log.entries.map(({ event }) => event)).toContain('simulator.connection-dropped');
    expect(log.entries.filter(({ level }) => level === 'error')).toEqual([]);
    expect(await answerTo(await tcp(tcpPort), register)).toMatch(/^SIP\/2\.0 200/);
  });

  test('survives clients that hang up without waiting', async () => {
    const { tcpPort, simulator } = await start();
    for (let count = 0; count < 5; count += 1) {
      const socket = await tcp(tcpPort);
      socket.write(register.repeat(20));
      socket.resetAndDestroy();
    }
    expect(await answerTo(await tcp(tcpPort), register)).toMatch(/^SIP\/2\.0 200/);
    await expect.poll(() => simulator.counters.connections).toBe(6);
  });

  test('cuts all connections and accepts new ones', async () => {
    const { tcpPort, simulator } = await start();
    const socket = await tcp(tcpPort);
    await answerTo(socket, register);
    simulator.dropConnections();
    await once(socket, 'close');
    expect(await answerTo(await tcp(tcpPort), register)).toMatch(/^SIP\/2\.0 200/);
  });

  test('closes connections on which nobody signs in, and silent ones', async () => {
    const clock = new SimulatedClock();
    const { tcpPort } = await start({ clock });
    const stranger = await tcp(tcpPort);
    const client = await tcp(tcpPort);
    await answerTo(client, register);
    const gone = once(stranger, 'close');
    await clock.advance(61_000);
    await gone;
    await clock.advance(400_000);
    expect(await answerTo(client, register.replace('CSeq: 1', 'CSeq: 2'))).toMatch(/^SIP\/2\.0 200/);
    const silent = once(client, 'close');
    await clock.advance(601_000);
    await silent;
  });

  test('stops with clients connected, and its port is free again', async () => {
    const { tcpPort, simulator } = await start();
    const socket = await tcp(tcpPort);
    const closed = once(socket, 'close');
    await simulator.stop();
    await closed;
    const again = await start({ listen: { host: '127.0.0.1', tcpPort: tcpPort ?? 0 } });
    expect(again.tcpPort).toBe(tcpPort);
  });

  test('says what the system says when its port is taken', async () => {
    const { tcpPort } = await start();
    await expect(start({ listen: { host: '127.0.0.1', tcpPort: tcpPort ?? 0 } })).rejects.toThrow('EADDRINUSE');
  });
});
