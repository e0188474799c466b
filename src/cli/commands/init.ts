import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { SAMPLE_VALUES, sampleConfig } from '../../bridge/config/sample.js';
import { hostName, login, sipAddress } from '../../bridge/config/schema-parts.js';
import { BridgeError } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { optionOf } from '../option-of.js';
import { json } from '../output.js';
import { writeOutput } from '../write-output.js';

export function initCommand(io: CliIo) {
  return new Command('init')
    .description('Write a commented configuration and an empty password file.')
    .option('--config <file>', 'where to write it', 'bridge.yaml')
    .option('--account <address>', 'SIP address of the service account', optionOf(sipAddress), SAMPLE_VALUES.account)
    .option(
      '--user <login>',
      'login of the service account, DOMAIN\\user or user@domain',
      optionOf(login),
      SAMPLE_VALUES.user,
    )
    .option('--host <name>', 'host name of the OCS front end or Edge', optionOf(hostName), SAMPLE_VALUES.host)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ presence-bridge init --config /etc/presence-bridge/bridge.yaml --host ocs01.contoso.example\n',
    )
    .action((options) => {
      const file = resolve(options.config);
      if (existsSync(file)) {
        throw new BridgeError('CLI_USAGE', `${file} exists already; it was left as it is`);
      }
      const passwordFile = join(dirname(file), 'ocs-password');
      writeOutput(file, sampleConfig(options), { existing: 'refuse' });
      if (!existsSync(passwordFile)) writeOutput(passwordFile, '', { existing: 'refuse', mode: 0o600 });
      if (options.json) io.out(json({ ok: true, config: file, passwordFile }));
      else {
        io.out(`Wrote ${file}\n\nNext:\n`);
        io.out(`  1. Write the password of ${options.user} into ${passwordFile}\n`);
        io.out(`  2. List your people in ${file}\n`);
        io.out(`  3. presence-bridge check --config ${options.config}\n`);
      }
    });
}
