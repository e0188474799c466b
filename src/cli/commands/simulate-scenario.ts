import { createLog } from '../../bridge/observe/log.js';
import { systemClock, systemRandom } from '../../bridge/runtime/system.js';
import type { FaultSpec } from '../../ocs/simulator/faults/fault-spec.js';
import type { StepOutcome, StepReport } from '../../ocs/simulator/scenario/runner.js';
import type { Step } from '../../ocs/simulator/scenario/step.js';
import { BridgeError, ERROR_CODES } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { paint } from '../output.js';
import { Reported } from '../reported.js';
import { ScenarioSite } from '../site/scenario-site.js';
import { findScenario } from '../site/shipped-scenarios.js';
import { SiteFolder } from '../site/site-folder.js';
import { stayUntilStopped } from '../stay.js';

export interface PlayOptions {
  readonly scenario: string;
  readonly folder: string;
  readonly domain: string;
  readonly host: string;
  readonly tlsPort: number;
  readonly tcpPort?: number | undefined;
  readonly httpPort: number;
  readonly fault: readonly FaultSpec[];
  readonly verbose?: true | undefined;
  readonly json?: true | undefined;
}

const TIME_WIDTH = 8;
const ERASE_LINE = '\r\u001b[2K';

const SIGNS = {
  done: ['cyan', '·'],
  passed: ['green', '✓'],
  skipped: ['yellow', '-'],
  failed: ['red', '✗'],
} as const satisfies Record<StepOutcome, readonly [style: string, sign: string]>;

/**
 * Plays a scenario on a simulated server, in real time, and prints each step as it happens. Ends with `SIM_SCENARIO` (65)
 * at the first expectation that fails, and names its line.
 */
export async function playScenario(io: CliIo, options: PlayOptions): Promise<void> {
  const { file, scenario } = findScenario(options.scenario);
  const { host, tlsPort, tcpPort, domain } = options;
  const folder = new SiteFolder(options.folder);
  const site = new ScenarioSite(
    {
      scenario,
      domain,
      listen: { host, tlsPort, ...(tcpPort === undefined ? {} : { tcpPort }) },
      password: folder.password(systemRandom),
    },
    { clock: systemClock, random: systemRandom, log: createLog({ level: options.verbose ? 'debug' : 'error' }) },
  );
  for (const fault of options.fault) site.simulator.beginFault(fault);
  const address = await site.start();
  try {
    folder.trust(address.caCertificate);
    const outside = site.outside && site.accounts.get(site.outside.name);
    if (outside) {
      const { people } = site;
      folder.writeConfig({ account: outside, people, tlsPort: address.tlsPort ?? tlsPort, httpPort: options.httpPort });
    }
    const config = outside ? folder.configFile : undefined;
    if (options.json) {
      const { tlsPort: tls, tcpPort: tcp } = address;
      const { passwordFile } = folder;
      print(io, { ok: true, tlsPort: tls, tcpPort: tcp, config, passwordFile, people: site.people.length });
    } else {
      io.out(`${paint(io, 'bold', scenario.name)}\n`);
      if (scenario.description !== '') io.out(`${scenario.description.trim()}\n`);
      if (outside) {
        io.out(`\nSigns in from outside as ${outside.uri}, ${host}:${address.tlsPort} (TLS); in another terminal:\n`);
        io.out(`  presence-bridge run --config ${config}\n`);
      }
      io.out('\n');
    }
    const onStep = (report: StepReport): void => (options.json ? print(io, plain(report)) : show(io, report));
    const onBegin = (step: Step): void => {
      // What is waited for; the outcome takes its place.
      if (io.terminal && !options.json) io.out(`${' '.repeat(TIME_WIDTH)}  … ${step.text}`.slice(0, io.columns - 1));
    };
    const playing = site.play(address, { onBegin, onStep, signal: io.stop });
    const reports = await stayUntilStopped(io, playing);
    // Stopped by the user: the step under way ends too.
    conclude(io, options, file, scenario.steps, reports ?? (await playing));
  } finally {
    await site.stop();
  }
}

function conclude(
  io: CliIo,
  { json }: PlayOptions,
  file: string,
  steps: readonly Step[],
  reports: readonly StepReport[],
): void {
  const failed = reports.find(({ outcome }) => outcome === 'failed');
  const skipped = reports.filter(({ outcome }) => outcome === 'skipped').length;
  const left = steps.length - reports.length;
  if (failed) {
    const message = `${file}:${failed.step.line}: ${failed.step.text}: ${failed.reason}`;
    if (!json) throw new BridgeError('SIM_SCENARIO', message);
    print(io, { ok: false, error: new BridgeError('SIM_SCENARIO', message) });
    throw new Reported(ERROR_CODES.SIM_SCENARIO.exit);
  }
  if (json) {
    print(io, { ok: true, steps: reports.length, skipped, left });
    return;
  }
  const whole = left === 0 ? 'went as it says' : `was stopped, ${left} steps were left`;
  const unseen = skipped === 0 ? '' : `; ${skipped} could not be told from here`;
  io.out(`\nThe scenario ${whole}: ${reports.length} steps${unseen}.\n`);
}

function show(io: CliIo, { step, outcome, reason, at }: StepReport): void {
  const [style, sign] = SIGNS[outcome];
  const time = `${(at / 1000).toFixed(1)}s`.padStart(TIME_WIDTH);
  const why = reason === undefined ? '' : `  (${reason})`;
  if (io.terminal) io.out(ERASE_LINE);
  io.out(`${time}  ${paint(io, style, sign)} ${step.text}${outcome === 'failed' ? paint(io, style, why) : why}\n`);
}

function plain({ step, outcome, reason, at }: StepReport): Record<string, unknown> {
  return { line: step.line, step: step.text, outcome, reason, atMs: at };
}

function print(io: CliIo, value: unknown): void {
  io.out(`${JSON.stringify(value)}\n`);
}
