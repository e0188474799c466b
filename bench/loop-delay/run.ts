import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { machine } from '../machine.js';
import { writeSection } from '../page.js';
import { median, short } from '../statistics.js';
import { Server } from './server.js';
import { PEOPLE, SHAPES, type Shape } from './shapes.js';
import { type FromWatched, OCTETS, type ToWatched } from './words.js';

export interface LoopDelayOptions {
  readonly rounds: number;
  readonly write: boolean;
  readonly check: boolean;
}

/** Longest stops of one shape, milliseconds, one for each round. */
interface Row {
  readonly name: string;
  readonly client: number[];
  readonly control: number[];
}

/** What an input of four megabytes may cost everybody else in the process. */
const LIMIT_MS = 10;
/** Compiled code is part of a process that runs for months. */
const WARM_UP_ROUNDS = 2;

/** Measures how long the event loop of the running bridge stops while large and hostile octets arrive. */
export async function runLoopDelay({ rounds, write, check }: LoopDelayOptions): Promise<void> {
  const server = new Server();
  const [client, control] = [watched(), watched()];
  const rows = SHAPES.map(({ name }): Row => ({ name, client: [], control: [] }));
  try {
    const started = answerOf(client, 'started');
    tell(client, { type: 'start', port: await server.open(), people: PEOPLE });
    await started;
    for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
      console.error(round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`);
      for (const [index, shape] of SHAPES.entries()) {
        const longest = await measured(shape, server, client, control);
        if (round < 0) continue;
        rows[index]?.client.push(longest.client);
        rows[index]?.control.push(longest.control);
      }
    }
  } finally {
    server.close();
    client.disconnect();
    control.disconnect();
  }
  const missed = rows.filter((row) => median(differences(row)) > LIMIT_MS);
  const text = document(rows, missed, rounds);
  console.log(text);
  if (write) writeSection('loop-delay', text);
  if (check && missed.length > 0) process.exitCode = 1;
}

async function measured(
  { answer, octets }: Shape,
  server: Server,
  client: ChildProcess,
  control: ChildProcess,
): Promise<{ readonly client: number; readonly control: number }> {
  const body = answer?.body();
  // A connection that the shape before this one ended is there again.
  await server.send(Buffer.alloc(0));
  const bytes = octets?.(server.dialog);
  await Promise.all([client, control].map((child) => ask(child, { type: 'begin' }, 'begun')));
  if (answer !== undefined && body !== undefined) await server.answer(answer.contentType, body);
  else if (bytes !== undefined) await server.send(bytes);
  const [ours, theirs] = await Promise.all([client, control].map((child) => ask(child, { type: 'end' }, 'ended')));
  if (answer !== undefined && ours?.known !== PEOPLE) throw new Error(`${ours?.known} people are known, not ${PEOPLE}`);
  return { client: ours?.longestMs ?? Number.NaN, control: theirs?.longestMs ?? Number.NaN };
}

function differences({ client, control }: Row): number[] {
  return client.map((longest, round) => Math.max(0, longest - (control[round] ?? 0)));
}

function document(rows: readonly Row[], missed: readonly Row[], rounds: number): string {
  const lines = rows.map((row) => {
    const more = differences(row);
    return `| ${row.name} | ${short(median(row.client))} | ${short(median(row.control))} | ${short(median(more))} | ${short(Math.max(...more))} |`;
  });
  const names = missed.map(({ name }) => name).join('; ');
  return `## Loop delay: the longest stop of the event loop while four megabytes arrive

The running bridge, signed in over TCP without TLS and watching ${PEOPLE} people, receives ${OCTETS / 1024 / 1024} MB of each
shape on its connection. A process beside it does nothing; what it is stopped for is the machine's doing. Times are
milliseconds, the longest stop while the shape was worked on, by \`monitorEventLoopDelay\` with a resolution of 1 ms.

Machine: ${machine()}
Rounds: ${rounds}, after ${WARM_UP_ROUNDS} to warm up.

| shape | bridge, median | idle process, median | bridge less idle process, median | the same, longest |
| --- | ---: | ---: | ---: | ---: |
${lines.join('\n')}

### Goals of loop-delay

- no shape stops the bridge for more than ${LIMIT_MS} ms longer than the idle process, by the median: ${
    missed.length === 0 ? 'met' : `MISSED (${names})`
  }
`;
}

function watched(): ChildProcess {
  return fork(fileURLToPath(new URL('./watched.ts', import.meta.url)), [], { execArgv: ['--import', 'tsx'] });
}

function tell(child: ChildProcess, message: ToWatched): void {
  child.send(message);
}

function ask<Type extends FromWatched['type']>(
  child: ChildProcess,
  message: ToWatched,
  type: Type,
): Promise<Extract<FromWatched, { type: Type }>> {
  const answer = answerOf(child, type);
  tell(child, message);
  return answer;
}

function answerOf<Type extends FromWatched['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromWatched, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process ended with exit code ${code}`));
    const onMessage = (message: FromWatched): void => {
      if (message.type !== type) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(message as Extract<FromWatched, { type: Type }>);
    };
    child.once('exit', onExit);
    child.on('message', onMessage);
  });
}
