import { ocsOptions } from '../bridge/compose.js';
import type { BridgeConfig, DominoConfig } from '../bridge/config/config.js';
import { checkStateFolder } from '../bridge/runtime/state-folder.js';
import { systemClock, systemRandom } from '../bridge/runtime/system.js';
import type { Driver } from '../notes/driver.js';
import { createDriver } from '../notes/open-driver.js';
import type { DiscoveryStep } from '../ocs/link/discovery/step.js';
import { accountsOf } from '../ocs/options.js';
import { type ProbeStep, probeOcs } from '../ocs/probe.js';
import { BridgeError } from '../presence/errors.js';
import { holderOfFolder } from '../system/folder-lock.js';
import { silentLog } from './silent-log.js';

/** One prerequisite, met unless there is an error. */
export interface Finding {
  readonly name: string;
  readonly detail: string;
  /** The look-up that it is about, for programs. */
  readonly lookUp?: DiscoveryStep;
  readonly error?: BridgeError;
}

/** Tries every prerequisite in turn. Signs in to OCS once for each account; writes nothing anywhere. */
export async function* checkPrerequisites(config: BridgeConfig): AsyncGenerator<Finding> {
  yield { name: 'Configuration', detail: `${config.file}, ${config.people.length} people` };
  yield checkState(config.bridge.stateFolder);
  yield* checkOcs(config);
  yield* checkDomino(config);
}

function checkState(stateFolder: string): Finding {
  const name = 'State folder';
  try {
    checkStateFolder(stateFolder);
    const holder = holderOfFolder(stateFolder);
    return { name, detail: holder === undefined ? stateFolder : `${stateFolder}, in use by process ${holder}` };
  } catch (thrown) {
    return { name, detail: '', error: BridgeError.from(thrown) };
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
  const [first, ...others] = accountsOf(ocsOptions(config));
  if (first === undefined) return;
  const { steps } = await probeOcs(first, ports);
  for (const { name, ok: _, ...found } of steps) yield { name: OCS_STEPS[name], ...found };
  if (steps.at(-1)?.ok !== true) return;
  // The way to the server is known by now; of the other accounts only the outcome is of interest.
  for (const account of others) {
    const last = (await probeOcs(account, ports)).steps.at(-1);
    if (last === undefined) continue;
    const { name, ok: _, detail, ...found } = last;
    yield { name: OCS_STEPS[name], detail: `${account.account}: ${detail}`, ...found };
  }
}

async function* checkDomino({ domino }: BridgeConfig): AsyncGenerator<Finding> {
  let name = 'Domino driver';
  try {
    const driver = createDriver(domino, { clock: systemClock, log: silentLog });
    const { module, version } = await driver.identify();
    yield { name, detail: `${module} ${version}` };
    name = 'Domino database';
    yield { name, detail: await openOnce(driver, domino) };
  } catch (thrown) {
    yield { name, detail: '', error: BridgeError.from(thrown) };
  }
}

async function openOnce(driver: Driver, domino: DominoConfig): Promise<string> {
  const place = domino.kind === 'embedded' ? domino.folder : `${domino.filePath} on ${domino.hostName}`;
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
