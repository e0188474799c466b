import { BridgeError } from '../presence/errors.js';
import { PERSON_ITEMS, SCHEMA_VERSION } from './fields.js';
import { numberOf } from './item-access.js';
import type { Items } from './item-value.js';

/** Highest `SchemaVersion` of these documents, 0 when none has one. The item has the same name in all forms. */
export function newestSchema(documents: readonly { readonly items: Items }[]): number {
  return documents.reduce((max, { items }) => Math.max(max, numberOf(items, PERSON_ITEMS.schemaVersion) ?? 0), 0);
}

/** `NOTES_SCHEMA` when a newer bridge wrote one of these documents. `whose` begins the message. */
export function newerSchema(
  documents: readonly { readonly items: Items }[],
  whose = 'The documents',
): BridgeError | undefined {
  const newest = newestSchema(documents);
  if (newest <= SCHEMA_VERSION) return undefined;
  const message = `${whose} have schema version ${newest}; this bridge knows ${SCHEMA_VERSION}.`;
  return new BridgeError('NOTES_SCHEMA', message, { details: { found: newest, known: SCHEMA_VERSION } });
}
