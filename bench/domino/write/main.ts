import { type ChildProcess, fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { machine } from '../../machine.js';
import { writeSection } from '../../page.js';
import type { TableResult } from '../../paired/measure.js';
import { judge, tableLines } from '../../paired/results.js';
import { openProduct } from '../../workspace.js';
import { GRPC_VERSIONS, type GrpcClient, installGrpc, loadGrpc } from '../grpc-packages.js';
import { BATCH, loadProduct, moduleWriter, PRODUCT, productWriter, RAW, rawWriter, type Writer } from './candidates.js';
import { type LatencyFigures, latencyGoals, latencyLines, measureLatency, RATE } from './latency.js';
import { peopleOf } from './people.js';
import { REST_RAW, restItems, restWriters } from './rest.js';
import type { FromStub, ToStub } from './words.js';

export interface DominoWriteOptions {
  readonly rounds: number;
  readonly write: boolean;
  readonly check: boolean;
}

const PEOPLE = 5_000;
/** Documents of each candidate and round: bulk calls, and single requests. */
const DOCUMENTS = 15_000;
const REQUESTS = 3_000;
const FLOOR = 1.6;
const AIM = 1.2;

/** Measures the CPU time of a document on its way to Domino, beside the bare call of the same size. */
export async function runDominoWrite({ rounds, write, check }: DominoWriteOptions): Promise<void> {
  const workspace = openProduct();
  const packages = join(workspace.root, 'grpc');
  const stub = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [], { execArgv: ['--import', 'tsx'] });
  const bulk: Writer[] = [];
  const rest: Writer[] = [];
  try {
    installGrpc(packages);
    const ports = await ask(stub, { type: 'start', folder: packages }, 'listening');
    const { grpc, Store } = loadGrpc(packages);
    const connect = (): GrpcClient => new Store(`127.0.0.1:${ports.grpc}`, grpc.credentials.createInsecure());
    const product = await loadProduct(workspace.product);
    const people = peopleOf(PEOPLE);
    bulk.push(rawWriter(connect(), people));
    bulk.push(moduleWriter(connect(), people, (person) => restItems(product, person, 1)));
    bulk.push(await productWriter(product, connect(), people, undefined));
    const feed = product.createViewFeed(
      product.buildTemplate({ folder: resolve('nsf-templates', 'presence'), language: 'en' }).dxl,
      { views: ['People', 'ByStatus'] },
    );
    bulk.push(
      await productWriter(product, connect(), people, (id, items) =>
        items === undefined ? feed.remove(id) : feed.put(id, items),
      ),
    );
    rest.push(...restWriters(product, ports.http, people));
    const bulkTable: TableResult = {
      title: `Bulk calls of ${BATCH} documents`,
      unit: 'document',
      base: RAW,
      left: [],
      goals: [
        { candidate: PRODUCT, times: FLOOR, kind: 'floor' },
        { candidate: PRODUCT, times: AIM, kind: 'aim' },
      ],
      rows: await measured(bulk, DOCUMENTS, rounds, stub),
    };
    const restTable: TableResult = {
      title: 'One request for each document',
      unit: 'document',
      base: REST_RAW,
      left: [],
      goals: [],
      rows: await measured(rest, REQUESTS, rounds, stub),
    };
    console.error('latency');
    const latency = await measureLatency(product, connect(), people);
    const text = section(bulkTable, restTable, latency, rounds);
    console.log(text);
    if (write) writeSection('domino-write', text);
    const goals = [...judge(bulkTable), ...latencyGoals(latency)];
    if (check && goals.some(({ met, kind }) => kind === 'floor' && !met)) process.exitCode = 1;
  } finally {
    for (const writer of [...bulk, ...rest]) await writer.close();
    stub.disconnect();
    workspace.remove();
  }
}

/** All candidates once per round, in rotating order; and that the server got all that was confirmed. */
async function measured(
  writers: readonly Writer[],
  documents: number,
  rounds: number,
  stub: ChildProcess,
): Promise<TableResult['rows']> {
  const rows = writers.map(({ name, role }) => ({ name, role, rounds: [] as number[] }));
  const turns = writers.map(() => 0);
  const run = async (index: number): Promise<number> => {
    const writer = writers[index];
    if (writer === undefined) throw new RangeError('there is no such candidate');
    const before = await ask(stub, { type: 'count' }, 'counted');
    globalThis.gc?.();
    const cpu = process.cpuUsage();
    let written = 0;
    while (written < documents) {
      turns[index] = (turns[index] ?? 0) + 1;
      await writer.write(turns[index] ?? 0);
      written += writer.batch;
    }
    const { user, system } = process.cpuUsage(cpu);
    const after = await ask(stub, { type: 'count' }, 'counted');
    const arrived = after.documents - before.documents;
    if (arrived !== written) throw new Error(`${writer.name}: ${written} documents were written, ${arrived} arrived`);
    return (user + system) / written;
  };
  console.error('warming up');
  for (const index of writers.keys()) await run(index);
  for (let round = 0; round < rounds; round++) {
    console.error(`round ${round + 1} of ${rounds}`);
    for (let place = 0; place < writers.length; place++) {
      const index = (place + round) % writers.length;
      rows[index]?.rounds.push(await run(index));
    }
  }
  return rows;
}

function section(bulk: TableResult, rest: TableResult, latency: LatencyFigures, rounds: number): string {
  const packages = Object.entries(GRPC_VERSIONS).map(([name, version]) => `${name} ${version}`);
  return `## Domino write: what a document costs on its way

First table: the running bridge is told a new status of ${BATCH} people, one observation each, and is done when all
documents are confirmed: engine, queue, store, items, driver, and a module with the surface of domino-db that sends over
gRPC with a schema of its own, since Proton's is not public. The base makes the messages of the same items by hand and
sends them in the same call to the same server. The server is a process of its own; no TLS, for anybody. Second table:
the driver of the Domino REST API beside bare requests of the same body, 8 at a time.

Machine: ${machine()}
Rounds: ${rounds}, in rotating order in one process; ${DOCUMENTS} and ${REQUESTS} documents each.
Over gRPC: ${packages.join(', ')}.

### ${bulk.title}

${tableLines(bulk).join('\n')}

### ${rest.title}

${tableLines(rest).join('\n')}

### From a change to the call that carries it, at ${RATE} changes a second

${latencyLines(latency).join('\n')}

### Goals of domino-write

${[...judge(bulk), ...latencyGoals(latency)].map(({ text }) => `- ${text}`).join('\n')}

Figures are \`median [lowest..highest]\` over the rounds; a ratio is taken within a round. CPU time is that of the whole
process, garbage collection included; the server counts what arrives, and every document must.
`;
}

function ask<Type extends FromStub['type']>(
  child: ChildProcess,
  message: ToStub,
  type: Type,
): Promise<Extract<FromStub, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the server ended with exit code ${code}`));
    const onMessage = (answer: FromStub): void => {
      if (answer.type !== type) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(answer as Extract<FromStub, { type: Type }>);
    };
    child.once('exit', onExit);
    child.on('message', onMessage);
    child.send(message);
  });
}
