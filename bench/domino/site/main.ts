import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSection } from '../../page.js';
import { installGrpc } from '../grpc-packages.js';
import { siteGoals, siteSection } from './report.js';
import {
  type DominoCounts,
  type FromDomino,
  type FromWatched,
  type Measured,
  PHASES,
  type Phase,
  type ToDomino,
  type ToWatched,
} from './words.js';

export interface LargeSiteOptions {
  readonly people?: number;
  readonly write: boolean;
  readonly check: boolean;
}

/** What one phase did to the bridge, to the idle process beside it, and to the documents. */
export interface PhaseFigures {
  readonly bridge: Measured;
  readonly control: Measured;
  readonly changes: number;
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly busiestSecond: number;
}

export interface SiteFigures {
  readonly people: number;
  readonly exchanged: number;
  /** The very first run: every document is created. */
  readonly fill: PhaseFigures;
  readonly phases: Readonly<Record<Phase, PhaseFigures>>;
  /** Documents of people without a second one of the same key. */
  readonly documents: number;
  readonly keys: number;
  /** Heap of the bridge before it knew anybody, megabytes. */
  readonly emptyHeapMegabytes: number;
}

const PEOPLE = 50_000;
const EXCHANGED_PART = 0.2;

/** Runs a bridge with a large site through a day's troubles. Takes about two minutes, one of them at a steady pace. */
export async function runLargeSite({ people = PEOPLE, write, check }: LargeSiteOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'presence-site-'));
  const children: ChildProcess[] = [];
  const child = (file: string): ChildProcess => {
    const url = new URL(`./${file}.ts`, import.meta.url);
    const one = fork(fileURLToPath(url), [], { execArgv: ['--expose-gc', '--import', 'tsx'] });
    children.push(one);
    return one;
  };
  try {
    installGrpc(folder);
    const domino = child('domino');
    const { port } = await ask<ToDomino, FromDomino, 'listening'>(domino, { type: 'start', folder }, 'listening');
    await ask<ToDomino, FromDomino, 'staffed'>(domino, { type: 'staff', from: 0, to: people, without: 0 }, 'staffed');
    const control = child('watched');
    const open = async (): Promise<ChildProcess> => {
      const bridge = child('watched');
      await ask<ToWatched, FromWatched, 'opened'>(bridge, { type: 'open', folder, port, people }, 'opened');
      return bridge;
    };
    const first = await open();
    const fill = await measured(['start', 'first-states'], first, control, domino);
    first.kill('SIGKILL');
    const bridge = await open();
    const { heapMegabytes: emptyHeapMegabytes } = (await measured([], bridge, control, domino)).bridge;
    const phases: Partial<Record<Phase, PhaseFigures>> = {};
    const exchanged = Math.round(people * EXCHANGED_PART);
    for (const phase of PHASES) {
      if (phase === 'exchange') {
        const staff = { type: 'staff', from: people, to: people + exchanged, without: exchanged } as const;
        await ask<ToDomino, FromDomino, 'staffed'>(domino, staff, 'staffed');
      }
      phases[phase] = await measured([phase], bridge, control, domino);
    }
    const { documents, keys } = await countsOf(domino);
    const all = phases as Record<Phase, PhaseFigures>;
    const figures: SiteFigures = { people, exchanged, fill, phases: all, documents, keys, emptyHeapMegabytes };
    const section = siteSection(figures);
    console.log(section);
    if (write) writeSection('large-site', section);
    if (check && siteGoals(figures).some(({ met }) => !met)) process.exitCode = 1;
  } finally {
    for (const one of children) if (one.connected) one.disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(
  phases: readonly Phase[],
  bridge: ChildProcess,
  control: ChildProcess,
  domino: ChildProcess,
): Promise<PhaseFigures> {
  console.error(phases.join(', '));
  const before = await countsOf(domino);
  const both = [bridge, control];
  await Promise.all(both.map((one) => ask<ToWatched, FromWatched, 'begun'>(one, { type: 'begin' }, 'begun')));
  let changes = 0;
  for (const phase of phases) {
    changes += (await ask<ToWatched, FromWatched, 'done'>(bridge, { type: 'run', phase }, 'done')).changes;
  }
  const after = await settled(domino, phases.includes('exchange'));
  const [ours, theirs] = await Promise.all(
    both.map((one) => ask<ToWatched, FromWatched, 'ended'>(one, { type: 'end' }, 'ended')),
  );
  if (ours === undefined || theirs === undefined) throw new Error('nothing was measured');
  return {
    bridge: ours,
    control: theirs,
    changes,
    created: after.created - before.created,
    changed: after.changed - before.changed,
    deleted: after.deleted - before.deleted,
    busiestSecond: after.busiestSecond,
  };
}

/** Removals go on when all writes are done. */
async function settled(domino: ChildProcess, waits: boolean): Promise<DominoCounts> {
  for (let before = await countsOf(domino); ; ) {
    if (!waits) return before;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = await countsOf(domino);
    if (after.deleted === before.deleted && after.changed === before.changed) return after;
    before = after;
  }
}

function countsOf(domino: ChildProcess): Promise<DominoCounts> {
  return ask<ToDomino, FromDomino, 'counted'>(domino, { type: 'count' }, 'counted');
}

function ask<To, From extends { readonly type: string }, Type extends From['type']>(
  child: ChildProcess,
  message: To,
  type: Type,
): Promise<Extract<From, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a process ended with exit code ${code}`));
    const onMessage = (answer: From): void => {
      if (answer.type !== type) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(answer as Extract<From, { type: Type }>);
    };
    child.once('exit', onExit);
    child.on('message', onMessage);
    child.send(message as object);
  });
}
