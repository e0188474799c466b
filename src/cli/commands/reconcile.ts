import { Command } from '@commander-js/extra-typings';
import type { ReconcileFacts } from '../../bridge/engine/reconcile-facts.js';
import { connectToBridge } from '../bridge-client.js';
import type { CliIo } from '../io.js';
import { duration, json, table } from '../output.js';

const EXAMPLES = `
Example:
  $ presence-bridge reconcile --config bridge.yaml

A running bridge does the same at its start, after every loss of Domino, and once a
day ("bridge.reconcileAt"). It sets right what it finds: only documents that differ
are written.
`;

export function reconcileCommand(io: CliIo) {
  return new Command('reconcile')
    .description('Have a running bridge compare all documents with what they should say.')
    .option('--config <file>', 'configuration of the bridge; tells where it listens', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json: wantsJson, ...options }) => {
      const facts = await connectToBridge(options).reconcile();
      io.out(wantsJson ? json({ ok: true, ...facts }) : factsText(facts));
    });
}

function factsText(facts: ReconcileFacts): string {
  const rows: readonly (readonly [string, number, string])[] = [
    ['missing', facts.missing, 'people without a document; written'],
    ['edited', facts.spoilt, 'changed by somebody else; written anew'],
    ['not wanted', facts.leaving, 'of people who left or opted out; removed'],
    ['duplicates', facts.duplicates, 'removed'],
    ['conflicts', facts.conflicts, 'removed'],
    ['overtaken', facts.overtaken, 'with a later stamp than this bridge had given'],
    ['left alone', facts.leftAlone, 'made by nobody of us, or without a key'],
  ];
  const found = rows.filter(([, count]) => count > 0);
  const compared = `${facts.documents} documents compared in ${duration(facts.endedAt - facts.startedAt)}`;
  if (found.length === 0) return `${compared}: nothing to set right.\n`;
  return `${compared}.\n${table(
    ['found', 'number', 'what that means'],
    found.map(([name, count, meaning]) => [name, String(count), meaning]),
  )}`;
}
