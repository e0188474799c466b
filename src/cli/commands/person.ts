import { Command } from '@commander-js/extra-typings';
import type { Erasure, PersonFile, PersonSubject } from '../../bridge/person-ports.js';
import type { Items } from '../../notes/item-value.js';
import { BridgeError, ERROR_CODES } from '../../presence/errors.js';
import { cellOf, momentText } from '../document-cells.js';
import type { CliIo } from '../io.js';
import { harmless, json, paint, wrapped } from '../output.js';
import { withPersonDesk } from '../person-access.js';
import { explain, type Reason } from '../person-reasons.js';
import { Reported } from '../reported.js';

const WHO = `
A person is a SIP or mail address, a Notes name (canonical or abbreviated), a SipKey,
or a common name that only one person has. The bridge that runs with this
configuration is asked; without one the store itself.
`;

export function personCommand(io: CliIo) {
  return new Command('person')
    .description('What is stored about one person, why readers see what they see, and how to remove it.')
    .addCommand(showCommand(io))
    .addCommand(whyCommand(io))
    .addCommand(eraseCommand(io));
}

function showCommand(io: CliIo) {
  return new Command('show')
    .description('Print everything that is stored about a person.')
    .argument('<who>', 'name or address')
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .option('--json', 'print it as JSON')
    .addHelpText('after', `\nExample:\n  $ presence-bridge person show "Ana Reyes/Sales/Contoso"\n${WHO}`)
    .action(async (who, options) => {
      const file = await withPersonDesk(options.config, 'read', (desk) => desk.show(who));
      if (options.json) io.out(json({ ok: true, ...file }));
      else printFile(io, file);
    });
}

function whyCommand(io: CliIo) {
  return new Command('why')
    .description('Print which inputs and which rule lead to what readers see of a person.')
    .argument('<who>', 'name or address')
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .option('--json', 'print it as JSON')
    .addHelpText('after', `\nExample:\n  $ presence-bridge person why ana.reyes@contoso.example\n${WHO}`)
    .action(async (who, options) => {
      const file = await withPersonDesk(options.config, 'read', (desk) => desk.show(who));
      const { shown, reasons } = explain(file);
      if (options.json) io.out(json({ ok: true, subject: file.subject, shown: shown ?? null, reasons, file }));
      else printReasons(io, file.subject, reasons);
    });
}

const ERASE_HELP = `
Examples:
  $ presence-bridge person erase "Ana Reyes/Sales/Contoso"
  $ presence-bridge person erase ana.reyes@contoso.example --opt-out --yes
${WHO}
Removes all documents of the person, whichever bridge wrote them, and mappings that
name nobody else. Somebody who is still watched comes back with the next change;
--opt-out writes an opt-out document first, which prevents that and stays. The
Domino Directory, the configuration and backups are not touched.

Exit code: 0 all is gone, that of the first refused document otherwise.
`;

function eraseCommand(io: CliIo) {
  return new Command('erase')
    .description('Remove all documents of a person from the store.')
    .argument('<who>', 'name or address')
    .option('--opt-out', 'write an opt-out document first, so that the person does not come back')
    .option('--yes', 'do not ask')
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', ERASE_HELP)
    .action(async (who, options) => {
      const optOut = options.optOut === true;
      if (!options.yes && !(await isConfirmed(io, who, options.config))) {
        if (options.json) io.out(json({ ok: false, erased: false }));
        else io.err('Nothing was erased.\n');
        throw new Reported(ERROR_CODES.CLI_USAGE.exit);
      }
      const erasure = await withPersonDesk(options.config, 'write', (desk) => desk.erase(who, { optOut }));
      const [refused] = erasure.refused;
      if (options.json) io.out(json({ ok: refused === undefined, ...erasure }));
      else printErasure(io, erasure);
      if (refused !== undefined) throw new Reported(ERROR_CODES[refused.code].exit);
    });
}

/** Shows what would go before it asks. Throws `CLI_USAGE` where nobody can be asked. */
async function isConfirmed(io: CliIo, who: string, config: string): Promise<boolean> {
  if (io.ask === undefined) throw new BridgeError('CLI_USAGE', 'Without a terminal nobody can be asked; add --yes.');
  const { subject, documents } = await withPersonDesk(config, 'read', (desk) => desk.show(who));
  io.err(`${nameOf(subject)}: ${counted(documents.length, 'document')} in the store.\n`);
  return /^y(es)?$/i.test((await io.ask('Erase this person? [y/N] ')).trim());
}

