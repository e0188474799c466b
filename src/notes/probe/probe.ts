import { BridgeError } from '../../presence/errors.js';
import type { Driver } from '../driver.js';
import { serverConfiguration } from '../drivers/domino-db/server-configuration.js';
import { probeDominoRest } from '../drivers/domino-rest/probe.js';
import { createDriver, type DriverConfig, type DriverPorts, placeOf } from '../open-driver.js';
import { CONTENT_STEPS, contentSteps } from './probe-contents.js';
import { certificateSteps, connectionSteps, DOMINO_DB_STEPS } from './probe-domino-db.js';
import { RIGHTS_STEP, rightsSteps } from './probe-rights.js';
import { failed, noted, type ProbeStep, passed } from './probe-step.js';

export interface DominoProbeOptions {
  /** Name of this bridge. */
  readonly bridge: string;
  /** Prove the rights to create, change and delete by doing it, with a document of its own. Default: nothing is changed. */
  readonly write?: boolean;
}

/**
 * Tries every prerequisite of the Domino side in turn and tells each as soon as it is known: driver, certificate,
 * connection, database, documents, queries, other bridges and rights. Ends with the first step without which the further
 * ones cannot be tried. Never throws.
 */
export async function* probeDomino(
  config: DriverConfig,
  ports: DriverPorts,
  options: DominoProbeOptions,
): AsyncGenerator<ProbeStep> {
  let name = 'Domino driver';
  let driver: Driver | undefined;
  try {
    driver = createDriver(config, ports);
    const { module, version } = await driver.identify();
    yield passed(name, `${module} ${version}`);
    if (config.kind === 'domino-db') {
      name = DOMINO_DB_STEPS.certificate;
      yield* certificateSteps(config, ports.clock.now());
      name = DOMINO_DB_STEPS.connection;
      yield* await connectionSteps(serverConfiguration(config, ports)(), ports.clock);
    }
    if (config.kind === 'domino-rest') {
      for (const step of await probeDominoRest(config, ports)) {
        yield step;
        if (step.outcome === 'fail') return;
      }
    }
    name = 'Domino database';
    const { step, inUse } = await openStep(driver, config, ports, name);
    yield step;
    name = CONTENT_STEPS.documents;
    const reader = inUse && config.kind === 'embedded' ? createDriver({ ...config, readOnly: true }, ports) : driver;
    if (reader !== driver) await reader.open();
    for await (const found of contentSteps(reader, options.bridge, ports.clock)) {
      yield found;
      if (found.outcome === 'fail') return;
    }
    name = RIGHTS_STEP;
    if (inUse) yield noted(name, 'Not tried while a bridge uses the store.');
    else if (options.write === true) yield* rightsSteps(driver);
    else yield noted(name, 'Not tried: "presence-bridge check --write" creates, changes and deletes a document.');
  } catch (thrown) {
    yield failed(name, BridgeError.from(thrown));
  } finally {
    await driver?.close().catch(() => {});
  }
}

async function openStep(
  driver: Driver,
  config: DriverConfig,
  { clock }: DriverPorts,
  name: string,
): Promise<{ readonly step: ProbeStep; readonly inUse: boolean }> {
  const before = clock.monotonic();
  try {
    await driver.open();
    const took = config.kind === 'embedded' ? '' : `, answered in ${Math.round(clock.monotonic() - before)} ms`;
    return { step: passed(name, `${placeOf(config)}${took}`), inUse: false };
  } catch (thrown) {
    const error = BridgeError.from(thrown);
    // The embedded store belongs to one process at a time: a running bridge is a good sign here.
    if (error.code !== 'NOTES_IN_USE') throw error;
    const process = error.details['pid'] ?? 'unknown';
    return { step: passed(name, `${placeOf(config)}, in use by process ${process}`), inUse: true };
  }
}
