import type { NotesName } from '../../../presence/ids.js';
import { dqlIn } from '../../dql-text.js';
import type { Driver, FoundDocument } from '../../driver.js';
import { CONFLICT_ITEM, CONSENT_ITEMS, FORMS, MAPPING_ITEMS, OPT_OUT_ITEMS, UPDATED_BY_ITEM } from '../../fields.js';
import { isConflict, textOf } from '../../item-access.js';
import type { Items } from '../../item-value.js';
import type { ConsentEntry, DirectoryEntry, OptOutEntry } from '../entry.js';
import { readName } from '../names.js';
import type { Writers } from '../writers.js';
import { cleanTexts } from './domino-items.js';
import { findOpening } from './find-opening.js';

/** What administrators and users wrote into the presence database itself. */
export interface PresenceDocuments {
  readonly mappings: readonly DirectoryEntry[];
  readonly optOuts: readonly OptOutEntry[];
  readonly consents: readonly ConsentEntry[];
  /** Documents that say nothing usable. */
  readonly skipped: number;
}

const ITEM_NAMES: readonly string[] = [
  ...new Set([
    ...Object.values(MAPPING_ITEMS),
    ...Object.values(OPT_OUT_ITEMS),
    ...Object.values(CONSENT_ITEMS),
    CONFLICT_ITEM,
    UPDATED_BY_ITEM,
  ]),
];
const MAX_VALUES = 10_000;
/** Consents that are taken, people whom one names, applications that one names. */
export const CONSENT_LIMITS = { documents: 20_000, names: 100, applications: 50 } as const;
/** As `presence-bridge token create` takes it, in any case. */
const TOKEN_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * Mappings, opt-outs and consents, in one search: it is repeated twice a minute. A mapping counts only from an
 * administrator; an opt-out or a consent by somebody else counts for that one alone. Throws `BridgeError`.
 */
export async function readPresenceDocuments(driver: Driver, writers: Writers): Promise<PresenceDocuments> {
  const found = await findOpening(driver, {
    query: dqlIn(MAPPING_ITEMS.form, [FORMS.mapping, FORMS.optOut, FORMS.consent]),
    itemNames: ITEM_NAMES,
  });
  const mappings: DirectoryEntry[] = [];
  const optOuts: OptOutEntry[] = [];
  const consents: ConsentEntry[] = [];
  for (const document of found) {
    if (isOf(FORMS.optOut, document)) add(optOuts, optOutEntry(document, writers));
    else if (!isOf(FORMS.consent, document)) add(mappings, mappingEntry(document, writers));
    else if (consents.length < CONSENT_LIMITS.documents) add(consents, consentEntry(document, writers));
  }
  return { mappings, optOuts, consents, skipped: found.length - mappings.length - optOuts.length - consents.length };
}

function isOf(form: string, { items }: FoundDocument): boolean {
  return textOf(items, MAPPING_ITEMS.form).toLowerCase() === form.toLowerCase();
}

function add<Entry>(entries: Entry[], entry: Entry | undefined): void {
  if (entry !== undefined) entries.push(entry);
}

function mappingEntry({ unid, items }: FoundDocument, writers: Writers): DirectoryEntry | undefined {
  if (isConflict(items) || writers.authorityOf(items) !== 'everybody') return undefined;
  const names = cleanTexts(items, MAPPING_ITEMS.name, MAX_VALUES);
  const addresses = cleanTexts(items, MAPPING_ITEMS.address, MAX_VALUES);
  if (names.length === 0 && addresses.length === 0) return undefined;
  return {
    origin: `Mapping document ${unid}`,
    names,
    addresses: addresses.map((text) => ({ rule: 'mapping', text })),
    displayName: textOf(items, MAPPING_ITEMS.displayName).slice(0, 200).trim(),
  };
}

/** The loser of a conflict counts as well: nobody is shown by mistake. */
function optOutEntry({ unid, items }: FoundDocument, writers: Writers): OptOutEntry | undefined {
  const authority = writers.authorityOf(items);
  const names = cleanTexts(items, OPT_OUT_ITEMS.names, MAX_VALUES);
  const addresses = cleanTexts(items, OPT_OUT_ITEMS.addresses, MAX_VALUES);
  if (names.length === 0 && addresses.length === 0) return undefined;
  const origin = `Opt-out document ${unid}`;
  // Where the item cannot be read, as with an older schema of the REST API, rather one is hidden too many.
  if (authority === 'everybody' || authority === 'not-known') return { origin, names, addresses };
  return namesPerson(names, authority.only) ? { origin, names: [authority.only], addresses: [] } : undefined;
}

/** Nobody is spoken for by mistake: neither the loser of a conflict counts, nor what nobody is known to have written. */
function consentEntry({ unid, items }: FoundDocument, writers: Writers): ConsentEntry | undefined {
  const authority = writers.authorityOf(items);
  if (isConflict(items) || authority === 'not-known') return undefined;
  const names = cleanTexts(items, CONSENT_ITEMS.names, CONSENT_LIMITS.names);
  const applications = applicationsIn(items);
  if (names.length === 0 || applications.length === 0) return undefined;
  const origin = `Consent document ${unid}`;
  if (authority === 'everybody') return { origin, names, applications };
  return namesPerson(names, authority.only) ? { origin, names: [authority.only], applications } : undefined;
}

function applicationsIn(items: Items): readonly string[] {
  const names = cleanTexts(items, CONSENT_ITEMS.applications, CONSENT_LIMITS.applications);
  return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => TOKEN_NAME.test(name)).sort();
}

function namesPerson(names: readonly string[], person: NotesName): boolean {
  const key = readName(person)?.key;
  return names.some((name) => readName(name)?.key === key);
}
