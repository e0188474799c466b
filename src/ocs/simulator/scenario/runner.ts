import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import { durationText } from '../faults/duration.js';
import type { ActorClient, ScenarioStage } from './stage.js';
import type { ActorAction, KeepsSeeing, LinkWord, Scenario, StageAction, Step } from './step.js';

/** `skipped`: cannot be told from where the scenario is played. */
export type StepOutcome = 'done' | 'passed' | 'skipped' | 'failed';

export interface StepReport {
  readonly step: Step;
  readonly outcome: StepOutcome;
  /** Why it failed or was skipped. */
  readonly reason?: string;
  /** Milliseconds from the start of the scenario to the end of the step. */
  readonly at: number;
}

export interface RunOptions {
  readonly clock: Clock;
  /** Called before a step; it may take long. */
  readonly onBegin?: (step: Step) => void;
  readonly onStep?: (report: StepReport) => void;
  /** Ends the run before its next step. */
  readonly signal?: AbortSignal;
  /** How long a client from outside may take to sign in, milliseconds. Default: as long as it likes. */
  readonly patienceMs?: number;
}

interface Verdict {
  readonly outcome: StepOutcome;
  readonly reason?: string;
}

const DONE: Verdict = { outcome: 'done' };
const PASSED: Verdict = { outcome: 'passed' };
const UNSEEN: Verdict = { outcome: 'skipped', reason: 'cannot be told from the side of the server' };
const SEEN_FROM_OUTSIDE: ReadonlySet<LinkWord> = new Set(['connected', 'disconnected']);
const ENDLESS = Number.POSITIVE_INFINITY;

/** Plays a scenario to its end or to the first step that fails, which is then the last of the reports. */
export async function runScenario(
  scenario: Scenario,
  stage: ScenarioStage,
  options: RunOptions,
): Promise<readonly StepReport[]> {
  const { clock, onBegin, onStep, signal } = options;
  const start = clock.monotonic();
  const reports: StepReport[] = [];
  for (const step of scenario.steps) {
    if (signal?.aborted) break;
    onBegin?.(step);
    let verdict: Verdict;
    try {
      const { action } = step;
      verdict =
        'actor' in action
          ? await performActor(action, stage.actor(action.actor), options)
          : await perform(action, stage, options);
    } catch (thrown) {
      verdict = { outcome: 'failed', reason: BridgeError.from(thrown).message };
    }
    if (signal?.aborted) break;
    const report = { step, ...verdict, at: Math.round(clock.monotonic() - start) };
    reports.push(report);
    onStep?.(report);
    if (verdict.outcome === 'failed') break;
  }
  return reports;
}

async function perform(action: StageAction, stage: ScenarioStage, options: RunOptions): Promise<Verdict> {
  switch (action.kind) {
    case 'becomes':
      stage.becomes(action.person, action.status, action.note);
      return DONE;
    case 'out-of-office':
      stage.outOfOffice(action.person, action.note);
      return DONE;
    case 'server':
      await (action.does === 'stop' ? stage.stopServer() : stage.startServer());
      return DONE;
    case 'restart':
      await stage.stopServer();
      await pause(action.after, options);
      await stage.startServer();
      return DONE;
    case 'fault':
      stage.begin(action.fault);
      return DONE;
    case 'end-fault':
      return stage.end(action.name) ? DONE : { outcome: 'failed', reason: 'no such fault had begun' };
    case 'act':
      stage.act(action.act, action.whom, action.person);
      return DONE;
    case 'enabled':
      stage.setEnabled(action.whom, action.enabled);
      return DONE;
    case 'move':
      stage.move(action.whom, action.pool);
      return DONE;
    case 'user-services':
      stage.userServices(action.down);
      return DONE;
    case 'certificate':
      stage.certificate(action.flaw);
      await stage.stopServer();
      await stage.startServer();
      return DONE;
    case 'counted':
      return count(stage.counted(action.what), action.atMost, action.number);
    case 'wait':
      await pause(action.duration, options);
      return DONE;
  }
}

