import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine, peersLine } from '../machine.js';
import { writeSection } from '../page.js';
import { averageLength, openFixtures } from '../paired/fixtures.js';
import type { TableResult } from '../paired/measure.js';
import { judge, tableLines } from '../paired/results.js';
import type { TableGoal } from '../paired/suite.js';
import type { Folders } from '../pipeline.js';
import { openWorkspace } from '../workspace.js';
import { foreignServers } from './foreign.js';
import { connectTo, sendAll } from './sender.js';
import type { FromServer, ServerKind, ServerTask } from './words.js';

export interface NotifyOptions {
  readonly rounds: number;
  readonly write: boolean;
  readonly check: boolean;
}

const PEERS = ['sip', 'sip.js'] as const;
const POOL = 4000;
const MESSAGES = 20_000;
const WINDOW = 256;
/** The engine needs some thousand messages until it has compiled everything, which a process that runs for months does once. */
const WARM_UP = 20_000;

const PRODUCT = 'Notes Presence Bridge: transport, decode, documents, engine, answer';
const BOUND = 'bound: Node.js frames by indexOf and answers';
const SIP_JS = 'sip.js UserAgentCore, body not read';

/** One receiver of notifications, connected. */
interface Receiver {
  readonly name: string;
  readonly role: 'bound' | 'product' | 'peer';
  readonly messages: number;
  readonly window: number;
  readonly socket: Socket;
  cpu(): number | Promise<number>;
  stop(): void;
}

/** Measures notifications that are received, decoded, stored and answered over one TCP connection. */
export async function runNotifyOverTcp({ rounds, write, check }: NotifyOptions): Promise<void> {
  const workspace = openWorkspace(PEERS);
  const folder = mkdtempSync(join(tmpdir(), 'presence-notify-'));
  const receivers: Receiver[] = [];
  try {
    const compose = await composer(workspace.folders);
    await openReceivers(receivers, workspace.folders, folder);
    const left = await warmUp(receivers, compose);
    const rows = receivers.map(({ name, role }) => ({ name, role, rounds: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      console.error(`round ${round + 1} of ${rounds}`);
      for (let place = 0; place < receivers.length; place++) {
        const index = (place + round) % receivers.length;
        const receiver = receivers[index];
        if (receiver !== undefined) rows[index]?.rounds.push(await measured(receiver, compose));
      }
    }
    const tables = tablesOf(rows, left);
    const length = averageLength(compose(64));
    const text = `## Notifications over TCP: received, decoded, stored, answered

One item is one NOTIFY of ${length} octets about one of ${POOL} people, over one connection with ${WINDOW} unanswered at
most. The product reads head and document, merges, queues the write and answers; the foreign programs and sip.js answer
and look at nothing in the body. No TLS and no signatures, for anybody. CPU time is that of the receiver alone; of
foreign programs the system counts it in steps of 10 ms.

Machine: ${machine()}
Rounds: ${rounds}.
${peersLine(workspace)}

${tables[0] === undefined ? '' : tableLines(tables[0]).join('\n')}

### Goals of notify-over-tcp

${tables.flatMap((table) => judge(table).map(({ text: goal }) => `- ${goal}`)).join('\n')}
`;
    console.log(text);
    if (write) writeSection('notify-over-tcp', text);
    const missed = tables.flatMap(judge).some(({ met, kind }) => kind === 'floor' && !met);
    if (check && missed) process.exitCode = 1;
  } finally {
    for (const receiver of receivers) receiver.stop();
    rmSync(folder, { recursive: true, force: true });
    workspace.remove();
  }
}

/** Messages that no receiver has seen: each with a Call-ID and a branch of its own. */
type Compose = (count: number) => Buffer[];

async function composer(folders: Folders): Promise<Compose> {
  const { benotify, extents } = await openFixtures(folders);
  const templates = Array.from({ length: POOL }, (_, index) => asNotify(benotify(index, extents[0] ?? 'state')));
  let number = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      number += 1;
      const mark = number.toString(16).padStart(8, '0');
      const template = templates[number % POOL] ?? '';
      return Buffer.from(template.replace('@@@@@@@@', mark).replace('########', mark), 'latin1');
    });
}

