import { Command, Option } from '@commander-js/extra-typings';
import { loadConfig } from '../../bridge/config/load.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { ALL_FORMS, type ExportedDocument, exportDocuments, type FormName } from '../../notes/desk/export.js';
import { readName } from '../../notes/directory/names.js';
import {
  CONFLICT_ITEM,
  CONSENT_ITEMS,
  FORMS,
  HEARTBEAT_ITEMS,
  LEASE_ITEMS,
  MAPPING_ITEMS,
  OPT_OUT_ITEMS,
  PERSON_ITEMS,
} from '../../notes/fields.js';
import { numberOf, textOf, textsOf } from '../../notes/item-access.js';
import type { Items } from '../../notes/item-value.js';
import { placeOf } from '../../notes/open-driver.js';
import { abbreviated } from '../../presence/name-keys.js';
import { csv } from '../csv.js';
import { asCsvTable, cellOf, momentCell } from '../document-cells.js';
import type { CliIo } from '../io.js';
import { clip, harmless, json, table } from '../output.js';
import { withStore } from '../store-access.js';
import { writeOutput } from '../write-output.js';

const EXAMPLES = `
Examples:
  $ presence-bridge documents
  $ presence-bridge documents --form Presence --csv --out people.csv
  $ presence-bridge documents --json --out documents.json

Reads the store that the configuration names, whichever driver it has, and changes
nothing. An embedded store can be read while its bridge runs. Times are UTC. The
JSON is whole; the CSV is made for spreadsheets.
`;

/** What stands there is about people: nobody else shall read the file. */
const OWNER_ONLY = 0o600;

export function documentsCommand(io: CliIo) {
  return new Command('documents')
    .description('List what stands in the store: people, bridges, lease, mappings, opt-outs, consents.')
    .addOption(new Option('--form <form>', 'only documents of this form').choices(ALL_FORMS))
    .addOption(new Option('--csv', 'print them as CSV').conflicts('json'))
    .option('--json', 'print them as JSON')
    .option('--out <file>', 'write to a file, which only this account may read')
    .option('--config <file>', 'configuration', 'bridge.yaml')
    .addHelpText('after', EXAMPLES)
    .action(async (options) => {
      const config = loadConfig(options.config);
      const forms = options.form === undefined ? ALL_FORMS : [options.form];
      const documents = await withStore(config, 'read', (driver) => exportDocuments(driver, forms));
      const place = placeOf(config.domino);
      const text = options.json
        ? json({ ok: true, place, readAt: systemClock.now(), documents })
        : options.csv
          ? csvOf(documents, forms)
          : tables(options.out === undefined ? io : { ...io, terminal: false }, documents, forms);
      if (options.out === undefined) return io.out(text);
      writeOutput(options.out, text, { mode: OWNER_ONLY });
      io.err(
        `Wrote ${documents.length} ${documents.length === 1 ? 'document' : 'documents'} of ${place} to ${options.out}.\n`,
      );
    });
}

function csvOf(documents: readonly ExportedDocument[], forms: readonly FormName[]): string {
  const { headings, rows } = asCsvTable(documents, forms);
  return csv(headings, rows);
}

/** Names as Notes shows them, without their labels. */
function named(items: Items, name: string): string {
  return harmless(textsOf(items, name).map(abbreviatedText).join('; '));
}

function abbreviatedText(text: string): string {
  const read = readName(text);
  return read === undefined ? text : abbreviated(read.name);
}

interface Listing {
  readonly title: string;
  readonly headings: readonly string[];
  readonly row: (items: Items) => readonly string[];
}

const cell = (items: Items, name: string): string => harmless(String(cellOf(items, name) ?? ''));

