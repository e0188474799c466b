import { dqlIn } from '../../dql-text.js';
import type { Driver, FoundDocument } from '../../driver.js';
import { CONFLICT_ITEM, FORMS, MAPPING_ITEMS, OPT_OUT_ITEMS, UPDATED_BY_ITEM } from '../../fields.js';
import { isConflict, textOf } from '../../item-access.js';
import type { DirectoryEntry, OptOutEntry } from '../entry.js';
import { readName } from '../names.js';
import type { Writers } from '../writers.js';
import { cleanTexts } from './domino-items.js';
import { findOpening } from './find-opening.js';

/** What administrators and users wrote into the presence database itself. */
export interface PresenceDocuments {
  readonly mappings: readonly DirectoryEntry[];
  readonly optOuts: readonly OptOutEntry[];
  /** Documents that say nothing usable. */
  readonly skipped: number;
}

const MAX_VALUES = 10_000;

/**
 * Mapping and opt-out documents, in one search: it is repeated twice a minute. A mapping counts only from an
 * administrator; a document in which somebody else opts people out counts for that one alone. Throws `BridgeError`.
 */
export async function readPresenceDocuments(driver: Driver, writers: Writers): Promise<PresenceDocuments> {
  const found = await findOpening(driver, {
    query: dqlIn(MAPPING_ITEMS.form, [FORMS.mapping, FORMS.optOut]),
    itemNames: [
      ...new Set([...Object.values(MAPPING_ITEMS), ...Object.values(OPT_OUT_ITEMS), CONFLICT_ITEM, UPDATED_BY_ITEM]),
    ],
  });
  const mappings: DirectoryEntry[] = [];
  const optOuts: OptOutEntry[] = [];
  let skipped = 0;
  for (const document of found) {
    const isOptOut = textOf(document.items, OPT_OUT_ITEMS.form).toLowerCase() === FORMS.optOut.toLowerCase();
    const optOut = isOptOut ? optOutEntry(document, writers) : undefined;
    const mapping = isOptOut ? undefined : mappingEntry(document, writers);
    if (optOut !== undefined) optOuts.push(optOut);
    else if (mapping !== undefined) mappings.push(mapping);
    else skipped++;
  }
  return { mappings, optOuts, skipped };
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
  const key = readName(authority.only)?.key;
  return names.some((name) => readName(name)?.key === key)
    ? { origin, names: [authority.only], addresses: [] }
    : undefined;
}
