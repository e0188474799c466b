import { Command } from '@commander-js/extra-typings';
import { loadConfig } from '../../bridge/config/load.js';
import { holderOfFolder } from '../../system/folder-lock.js';
import { checkPrerequisites } from '../check-prerequisites.js';
import type { Finding } from '../finding.js';
import type { CliIo } from '../io.js';
import { detailLines, harmless, json, paint, wrapped } from '../output.js';
import { Reported } from '../reported.js';

export function checkCommand(io: CliIo) {
  return new Command('check')
    .description(
      'Check every prerequisite: configuration, OCS sign-in, Domino. Changes nothing without --write; a refused password is counted.',
    )
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .option('--write', 'prove the rights in the Domino database: create, change and delete a document')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ presence-bridge check --config bridge.yaml\n\nExit code: 0 all good, otherwise that of the first failure: 78 configuration, 77 not\nallowed, 69 not reachable, 75 no answer in time.\n',
    )
    .action(async (options) => {
      const config = loadConfig(options.config);
      const findings: Finding[] = [];
      for await (const finding of checkPrerequisites(config, { write: options.write === true })) {
        findings.push(finding);
        if (!options.json) io.out(line(io, finding));
      }
      const failed = findings.find(({ error }) => error !== undefined);
      if (options.json) io.out(json({ ok: failed === undefined, findings }));
      else if (failed === undefined) {
        const running = holderOfFolder(config.bridge.stateFolder);
        io.out(
          running === undefined
            ? `\nReady. Start the bridge with: presence-bridge run --config ${options.config}\n`
            : `\nReady, and running: presence-bridge status --config ${options.config}\n`,
        );
      }
      if (failed?.error) throw new Reported(failed.error.exitCode);
    });
}

const MARKS: Readonly<Record<Finding['outcome'], string>> = { pass: 'pass', note: 'note', warn: 'WARN', fail: 'FAIL' };
const COLOURS = { pass: 'green', note: 'dim', warn: 'yellow', fail: 'red' } as const;

/** `Domino REST API version`. */
const NAME_WIDTH = 23;

function line(io: CliIo, { name, outcome, detail, error, next = error?.next }: Finding): string {
  const indent = NAME_WIDTH + 7;
  const said = error === undefined ? harmless(detail) : `${error.code}: ${harmless(error.message)}`;
  const facts = error === undefined ? [] : detailLines(error);
  const [first = '', ...more] = [said, ...facts, ...(next === undefined ? [] : [next])].map((text) =>
    wrapped(io, text, indent),
  );
  const start = `${paint(io, COLOURS[outcome], MARKS[outcome])}  ${name.padEnd(NAME_WIDTH)} ${first}\n`;
  return `${start}${more.map((text) => `${' '.repeat(indent)}${text}\n`).join('')}`;
}
