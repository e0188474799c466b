import { Command } from '@commander-js/extra-typings';
import { startBridge } from '../../bridge/compose.js';
import type { BridgeConfig } from '../../bridge/config/config.js';
import { loadConfig } from '../../bridge/config/load.js';
import { createLog } from '../../bridge/observe/log.js';
import type { Clock, Log } from '../../bridge/ports.js';
import { forgetFailure, forgetFailureLater, recordFailure } from '../../bridge/runtime/last-failure.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { BridgeError } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { stayUntilStopped } from '../stay.js';

export function runCommand(io: CliIo) {
  return new Command('run')
    .description('Run the bridge until it is asked to end. Logs JSON lines to standard error.')
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .option('--json', 'print one JSON line with the address when the bridge listens')
    .addHelpText('after', '\nExample:\n  $ presence-bridge run --config /etc/presence-bridge/bridge.yaml\n')
    .action(async (options) => {
      const config = loadConfig(options.config);
      const { stateFolder } = config.bridge;
      const ports = { clock: systemClock, log: createLog({ level: config.logLevel }) };
      const keep = (thrown: unknown): void => recordFailure(stateFolder, BridgeError.from(thrown), ports);
      // A mistake of the program ends the process from where nobody catches it.
      process.on('uncaughtExceptionMonitor', keep);
      try {
        await runUntilStopped(io, config, options.json === true, ports);
        forgetFailure(stateFolder);
      } catch (thrown) {
        keep(thrown);
        throw thrown;
      } finally {
        process.off('uncaughtExceptionMonitor', keep);
      }
    });
}

/** Throws why the bridge could not go on. */
async function runUntilStopped(
  io: CliIo,
  config: BridgeConfig,
  json: boolean,
  ports: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  const running = await startBridge(config, ports);
  const notSettled = forgetFailureLater(config.bridge.stateFolder, ports.clock);
  if (json) io.out(`${JSON.stringify({ ok: true, url: running.http.url })}\n`);
  // The address with its key is for the person at the terminal, never for a log.
  else if (io.terminal) io.out(`Board: ${running.boardUrl}\n`);
  const failure = await stayUntilStopped(io, running.failed);
  notSettled();
  await running.stop();
  if (failure) throw failure;
}