/** A notification outside of a dialog, which everybody takes and answers on the connection. */
function asNotify(message: Buffer): string {
  return message
    .toString('latin1')
    .replaceAll('BENOTIFY', 'NOTIFY')
    .replace('NOTIFY sip:', 'NOTIFY sip:watcher17@')
    .replace(/(\r\nTo: [^\r]*?);tag=[0-9a-f]+/, '$1')
    .replaceAll('SIP/2.0/TLS', 'SIP/2.0/TCP')
    .replace('192.0.2.10:5061', '127.0.0.1:5099')
    .replace(/\r\nRecord-Route:[^\r]*/, '')
    .replace(/\r\nRequire:[^\r]*/, '')
    .replace(/\r\nProxy-Require:[^\r]*/, '')
    .replace(/\r\nCSeq: \d+/, '\r\nCSeq: 1')
    .replace(/\r\nCall-ID: [0-9a-f]{8}/, '\r\nCall-ID: @@@@@@@@')
    .replace(/branch=z9hG4bK[0-9A-Fa-f]{8}/, 'branch=z9hG4bK########');
}

async function openReceivers(receivers: Receiver[], folders: Folders, folder: string): Promise<void> {
  receivers.push(await own(PRODUCT, 'product', 'product', folders, MESSAGES));
  receivers.push(await own(BOUND, 'bound', 'bound', folders, MESSAGES));
  if (folders.peers !== undefined) {
    receivers.push(await own(SIP_JS, 'peer', 'sip.js', folders, 160));
    // Its reader gives up a connection with more than about 60 kB unread.
    receivers.push(await own('sip (npm), body not read', 'peer', 'sip', folders, 3000, 8));
  }
  for (const { name, port, cpu, stop } of await foreignServers(folder)) {
    const socket = await connectTo(port);
    receivers.push({ name, role: 'peer', messages: MESSAGES, window: WINDOW, socket, cpu, stop });
  }
}

async function own(
  name: string,
  role: Receiver['role'],
  kind: ServerKind,
  folders: Folders,
  messages: number,
  window = WINDOW,
): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [], { execArgv: ['--import', 'tsx'] });
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const connected = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  const task: ServerTask = { kind, folders, port: (listener.address() as AddressInfo).port, people: POOL };
  child.send(task);
  const { port } = await answerOf(child, 'ready');
  const socket = port === 0 ? await connected : await connectTo(port);
  socket.setNoDelay(true);
  listener.close();
  const ask = <Type extends 'cpu' | 'stored'>(what: Type) => {
    child.send(what);
    return answerOf(child, what);
  };
  return {
    name,
    role,
    messages,
    window,
    socket,
    cpu: async () => {
      if (kind === 'product' && (await ask('stored')).count === 0) throw new Error('nothing was stored');
      return (await ask('cpu')).used;
    },
    stop: () => {
      socket.destroy();
      child.kill();
    },
  };
}

function answerOf<Type extends FromServer['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromServer, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a receiver ended with exit code ${code}`));
    const onMessage = (message: FromServer): void => {
      if (message.type !== type) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message as Extract<FromServer, { type: Type }>);
    };
    child.once('exit', onExit);
    child.on('message', onMessage);
  });
}

/** Lets everybody compile, and leaves out who does not answer. */
async function warmUp(receivers: Receiver[], compose: Compose): Promise<string[]> {
  const left: string[] = [];
  for (const receiver of [...receivers]) {
    try {
      await sendAll(receiver.socket, compose(Math.min(WARM_UP, receiver.messages)), receiver.window);
    } catch (error) {
      if (receiver.role !== 'peer') throw error;
      left.push(`${receiver.name} (${error instanceof Error ? error.message : error})`);
      receiver.stop();
      receivers.splice(receivers.indexOf(receiver), 1);
    }
  }
  return left;
}

async function measured({ socket, messages, window, cpu }: Receiver, compose: Compose): Promise<number> {
  const batch = compose(messages);
  const before = await cpu();
  await sendAll(socket, batch, window);
  return ((await cpu()) - before) / messages;
}

/** The same rows, once for each peer that a goal refers to. */
function tablesOf(rows: TableResult['rows'], left: readonly string[]): TableResult[] {
  const goals: readonly [base: RegExp, floor: number, aim: number][] = [
    [/^sipp/, 1.5, 1],
    [/^Kamailio/, 2.4, 1.6],
    [/^sip\.js/, 1 / 90, 1 / 135],
  ];
  const tables = goals.flatMap(([pattern, floor, aim]): TableResult[] => {
    const base = rows.find(({ name }) => pattern.test(name))?.name;
    if (base === undefined) return [];
    const wanted: TableGoal[] = [
      { candidate: PRODUCT, times: floor, kind: 'floor' },
      { candidate: PRODUCT, times: aim, kind: 'aim' },
    ];
    return [{ title: `against ${base}`, unit: 'message', base, left, goals: wanted, rows }];
  });
  return tables.length > 0 ? tables : [{ title: 'alone', unit: 'message', base: BOUND, left, goals: [], rows }];
}
