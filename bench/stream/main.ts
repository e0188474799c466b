import { writeSection } from '../page.js';
import { measureFanOut } from './fan-out.js';
import { measureLatency } from './latency.js';
import { measureNeverRead } from './never-read.js';
import type { StreamPlan } from './report.js';
import { streamGoals, streamSection } from './report.js';

/** Many applications that follow many people: what it costs the bridge, and what it does to what it is there for. */
export async function runStream({
  rounds,
  write,
  check,
}: {
  readonly rounds: number;
  readonly write: boolean;
  readonly check: boolean;
}): Promise<void> {
  const say = (line: string): void => console.error(line);
  const plan: StreamPlan = {
    clients: 1_000,
    people: 5_000,
    perSecond: 50,
    rounds,
    neverRead: 200,
    neverReadPerSecond: 2_000,
  };
  const changes = 150;
  const fanOut = await measureFanOut({ ...plan, changes, say });
  const neverRead = [];
  for (const wire of ['websocket', 'event-stream'] as const) {
    const { people, neverRead: clients, neverReadPerSecond: perSecond } = plan;
    neverRead.push(await measureNeverRead(wire, { people, clients, perSecond, seconds: 40, say }));
  }
  const latency = [];
  for (const windowMs of [undefined, 10]) latency.push(await measureLatency(windowMs, { ...plan, changes: 250, say }));
  const figures = { fanOut, neverRead, latency };
  const section = streamSection(figures, plan);
  console.log(section);
  if (write) writeSection('stream', section);
  if (check && streamGoals(figures).some(({ met }) => !met)) process.exitCode = 1;
}
