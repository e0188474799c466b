import { ocsOptions } from '../bridge/compose.js';
import type { BridgeConfig } from '../bridge/config/config.js';
import { lastFailure } from '../bridge/runtime/last-failure.js';
import { fileAttempts } from '../bridge/runtime/sign-in-attempts.js';
import { checkStateFolder } from '../bridge/runtime/state-folder.js';
import { systemClock, systemRandom } from '../bridge/runtime/system.js';
import { probeDomino } from '../notes/probe/probe.js';
import { accountsOf } from '../ocs/options.js';
import { type ProbeStep, probeOcs } from '../ocs/probe.js';
import { BridgeError, ERROR_CODES } from '../presence/errors.js';
import { holderOfFolder } from '../system/folder-lock.js';
import { checkDirectory } from './check-directory.js';
import { checkHttp } from './check-http.js';
import { driverPorts } from './driver-ports.js';
import type { Finding } from './finding.js';
import { silentLog } from './silent-log.js';

export interface CheckOptions {
  /** Prove the rights in the Domino database with a document of its own. Default: nothing is written anywhere. */
  readonly write?: boolean;
}

/** Tries every prerequisite in turn. Signs in to OCS once for each account. */
export async function* checkPrerequisites(
  config: BridgeConfig,
  { write = false }: CheckOptions = {},
): AsyncGenerator<Finding> {
  yield pass('Configuration', `${config.file}, ${peopleOf(config)}`);
  yield checkState(config.bridge.stateFolder);
  yield* lastRun(config.bridge.stateFolder);
  yield* checkHttp(config);
  yield* checkOcs(config);
  let isReadable = true;
  for await (const step of probeDomino(config.domino, driverPorts(config), { bridge: config.bridge.name, write })) {
    if (step.outcome === 'fail') isReadable = false;
    yield step;
  }
  // What stands in a database that cannot be read would fail once more.
  if (isReadable) yield* await checkDirectory(config);
}

/** Who is listed. A directory, if there is one, gives more. */
function peopleOf({ people, directory }: BridgeConfig): string {
  const more = directory.database === undefined && directory.csvFile === undefined ? '' : 'people of the directory';
  if (people.length === 0 && more !== '') return more;
  const listed = people.length === 1 ? '1 person' : `${people.length} people`;
  return more === '' ? listed : `${listed} and ${more}`;
}

function* lastRun(stateFolder: string): Generator<Finding> {
  const failure = lastFailure(stateFolder);
  if (failure === undefined) return;
  const { code, message, at, times } = failure;
  const often = times === 1 ? '' : `, ${times} times in a row`;
  const detail = `ended at ${new Date(at).toISOString()} with ${code}${often}: ${message}`;
  yield { name: 'Last run', outcome: 'warn', detail, next: ERROR_CODES[code].next };
}

function pass(name: string, detail: string): Finding {
  return { name, outcome: 'pass', detail };
}

function fail(name: string, thrown: unknown): Finding {
  return { name, outcome: 'fail', detail: '', error: BridgeError.from(thrown) };
}

function checkState(stateFolder: string): Finding {
  const name = 'State folder';
  try {
    checkStateFolder(stateFolder);
    const holder = holderOfFolder(stateFolder);
    return pass(name, holder === undefined ? stateFolder : `${stateFolder}, in use by process ${holder}`);
  } catch (thrown) {
    return fail(name, thrown);
  }
}

const OCS_STEPS: Readonly<Record<ProbeStep['name'], string>> = {
  discovery: 'OCS discovery',
  connect: 'OCS connection',
  certificate: 'OCS certificate',
  'sign-in': 'OCS sign-in',
};

async function* checkOcs(config: BridgeConfig): AsyncGenerator<Finding> {
  const ports = { clock: systemClock, random: systemRandom, log: silentLog };
  const attempts = fileAttempts(config.bridge.stateFolder, ports);
  const [first, ...others] = accountsOf({ ...ocsOptions(config), attempts });
  if (first === undefined) return;
  const { steps } = await probeOcs(first, ports);
  for (const { name, ...found } of steps) yield { ...found, name: OCS_STEPS[name] };
  if (steps.at(-1)?.outcome === 'fail') return;
  // The way to the server is known by now; of the other accounts only the outcome is of interest.
  for (const account of others) {
    const last = (await probeOcs(account, ports)).steps.at(-1);
    if (last === undefined) continue;
    yield { ...last, name: OCS_STEPS[last.name], detail: `${account.account}: ${last.detail}` };
  }
}