async function performActor(action: ActorAction, client: ActorClient, options: RunOptions): Promise<Verdict> {
  switch (action.kind) {
    case 'sign-in':
      client.signIn(action.wrongPassword);
      if (client.obeys) return DONE;
      if (action.wrongPassword) return UNSEEN;
      return await until(
        client,
        () => client.link() === 'connected',
        options.patienceMs ?? ENDLESS,
        options,
        () => 'nobody signed in',
      );
    case 'sign-off':
      await client.signOff();
      return client.obeys ? DONE : UNSEEN;
    case 'watch':
      client.watch(action.people);
      return client.obeys ? DONE : UNSEEN;
    case 'sees': {
      const { person, status, note } = action;
      if (!client.obeys && status === 'unknown') return UNSEEN;
      const fits = (): boolean => {
        const seen = client.sees(person);
        return seen.status === status && (note === undefined || seen.note === undefined || seen.note === note);
      };
      return await until(client, fits, action.within, options, () => seenText(client, person));
    }
    case 'keeps-seeing':
      return await keeps(action, client, options);
    case 'link':
      if (!client.obeys && !SEEN_FROM_OUTSIDE.has(action.link)) return UNSEEN;
      return await until(
        client,
        () => client.link() === action.link,
        action.within,
        options,
        () => `it is ${client.link()}`,
      );
    case 'fails':
      if (client.lastError() === undefined) return UNSEEN;
      return await until(
        client,
        () => client.lastError() === action.code,
        action.within,
        options,
        () => `the last error is ${client.lastError()}`,
      );
    case 'publish':
      if (!client.obeys) return UNSEEN;
      await client.publish(action.status, action.note);
      return DONE;
    case 'say':
      if (!client.obeys) return UNSEEN;
      await client.say(action.text, action.other);
      return DONE;
    case 'hears': {
      if (client.heard(action.other) === undefined) return UNSEEN;
      const heard = (): readonly string[] => client.heard(action.other) ?? [];
      return await until(
        client,
        () => heard().includes(action.text),
        action.within,
        options,
        () => `it has heard ${JSON.stringify(heard())}`,
      );
    }
  }
}

async function keeps(action: KeepsSeeing, client: ActorClient, options: RunOptions): Promise<Verdict> {
  const { person, status, duration } = action;
  if (!client.obeys && status === 'unknown') return UNSEEN;
  const differs = (): boolean => client.sees(person).status !== status;
  const outcome = await until(client, differs, duration, options, () => '');
  return outcome.outcome === 'failed' ? PASSED : { outcome: 'failed', reason: seenText(client, person) };
}

function seenText(client: ActorClient, person: string): string {
  const seen = client.sees(person);
  return `${person} is seen as ${seen.status}${(seen.note ?? '') === '' ? '' : ` "${seen.note}"`}`;
}

function count(counted: number, atMost: boolean, number: number): Verdict {
  const fits = atMost ? counted <= number : counted >= number;
  return fits ? PASSED : { outcome: 'failed', reason: `${counted} were counted` };
}

/** Waits for a condition, which is asked whenever the actor changes. */
function until(
  client: ActorClient,
  condition: () => boolean,
  within: number,
  { clock, signal }: RunOptions,
  problem: () => string,
): Promise<Verdict> {
  if (condition()) return Promise.resolve(PASSED);
  return new Promise((resolve) => {
    const end = (verdict: Verdict): void => {
      unlisten();
      cancel();
      signal?.removeEventListener('abort', abort);
      resolve(verdict);
    };
    const abort = (): void => end(UNSEEN);
    const unlisten = client.onChange(() => {
      if (condition()) end(PASSED);
    });
    const cancel =
      within === ENDLESS
        ? () => undefined
        : clock.after(within, () => end({ outcome: 'failed', reason: `after ${durationText(within)}: ${problem()}` }));
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function pause(milliseconds: number, { clock, signal }: RunOptions): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