const LISTINGS: Readonly<Record<FormName, Listing>> = {
  [FORMS.person]: {
    title: 'People',
    headings: ['person', 'status', 'since', 'activity', 'observed', 'bridge', 'epoch', 'address'],
    row: (items) => [
      named(items, PERSON_ITEMS.name) || cell(items, PERSON_ITEMS.displayName),
      [cell(items, PERSON_ITEMS.status), conflict(items)].filter(Boolean).join(', '),
      momentCell(items, PERSON_ITEMS.since),
      cell(items, PERSON_ITEMS.activity),
      momentCell(items, PERSON_ITEMS.observedAt),
      cell(items, PERSON_ITEMS.bridge),
      cell(items, PERSON_ITEMS.epoch),
      cell(items, PERSON_ITEMS.address),
    ],
  },
  [FORMS.heartbeat]: {
    title: 'Bridges',
    headings: ['bridge', 'written', 'fresh until', 'OCS', 'Domino', 'people', 'epoch', 'version'],
    row: (items) => [
      cell(items, HEARTBEAT_ITEMS.bridge),
      momentCell(items, HEARTBEAT_ITEMS.writtenAt),
      momentCell(items, HEARTBEAT_ITEMS.freshUntil),
      cell(items, HEARTBEAT_ITEMS.ocsState),
      cell(items, HEARTBEAT_ITEMS.notesState),
      cell(items, HEARTBEAT_ITEMS.people),
      cell(items, HEARTBEAT_ITEMS.epoch),
      cell(items, HEARTBEAT_ITEMS.version),
    ],
  },
  [FORMS.lease]: {
    title: 'Leases',
    headings: ['bridge', 'holder', 'epoch', 'renewals', 'renewed', 'counts for'],
    row: (items) => [
      cell(items, LEASE_ITEMS.bridge),
      textOf(items, LEASE_ITEMS.holder) === '' ? 'given back' : cell(items, LEASE_ITEMS.holderName),
      cell(items, LEASE_ITEMS.epoch),
      cell(items, LEASE_ITEMS.renewals),
      momentCell(items, LEASE_ITEMS.renewedAt),
      `${numberOf(items, LEASE_ITEMS.duration) ?? 0}s`,
    ],
  },
  [FORMS.mapping]: {
    title: 'Mappings',
    headings: ['name', 'address', 'shown as', ''],
    row: (items) => [
      named(items, MAPPING_ITEMS.name),
      cell(items, MAPPING_ITEMS.address),
      cell(items, MAPPING_ITEMS.displayName),
      conflict(items),
    ],
  },
  [FORMS.optOut]: {
    title: 'Opt-outs',
    headings: ['names', 'addresses', ''],
    row: (items) => [named(items, OPT_OUT_ITEMS.names), cell(items, OPT_OUT_ITEMS.addresses), conflict(items)],
  },
  [FORMS.consent]: {
    title: 'Consents',
    headings: ['names', 'applications', ''],
    row: (items) => [named(items, CONSENT_ITEMS.names), cell(items, CONSENT_ITEMS.applications), conflict(items)],
  },
};

/** Conflict documents carry the item; its value says nothing to people. */
function conflict(items: Items): string {
  return items[CONFLICT_ITEM] === undefined ? '' : 'conflict';
}

function tables(
  { terminal, columns }: CliIo,
  documents: readonly ExportedDocument[],
  forms: readonly FormName[],
): string {
  const whole = forms
    .map((form) => {
      const { title, headings, row } = LISTINGS[form];
      const rows = documents
        .filter((document) => document.form === form)
        .map(({ items }) => row(items))
        .sort(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
      const body = rows.length === 0 ? '' : table(headings, rows);
      return `${title} (form ${form}): ${rows.length === 0 ? 'none' : rows.length}\n${body}`;
    })
    .join('\n');
  // Elsewhere than on a terminal nothing is cut: somebody may search in it.
  if (!terminal) return whole;
  const fitted = whole
    .split('\n')
    .map((one) => clip(one, columns))
    .join('\n');
  return fitted === whole ? whole : `${fitted}\nLong lines are cut; --csv, --json and --out give them whole.\n`;
}
