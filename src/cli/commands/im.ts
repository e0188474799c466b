import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { loadConfig, loadPlace } from '../../bridge/config/load.js';
import { MAX_TEXT_BYTES } from '../../ocs/account/messenger.js';
import { BridgeError } from '../../presence/errors.js';
import { parseSipUri, type SipUri } from '../../presence/ids.js';
import { connectToBridge } from '../bridge-client.js';
import type { CliIo } from '../io.js';
import { json } from '../output.js';
import { bridgeRuns, signInAlone } from '../own-sign-in.js';
import { stayUntilStopped } from '../stay.js';

const EXAMPLES = `
Examples:
  $ presence-bridge im ana.reyes@contoso.example The mail server is back
  $ df -h | presence-bridge im ops@contoso.example -
  $ presence-bridge im ana@contoso.example "Your report" --url https://bridge.contoso.example --token-file batch.token

Goes through the bridge that runs with this configuration. Without one the
command signs in by itself and signs off after the delivery. Ends with 0 when
the client of the receiver has accepted the message, else with the reason.
`;

export function imCommand(io: CliIo) {
  return new Command('im')
    .description("Send an instant message from the bridge's own account.")
    .argument('<address>', 'SIP address of the receiver', address)
    .argument('<text...>', 'what to say; "-" reads it from standard input')
    .option('--config <file>', 'configuration of the bridge', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (to, words, options) => {
      const isHere = options.url === undefined;
      const through = !isHere || bridgeRuns(loadPlace(options.config)) ? 'bridge' : 'own-sign-in';
      const text = words.length === 1 && words[0] === '-' ? await io.input(MAX_TEXT_BYTES) : words.join(' ');
      if (text.trim() === '') throw new BridgeError('CLI_USAGE', 'The text is empty.');
      if (through === 'bridge') await connectToBridge(options).sendMessage(to, text);
      else {
        const source = await signInAlone(loadConfig(options.config), 'im', io);
        try {
          // Waiting for the answer must keep the process alive.
          const delivered = source.messages.send(to, text).then(() => true);
          if (!(await stayUntilStopped(io, delivered))) {
            throw new BridgeError('OCS_MESSAGE', 'Ended before the other side accepted the message.');
          }
        } finally {
          await source.stop();
        }
      }
      if (options.json) io.out(json({ ok: true, to, through }));
      else io.out(`Delivered to ${to}.\n`);
    });
}

function address(text: string): SipUri {
  const uri = parseSipUri(text);
  if (uri.ok) return uri.value;
  throw new InvalidArgumentError(`${uri.reason}.`);
}
