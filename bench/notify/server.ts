import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Clock, Log } from '../../src/bridge/ports.js';
import { peerLoader, productModule } from '../paired/load.js';
import type { Folders } from '../pipeline.js';
import { createProduct } from '../product.js';
import type { FromServer, ServerTask, ToServer } from './words.js';

/** Number of people whose status was stored. */
let stored = (): number => 0;

async function start(task: ServerTask): Promise<number> {
  switch (task.kind) {
    case 'product':
      return product(task);
    case 'bound':
      return listen(bound);
    case 'sip.js':
      return sipJs(task.folders);
    case 'sip':
      return sipPackage(task.folders);
  }
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The product's own way, whole but for TLS and signature: it connects as a client and answers through its transport. */
async function product({ folders, port, people }: ServerTask): Promise<number> {
  const load = <T>(path: string): Promise<T> => productModule<T>(folders, path);
  const { OcsTransport } =
    await load<typeof import('../../src/ocs/link/ocs-transport.js')>('ocs/link/ocs-transport.js');
  const { OcsCore } = await load<typeof import('../../src/ocs/agent/core.js')>('ocs/agent/core.js');
  const { systemClock } = await load<{ systemClock: Clock }>('bridge/runtime/system.js');
  const { parseSipUri } = await load<typeof import('../../src/presence/ids.js')>('presence/ids.js');
  const { readAhead } = await load<typeof import('../../src/ocs/agent/read-ahead.js')>('ocs/agent/read-ahead.js');
  const pipeline = await createProduct(folders, people);
  stored = pipeline.count;
  const account = parseSipUri('sip:watcher@corp.example.com');
  if (!account.ok) throw new Error(account.reason);
  const transport = new OcsTransport(
    { host: '127.0.0.1', port, transport: 'tcp' },
    {
      onRequest: (message) => {
        core.reply(message, 200);
        pipeline.observe(message);
      },
      onResponse: () => {},
      onClose: () => process.exit(0),
      prepare: readAhead,
    },
    { clock: systemClock, log: silent, count: (_what, reason) => console.error(`dropped: ${reason}`) },
  );
  const connection = await transport.connect();
  transport.establish();
  const core = new OcsCore(
    { account: account.value, userAgent: 'bench', localAddress: connection.localAddress, log: silent },
    transport,
  );
  return 0;
}

function listen(accept: (socket: Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      accept(socket);
    });
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const ECHOED = ['\r\nVia:', '\r\nFrom:', '\r\nTo:', '\r\nCall-ID:', '\r\nCSeq:'];

/** Frames by `indexOf`, looks at nothing else, and answers with one write for each read. */
function bound(socket: Socket): void {
  framed(socket, (head) => {
    const lines = ECHOED.flatMap((name) => linesOf(head, name));
    return `SIP/2.0 200 OK${lines.join('')}\r\nContent-Length: 0\r\n\r\n`;
  });
}

function linesOf(head: string, name: string): string[] {
  const lines: string[] = [];
  for (let at = head.indexOf(name); at >= 0; at = head.indexOf(name, at + 2)) {
    const end = head.indexOf('\r\n', at + 2);
    lines.push(head.slice(at, end < 0 ? head.length : end));
  }
  return lines;
}

function framed(socket: Socket, answer: (head: string, message: Buffer) => string): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let out = '';
    for (;;) {
      const end = bytes.indexOf('\r\n\r\n', at, 'latin1');
      if (end < 0) break;
      const head = bytes.toString('latin1', at, end);
      const length = Number.parseInt(head.slice(head.indexOf('\r\nContent-Length:') + 17), 10);
      if (end + 4 + length > bytes.length) break;
      out += answer(head, bytes.subarray(at, end + 4 + length));
      at = end + 4 + length;
    }
    rest = bytes.subarray(at);
    if (out !== '') socket.write(out, 'latin1');
  });
}

async function sipJs({ peers }: Folders): Promise<number> {
  if (peers === undefined) throw new Error('the peers are not installed');
  const loader = peerLoader(peers);
  const core = await loader.import<typeof import('sip.js').Core>('sip.js/lib/core/index.js');
  const { URI } = await loader.import<typeof import('sip.js')>('sip.js/lib/index.js');
  const loggers = new core.LoggerFactory();
  loggers.builtinEnabled = false;
  const logger = loggers.getLogger('bench');
  return listen((socket) => {
    const uri = new URI('sip', 'watcher17', 'corp.example.com');
    const transport = { protocol: 'TCP', send: async (text: string) => void socket.write(text) };
    const agent = new core.UserAgentCore(
      {
        aor: uri,
        contact: { uri, pubGruu: undefined, tempGruu: undefined, toString: () => `<${uri.toString()}>` },
        displayName: '',
        loggerFactory: loggers,
        hackViaTcp: true,
        routeSet: [],
        sipjsId: 'bench',
        supportedOptionTags: [],
        supportedOptionTagsResponse: [],
        userAgentHeaderFieldValue: 'bench',
        viaForceRport: false,
        viaHost: 'localhost.invalid',
        authenticationFactory: () => undefined,
        transportAccessor: () => transport as unknown as import('sip.js').Core.Transport,
      },
      { onNotify: (request) => void request.accept() },
    );
    framed(socket, (_head, message) => {
      const parsed = core.Parser.parseMessage(message.toString('utf8'), logger);
      if (parsed instanceof core.IncomingRequestMessage) agent.receiveIncomingRequestFromTransport(parsed);
      return '';
    });
  });
}

interface SipPackage {
  start(options: object, onRequest: (request: object) => void): void;
  send(response: object): void;
  makeResponse(request: object, status: number, reason: string): object;
}

/** This package wants a fixed port. */
const SIP_PORTS = { from: 20_000, count: 20_000 };

async function sipPackage({ peers }: Folders): Promise<number> {
  if (peers === undefined) throw new Error('the peers are not installed');
  const sip = peerLoader(peers).require<SipPackage>('sip');
  const port = SIP_PORTS.from + (process.pid % SIP_PORTS.count);
  sip.start({ address: '127.0.0.1', port, udp: false, tcp: true }, (request) =>
    sip.send(sip.makeResponse(request, 200, 'OK')),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  return port;
}

function say(message: FromServer): void {
  process.send?.(message);
}

// The code of a receiver must not be thrown away while it waits for its turn.
setFlagsFromString('--no-flush-bytecode');
process.on('message', (message: ToServer) => {
  if (message === 'cpu') {
    const { user, system } = process.cpuUsage();
    say({ type: 'cpu', used: user + system });
  } else if (message === 'stored') {
    say({ type: 'stored', count: stored() });
  } else {
    start(message).then(
      (port) => say({ type: 'ready', port }),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  }
});
process.on('disconnect', () => process.exit(0));
