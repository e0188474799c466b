import { Command } from '@commander-js/extra-typings';
import type { BridgeConfig } from '../../bridge/config/config.js';
import { loadConfig } from '../../bridge/config/load.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { type CopyReport, copyCounts, copyDocuments } from '../../notes/desk/copy-documents.js';
import { COPIED_FORMS } from '../../notes/desk/copy-plan.js';
import { FORMS } from '../../notes/fields.js';
import { placeOf } from '../../notes/open-driver.js';
import { BridgeError } from '../../presence/errors.js';
import { holderOfFolder } from '../../system/folder-lock.js';
import type { CliIo } from '../io.js';
import { harmless, json, paint, table } from '../output.js';
import { Reported } from '../reported.js';
import { withStore } from '../store-access.js';

const EXAMPLES = `
Examples:
  $ presence-bridge copy --to domino.yaml --dry-run
  $ presence-bridge copy --from bridge.yaml --to domino.yaml

Copies people, mappings and opt-outs from the store of one configuration into
that of another, above all from the embedded store into a Domino database.
People carry the name of the target's bridge from then on. What is there already
stays as it is: a second run writes nothing, and a run that failed may be repeated.
People who opted out, at either side, are not copied. The bridge of the target must
be stopped meanwhile; after a sudden end wait until its heartbeat no longer counts.

A status is copied as "unknown", since at the target nobody has confirmed it; the
bridge there replaces it once it is signed in to OCS. With --as-is it is copied as
it stands, also over an older one. Readers show it as unknown all the same until
the target's bridge writes its heartbeat.

Exit code: 0 all is there, that of the first refused document otherwise, 75 interrupted.
`;

const INTERRUPTED = 75;
/** Documents that are named one by one; the JSON has all. */
const MAX_LISTED = 20;

export function copyCommand(io: CliIo) {
  return new Command('copy')
    .description("Copy documents into another configuration's store, such as from the embedded one into Domino.")
    .requiredOption('--to <file>', 'configuration whose store gets the documents')
    .option('--from <file>', 'configuration whose store has them', 'bridge.yaml')
    .option('--as-is', 'copy statuses as they stand instead of as unknown')
    .option('--dry-run', 'only say what would be written')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const from = loadConfig(options.from);
      const to = loadConfig(options.to);
      const dryRun = options.dryRun === true;
      refuse(from, to, dryRun);
      const report = await withStore(from, 'read', (source) =>
        withStore(to, dryRun ? 'read' : 'write', (target) =>
          copyDocuments(source, target, {
            bridge: to.bridge.name,
            notes: to.notes,
            asIs: options.asIs === true,
            dryRun,
            now: systemClock.now(),
            signal: io.stop,
            onProgress: (done, total) => progress(io, done, total),
          }),
        ),
      );
      if (options.json) io.out(json(asJson(report, from, to, dryRun)));
      else print(io, report, from, to, dryRun);
      const failed = report.refused[0]?.error.exitCode ?? (report.interrupted ? INTERRUPTED : 0);
      if (failed !== 0) throw new Reported(failed);
    });
}

/** A bridge knows the documents of its store by heart, and would make those a second time that appear behind its back. */
function refuse(from: BridgeConfig, to: BridgeConfig, dryRun: boolean): void {
  if (placeOf(from.domino) === placeOf(to.domino)) {
    throw new BridgeError('CLI_USAGE', `Source and target are the same store, ${placeOf(to.domino)}.`);
  }
  if (!dryRun && holderOfFolder(to.bridge.stateFolder) !== undefined) {
    throw new BridgeError('BRIDGE_RUNNING', `The bridge of ${to.file} runs; stop it while documents are copied.`);
  }
}

function progress(io: CliIo, done: number, total: number): void {
  if (!io.terminal) return;
  io.err(`\r${done} of ${total} documents${done === total ? '\n' : ''}`);
}

const TITLES = { [FORMS.person]: 'People', [FORMS.mapping]: 'Mappings', [FORMS.optOut]: 'Opt-outs' } as const;

function print(io: CliIo, report: CopyReport, from: BridgeConfig, to: BridgeConfig, dryRun: boolean): void {
  const { plan, refused, interrupted } = report;
  io.out(`From ${placeOf(from.domino)}\nTo   ${placeOf(to.domino)}\n\n`);
  const rows = COPIED_FORMS.map((form) => {
    const { found, written, planned, unchanged, leftOut, refused } = copyCounts(report, form);
    return [TITLES[form], found, dryRun ? planned : written, unchanged, leftOut, refused].map(String);
  });
  io.out(table(['', 'found', dryRun ? 'would write' : 'written', 'there already', 'left out', 'refused'], rows));
  const lines = [
    ...plan.leftOut.map(({ form, who, unid, reason }) => `left out  ${form} ${unid} (${harmless(who)}): ${reason}`),
    ...refused.map(
      ({ step, error }) =>
        `${paint(io, 'red', 'refused')}   ${step.form} ${step.unid}: ${error.code}: ${harmless(error.message)}`,
    ),
  ];
  if (lines.length > 0) io.out(`\n${lines.slice(0, MAX_LISTED).join('\n')}\n`);
  if (lines.length > MAX_LISTED) io.out(`and ${lines.length - MAX_LISTED} more; --json lists all.\n`);
  const [first] = refused;
  if (interrupted) io.out('\nInterrupted; the same command goes on.\n');
  else if (first !== undefined) io.out(`\n${first.error.next}\n`);
  else if (dryRun) io.out('\nNothing was written; leave --dry-run out to do so.\n');
}

function asJson(report: CopyReport, from: BridgeConfig, to: BridgeConfig, dryRun: boolean): object {
  const { plan, refused, interrupted } = report;
  return {
    ok: refused.length === 0 && !interrupted,
    dryRun,
    interrupted,
    from: placeOf(from.domino),
    to: placeOf(to.domino),
    forms: Object.fromEntries(COPIED_FORMS.map((form) => [form, copyCounts(report, form)])),
    leftOut: plan.leftOut,
    refused: refused.map(({ step: { form, unid }, error }) => ({ form, unid, error })),
  };
}
