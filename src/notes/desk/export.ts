import type { Unid } from '../../presence/ids.js';
import { dqlForm } from '../dql-text.js';
import type { Driver } from '../driver.js';
import {
  CONFLICT_ITEM,
  CONSENT_ITEMS,
  FORMS,
  HEARTBEAT_ITEMS,
  LEASE_ITEMS,
  MAPPING_ITEMS,
  OPT_OUT_ITEMS,
  PERSON_ITEMS,
} from '../fields.js';
import type { Items } from '../item-value.js';

export type FormName = (typeof FORMS)[keyof typeof FORMS];

/** One document of ours with all its items that have a meaning. As JSON it is whole: nothing is rounded or renamed. */
export interface ExportedDocument {
  readonly form: FormName;
  readonly unid: Unid;
  /** Milliseconds since 1970. */
  readonly created: number | undefined;
  readonly items: Items;
}

/** Items of each form, in the order in which a person wants to read them. */
export const FORM_ITEMS: Readonly<Record<FormName, readonly string[]>> = {
  [FORMS.person]: [...Object.values(PERSON_ITEMS), CONFLICT_ITEM],
  [FORMS.heartbeat]: [...Object.values(HEARTBEAT_ITEMS), CONFLICT_ITEM],
  [FORMS.lease]: [...Object.values(LEASE_ITEMS), CONFLICT_ITEM],
  [FORMS.mapping]: [...Object.values(MAPPING_ITEMS), CONFLICT_ITEM],
  [FORMS.optOut]: [...Object.values(OPT_OUT_ITEMS), CONFLICT_ITEM],
  [FORMS.consent]: [...Object.values(CONSENT_ITEMS), CONFLICT_ITEM],
};

export const ALL_FORMS: readonly FormName[] = Object.values(FORMS);

/**
 * All documents of these forms, replication conflicts included, form by form and in the order of their creation. The driver must be
 * open. Throws `BridgeError`.
 */
export async function exportDocuments(
  driver: Pick<Driver, 'find'>,
  forms: readonly FormName[] = ALL_FORMS,
): Promise<readonly ExportedDocument[]> {
  const all: ExportedDocument[] = [];
  for (const form of forms) {
    const found = await driver.find({ query: dqlForm(form), itemNames: FORM_ITEMS[form] });
    const documents = found.map(({ unid, created, items }): ExportedDocument => ({ form, unid, created, items }));
    all.push(...documents.sort((a, b) => (a.created ?? 0) - (b.created ?? 0) || (a.unid < b.unid ? -1 : 1)));
  }
  return all;
}
