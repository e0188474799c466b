import { ocsOptions } from '../bridge/compose.js';
import type { BridgeConfig, DominoConfig } from '../bridge/config/config.js';
import { fileAttempts } from '../bridge/runtime/sign-in-attempts.js';
import { checkStateFolder } from '../bridge/runtime/state-folder.js';
import { systemClock, systemRandom } from '../bridge/runtime/system.js';
import type { Driver } from '../notes/driver.js';
import { createDriver, placeOf } from '../notes/open-driver.js';
import type { DiscoveryStep } from '../ocs/link/discovery/step.js';
import { accountsOf } from '../ocs/options.js';
import { type Outcome, type ProbeStep, probeOcs } from '../ocs/probe.js';
import { BridgeError } from '../presence/errors.js';
import { holderOfFolder } from '../system/folder-lock.js';
import { silentLog } from './silent-log.js';

/** One prerequisite, or something on the way to it. */
export interface Finding {
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
  /** The look-up that it is about, for programs. */
  readonly lookUp?: DiscoveryStep;
  /** Why it failed. */
  readonly error?: BridgeError;
}

/** Tries every prerequisite in turn. Signs in to OCS once for each account; writes nothing anywhere. */
export async function* checkPrerequisites(config: BridgeConfig): AsyncGenerator<Finding> {
  const people = config.people.length === 1 ? '1 person' : `${config.people.length} people`;
  yield pass('Configuration', `${config.file}, ${people}`);
  yield checkState(config.bridge.stateFolder);
  yield* checkOcs(config);
  yield* checkDomino(config);
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

async function* checkDomino({ domino }: BridgeConfig): AsyncGenerator<Finding> {
  let name = 'Domino driver';
  try {
    const driver = createDriver(domino, { clock: systemClock, log: silentLog });
    const { module, version } = await driver.identify();
    yield pass(name, `${module} ${version}`);
    name = 'Domino database';
    yield pass(name, await openOnce(driver, domino));
  } catch (thrown) {
    yield fail(name, thrown);
  }
}

async function openOnce(driver: Driver, domino: DominoConfig): Promise<string> {
  const place = placeOf(domino);
  try {
    await driver.open();
    return place;
  } catch (thrown) {
    const error = BridgeError.from(thrown);
    // The embedded store belongs to one process at a time: a running bridge is a good sign here.
    if (error.code !== 'NOTES_IN_USE') throw error;
    return `${place}, in use by process ${error.details['pid'] ?? 'unknown'}`;
  } finally {
    await driver.close();
  }
}
