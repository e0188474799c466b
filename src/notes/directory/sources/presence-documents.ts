import { dqlIn } from '../../dql-text.js';
import type { Driver, FoundDocument } from '../../driver.js';
import { CONFLICT_ITEM, FORMS, MAPPING_ITEMS, OPT_OUT_ITEMS } from '../../fields.js';
import { isConflict, textOf } from '../../item-access.js';
import type { DirectoryEntry, OptOutEntry } from '../entry.js';
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

/** Mapping and opt-out documents, in one search: it is repeated twice a minute. Throws `BridgeError`. */
export async function readPresenceDocuments(driver: Driver): Promise<PresenceDocuments> {
  const found = await findOpening(driver, {
    query: dqlIn(MAPPING_ITEMS.form, [FORMS.mapping, FORMS.optOut]),
    itemNames: [...new Set([...Object.values(MAPPING_ITEMS), ...Object.values(OPT_OUT_ITEMS), CONFLICT_ITEM])],
  });
  const mappings: DirectoryEntry[] = [];
  const optOuts: OptOutEntry[] = [];
  let skipped = 0;
  for (const document of found) {
    const isOptOut = textOf(document.items, OPT_OUT_ITEMS.form).toLowerCase() === FORMS.optOut.toLowerCase();
    const optOut = isOptOut ? optOutEntry(document) : undefined;
    const mapping = isOptOut ? undefined : mappingEntry(document);
    if (optOut !== undefined) optOuts.push(optOut);
    else if (mapping !== undefined) mappings.push(mapping);
    else skipped++;
  }
  return { mappings, optOuts, skipped };
}

function mappingEntry({ unid, items }: FoundDocument): DirectoryEntry | undefined {
  if (isConflict(items)) return undefined;
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
function optOutEntry({ unid, items }: FoundDocument): OptOutEntry | undefined {
  const names = cleanTexts(items, OPT_OUT_ITEMS.names, MAX_VALUES);
  const addresses = cleanTexts(items, OPT_OUT_ITEMS.addresses, MAX_VALUES);
  if (names.length === 0 && addresses.length === 0) return undefined;
  return { origin: `Opt-out document ${unid}`, names, addresses };
}
