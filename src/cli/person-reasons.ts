import type { LiveView, PersonDocument, PersonFile, WriterBeat } from '../bridge/person-ports.js';
import { FORMS } from '../notes/fields.js';
import type { Items } from '../notes/item-value.js';
import { personFromItems } from '../notes/items.js';
import type { Status } from '../presence/availability.js';
import type { DirectoryRow } from '../presence/directory.js';
import { momentText } from './document-cells.js';
import { duration } from './output.js';

/** One input, and what it says of the person. */
export interface Reason {
  readonly about: 'shown' | 'directory' | 'document' | 'heartbeat' | 'bridge';
  readonly says: string;
}

export interface Explanation {
  /** What readers in Notes see; `undefined` when there is no document, so that they see no icon. */
  readonly shown: Status | undefined;
  readonly reasons: readonly Reason[];
}

/** Why readers see of a person what they see, as of the moment at which the file was read. */
export function explain(file: PersonFile): Explanation {
  const documents = file.documents.filter(({ form, namedBy }) => form === FORMS.person && namedBy !== 'other-name');
  const counted = documents.find(({ conflict }) => !conflict);
  const { shown, says } = shownOf(counted, file);
  const reason =
    (about: Reason['about']) =>
    (one: string): Reason => ({ about, says: one });
  return {
    shown,
    reasons: [
      reason('shown')(says),
      ...directorySays(file).map(reason('directory')),
      ...documentSays(documents, counted, file).map(reason('document')),
      ...(counted === undefined ? [] : [heartbeatSays(counted, file)]).map(reason('heartbeat')),
      ...liveSays(file).map(reason('bridge')),
    ],
  };
}

function shownOf(
  document: PersonDocument | undefined,
  file: PersonFile,
): { readonly shown: Status | undefined; readonly says: string } {
  if (document === undefined) return { shown: undefined, says: 'Nothing: there is no document, so there is no icon.' };
  const status = statusOf(document);
  if (status === 'unknown') return { shown: status, says: 'unknown, as the document says.' };
  const writer = writerOf(document, file);
  if (writer?.fresh) return { shown: status, says: `${status}, as the document says; its bridge is alive.` };
  return { shown: 'unknown', says: `unknown, though the document says ${status}: nobody confirms it any more.` };
}

function directorySays({ directory }: PersonFile): readonly string[] {
  if (directory === undefined) return ['It could not be asked.'];
  if (directory.rows.length === 0) return ['It has nobody under this name or address.'];
  const age = directory.age >= 1_000 ? [`Read ${duration(directory.age)} ago.`] : [];
  return [...directory.rows.flatMap(rowSays), ...age];
}

function rowSays(row: DirectoryRow): readonly string[] {
  const { name, displayName, outcome, address, rule, candidates, reason, watched } = row;
  // Whoever opted out did so by no rule; it tells only where the address stands.
  const decided = rule === undefined || outcome === 'opted-out' ? '' : ` by the rule "${rule}"`;
  const target = address === undefined ? '' : ` to ${address}`;
  return [
    `${name ?? (displayName || 'somebody')} is ${outcome.replace('-', ' ')}${target}${decided}, and ${watched ? '' : 'not '}watched.`,
    ...(reason === '' ? [] : [reason]),
    ...candidates.map((one) => `Address found: ${one.address}, rule "${one.rule}", in ${one.origin}.`),
  ];
}

function documentSays(
  documents: readonly PersonDocument[],
  counted: PersonDocument | undefined,
  file: PersonFile,
): readonly string[] {
  const optOuts = file.documents.filter(({ form }) => form === FORMS.optOut);
  const consents = file.documents.filter(({ form }) => form === FORMS.consent);
  const mappings = file.documents.filter(({ form }) => form === FORMS.mapping);
  return [
    counted === undefined ? `No document of this person stands in ${file.store}.` : oneDocumentSays(counted, file),
    ...documents
      .filter((document) => document !== counted)
      .map(
        ({ unid, conflict }) =>
          `${conflict ? 'A replication conflict' : 'One more document'}, ${unid}, does not count.`,
      ),
    ...mappings.map(({ unid }) => `Mapping document ${unid} says which address the person has.`),
    ...optOuts.map(({ unid }) => `Opt-out document ${unid}: the person does not want to be shown.`),
    ...consents.map(({ unid }) => `Consent document ${unid} names applications that may set the status.`),
  ];
}

function oneDocumentSays(document: PersonDocument, { readAt }: PersonFile): string {
  const stored = personFromItems(document.items as Items);
  const { since, activity } = stored?.snapshot ?? { since: undefined, activity: '' };
  const began = since === undefined ? '' : ` since ${momentText(since)} UTC (${duration(readAt - since)})`;
  const { bridge = '', epoch = 0, seq = 0 } = stored ?? {};
  const writer = bridge === '' ? 'No bridge wrote it' : `Written by bridge "${bridge}", epoch ${epoch}, seq ${seq}`;
  return `${document.unid} says ${[statusOf(document), activity].filter(Boolean).join(', ')}${began}. ${writer}.`;
}

function heartbeatSays(document: PersonDocument, file: PersonFile): string {
  const writer = writerOf(document, file);
  const name = bridgeOf(document);
  if (name === '') return 'No bridge wrote the document, so nothing confirms it.';
  if (writer === undefined) return `Bridge "${name}" has no heartbeat document, so its statuses do not count.`;
  const age = duration(file.readAt - writer.writtenAt);
  if (writer.fresh) {
    return `Bridge "${name}" said ${age} ago that it is signed in; its statuses count until ${momentText(writer.freshUntil)} UTC.`;
  }
  if (!writer.connected) return `Bridge "${name}" said ${age} ago that it is not signed in: its statuses do not count.`;
  return `Bridge "${name}" gave its last sign of life ${age} ago: its statuses no longer count.`;
}

function liveSays({ live, readAt }: PersonFile): readonly string[] {
  if (live === undefined) return ['None runs with this configuration.'];
  if (live.length === 0) return ['It runs, and does not watch this person.'];
  return live.map((view) => liveViewSays(view, readAt));
}

function liveViewSays(view: LiveView, now: number): string {
  const { address, status, since, confirmed, observedAt, written, refused } = view;
  const began = since === undefined ? '' : ` since ${momentText(since)} UTC`;
  const confirmation = confirmed
    ? `confirmed${observedAt === undefined ? '' : `, last said ${duration(now - observedAt)} ago`}`
    : 'not confirmed: OCS has not said anything since the last sign-in, or refuses to';
  const document =
    refused !== undefined
      ? `The document is set aside for a while: Domino refuses it (${refused}).`
      : written
        ? 'The document says what it should.'
        : 'A write of the document is due.';
  return `Watches ${address}: ${status}${began}, ${confirmation}. ${document}`;
}

function statusOf(document: PersonDocument): Status {
  return personFromItems(document.items as Items)?.snapshot.status ?? 'unknown';
}

function bridgeOf(document: PersonDocument): string {
  return personFromItems(document.items as Items)?.bridge ?? '';
}

function writerOf(document: PersonDocument, { writers }: PersonFile): WriterBeat | undefined {
  return writers.find(({ bridge }) => bridge === bridgeOf(document));
}
