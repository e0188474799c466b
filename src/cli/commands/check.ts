import { Command } from '@commander-js/extra-typings';
import { loadConfig } from '../../bridge/config/load.js';
import { holderOfFolder } from '../../system/folder-lock.js';
import { checkPrerequisites, type Finding } from '../check-prerequisites.js';
import type { CliIo } from '../io.js';
import { detailLines, harmless, json, paint } from '../output.js';
import { Reported } from '../reported.js';

export function checkCommand(io: CliIo) {
  return new Command('check')
    .description(
      'Check every prerequisite: configuration, OCS sign-in, Domino. Changes nothing; a refused password is counted.',
    )
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ presence-bridge check --config bridge.yaml\n\nExit code: 0 all good, 78 configuration, 77 not allowed, 69 not reachable.\n',
    )
    .action(async (options) => {
      const config = loadConfig(options.config);
      const findings: Finding[] = [];
      for await (const finding of checkPrerequisites(config)) {
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

function line(io: CliIo, { name, outcome, detail, error }: Finding): string {
  const start = `${paint(io, COLOURS[outcome], MARKS[outcome])}  ${name.padEnd(16)}`;
  if (error === undefined) return `${start} ${harmless(detail)}\n`;
  const more = [...detailLines(error), error.next].map((text) => `${' '.repeat(23)}${text}\n`).join('');
  return `${start} ${error.code}: ${harmless(error.message)}\n${more}`;
}
