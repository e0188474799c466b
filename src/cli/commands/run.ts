import { Command } from '@commander-js/extra-typings';
import { startBridge } from '../../bridge/compose.js';
import { loadConfig } from '../../bridge/config/load.js';
import { createLog } from '../../bridge/observe/log.js';
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
      const log = createLog({ level: config.logLevel });
      const running = await startBridge(config, { log });
      if (options.json) io.out(`${JSON.stringify({ ok: true, url: running.http.url })}\n`);
      // The address with its key is for the person at the terminal, never for a log.
      else if (io.terminal) io.out(`Board: ${running.boardUrl}\n`);
      const failure = await stayUntilStopped(io, running.failed);
      await running.stop();
      if (failure) throw failure;
    });
}