function printFile(io: CliIo, file: PersonFile): void {
  const { subject, store, documents, elsewhere, live } = file;
  io.out(`${facts(io, subjectFacts(subject))}${fact(io, 'Store', store)}`);
  if (documents.length === 0) io.out('\nNo document in the store names this person.\n');
  for (const { form, unid, created, conflict, namedBy, items } of documents) {
    const remarks = [
      created === undefined ? '' : `made ${momentText(created)} UTC`,
      conflict ? 'a replication conflict' : '',
      namedBy === 'other-name' ? 'named by a former or alternate name' : '',
    ].filter(Boolean);
    io.out(`\n${paint(io, 'bold', `${form} ${unid}`)}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}\n`);
    for (const name of Object.keys(items)) {
      io.out(`  ${name.padEnd(15)} ${harmless(String(cellOf(items as Items, name) ?? ''))}`.trimEnd());
      io.out('\n');
    }
  }
  for (const view of live ?? []) {
    io.out(`\n${paint(io, 'bold', 'Memory of the running bridge')}\n`);
    for (const [name, value] of Object.entries(view)) io.out(`  ${name.padEnd(15)} ${liveCell(name, value)}\n`);
  }
  io.out(`\n${paint(io, 'bold', 'Elsewhere')}\n`);
  for (const { place, says } of elsewhere) io.out(`  ${wrapped(io, harmless(`${place}: ${says}`), 2)}\n`);
}

function liveCell(name: string, value: unknown): string {
  return (name === 'since' || name === 'observedAt') && typeof value === 'number'
    ? `${momentText(value)} UTC`
    : String(value ?? '');
}

const TITLES: Readonly<Record<Reason['about'], string>> = {
  shown: 'Readers see',
  directory: 'Directory',
  document: 'Document',
  heartbeat: 'Heartbeat',
  bridge: 'Bridge',
};

function printReasons(io: CliIo, subject: PersonSubject, reasons: readonly Reason[]): void {
  io.out(`${nameOf(subject)}\n\n`);
  let last: Reason['about'] | undefined;
  for (const { about, says } of reasons) {
    io.out(fact(io, about === last ? '' : TITLES[about], says));
    last = about;
  }
}

function printErasure(io: CliIo, { subject, store, removed, kept, refused, optOut, comesBack }: Erasure): void {
  io.out(`${nameOf(subject)}: ${counted(removed.length, 'document')} removed from ${store}.\n`);
  if (optOut === 'written') io.out('An opt-out document was written: the person is not shown again.\n');
  if (optOut === 'stood-already') io.out('The person had opted out already.\n');
  for (const { form, unid, reason } of kept) io.out(`Stays: ${form} ${unid}: ${reason}.\n`);
  for (const { form, unid, code } of refused) io.out(`${paint(io, 'red', 'Refused')}: ${form} ${unid}: ${code}.\n`);
  if (comesBack.length === 0) return;
  io.out(`\n${paint(io, 'yellow', 'The person is still watched and comes back with the next change:')}\n`);
  for (const one of comesBack) io.out(`  ${harmless(one)}\n`);
  io.out('Take the person off there, or erase again with --opt-out.\n');
}

function subjectFacts({ addresses, names, otherNames, keys }: PersonSubject): readonly (readonly [string, string])[] {
  return [
    ...names.map((name) => ['Name', name] as const),
    ...otherNames.map((name) => ['Other name', name] as const),
    ...addresses.map((address) => ['Address', address] as const),
    ...keys.map((key) => ['SipKey', key] as const),
  ];
}

function facts(io: CliIo, all: readonly (readonly [string, string])[]): string {
  return all.map(([title, text]) => fact(io, title, text)).join('');
}

function fact(io: CliIo, title: string, text: string): string {
  return `${title.padEnd(12)} ${wrapped(io, harmless(text), 13)}\n`;
}

function nameOf({ names, addresses, who }: PersonSubject): string {
  const [name, address] = [names[0], addresses[0]];
  return harmless(name === undefined ? (address ?? who) : address === undefined ? name : `${name}, ${address}`);
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
