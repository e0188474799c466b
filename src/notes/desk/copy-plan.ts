import type { SipKey, Unid } from '../../presence/ids.js';
import { unknownSnapshot } from '../../presence/snapshot.js';
import { resolveDuplicates } from '../duplicates.js';
import { FORMS, MAPPING_ITEMS, OPT_OUT_ITEMS, PERSON_ITEMS } from '../fields.js';
import { isConflict, momentOf, namesItem, textOf, textsOf } from '../item-access.js';
import type { Items, ItemValue } from '../item-value.js';
import { personFromItems, personItems } from '../items.js';
import { sameItems } from '../same-items.js';
import { newerSchema } from '../schema-version.js';
import { Coverage, identityOf, namesOf } from './document-identity.js';
import type { ExportedDocument } from './export.js';

export interface CopyRules {
  /** Name of the bridge that goes on with the target: it stands in every person's document. */
  readonly bridge: string;
  /** Copy statuses as they stand. Otherwise they are unknown: nobody at the target has confirmed them. */
  readonly asIs: boolean;
  /** Whether the target keeps personal notes. */
  readonly notes: boolean;
}

export type CopiedForm = typeof FORMS.person | typeof FORMS.mapping | typeof FORMS.optOut;

export interface CopyStep {
  readonly form: CopiedForm;
  /** Document of the source. */
  readonly unid: Unid;
  /** Document of the target that is changed; absent when one is made. */
  readonly into?: Unid;
  readonly items: Items;
}

export interface LeftOut {
  readonly form: CopiedForm;
  readonly unid: Unid;
  /** Whom it is about, as it stands there. */
  readonly who: string;
  readonly reason: string;
}

export interface CopyPlan {
  /** In the order in which they are to be done: who opted out must not be shown in between. */
  readonly steps: readonly CopyStep[];
  /** How many documents of each form the target has already. */
  readonly unchanged: Readonly<Record<CopiedForm, number>>;
  readonly leftOut: readonly LeftOut[];
}

/** Forms that are copied. Heartbeats and leases belong to a process and mean nothing elsewhere. */
export const COPIED_FORMS: readonly CopiedForm[] = [FORMS.optOut, FORMS.mapping, FORMS.person];

/**
 * What must be written so that the target holds what the source does. After it was done, the next plan is empty. Throws
 * `NOTES_SCHEMA` when either side was written by a newer bridge.
 */
export function planCopy(
  source: readonly ExportedDocument[],
  target: readonly ExportedDocument[],
  rules: CopyRules,
): CopyPlan {
  const newer =
    newerSchema(source, 'The documents of the source') ?? newerSchema(target, 'The documents of the target');
  if (newer !== undefined) throw newer;
  const planning = new Planning(rules);
  const of = (documents: readonly ExportedDocument[], form: CopiedForm): readonly ExportedDocument[] =>
    documents.filter((document) => document.form === form);
  planning.optOuts(of(source, FORMS.optOut), of(target, FORMS.optOut));
  planning.mappings(of(source, FORMS.mapping), of(target, FORMS.mapping));
  planning.people(of(source, FORMS.person), of(target, FORMS.person));
  return planning;
}

class Planning implements CopyPlan {
  readonly steps: CopyStep[] = [];
  readonly unchanged: Record<CopiedForm, number> = {
    [FORMS.person]: 0,
    [FORMS.mapping]: 0,
    [FORMS.optOut]: 0,
  };
  readonly leftOut: LeftOut[] = [];
  readonly #rules: CopyRules;
  /** Everybody who opted out, at either side. */
  readonly #optedOut = new Coverage();

  constructor(rules: CopyRules) {
    this.#rules = rules;
  }

  optOuts(source: readonly ExportedDocument[], target: readonly ExportedDocument[]): void {
    for (const { items } of target) this.#optedOut.add(identityOf(items));
    for (const document of source) {
      const identity = identityOf(document.items);
      if (identity.isEmpty) this.#leave(document, FORMS.optOut, 'it names nobody');
      else if (this.#optedOut.covers(identity)) this.unchanged[FORMS.optOut]++;
      else {
        this.#optedOut.add(identity);
        this.steps.push({
          form: FORMS.optOut,
          unid: document.unid,
          items: {
            [OPT_OUT_ITEMS.form]: FORMS.optOut,
            [OPT_OUT_ITEMS.names]: namesItem(textsOf(document.items, OPT_OUT_ITEMS.names)),
            [OPT_OUT_ITEMS.addresses]: listItem(textsOf(document.items, OPT_OUT_ITEMS.addresses)),
          },
        });
      }
    }
  }

  mappings(source: readonly ExportedDocument[], target: readonly ExportedDocument[]): void {
    const known = new Set(target.map(({ items }) => identityOf(items).text));
    const copied = new Set(source.map(({ items }) => identityOf(items).text));
    const otherwise = new Set(
      target.flatMap(({ items }) => (copied.has(identityOf(items).text) ? [] : identityOf(items).names)),
    );
    for (const document of source) {
      const { items, unid } = document;
      const identity = identityOf(items);
      if (isConflict(items)) this.#leave(document, FORMS.mapping, 'it is a replication conflict');
      else if (identity.isEmpty) this.#leave(document, FORMS.mapping, 'it names nobody');
      else if (known.has(identity.text)) this.unchanged[FORMS.mapping]++;
      // Two mappings of one name make it ambiguous, and nobody would be shown.
      else if (identity.names.some((name) => otherwise.has(name))) {
        this.#leave(document, FORMS.mapping, 'the target maps this name otherwise');
      } else {
        known.add(identity.text);
        this.steps.push({
          form: FORMS.mapping,
          unid,
          items: {
            [MAPPING_ITEMS.form]: FORMS.mapping,
            [MAPPING_ITEMS.name]: namesItem(textsOf(items, MAPPING_ITEMS.name)),
            [MAPPING_ITEMS.address]: listItem(textsOf(items, MAPPING_ITEMS.address)),
            [MAPPING_ITEMS.displayName]: textOf(items, MAPPING_ITEMS.displayName),
          },
        });
      }
    }
  }

  people(source: readonly ExportedDocument[], target: readonly ExportedDocument[]): void {
    const there = new Map<SipKey, ExportedDocument>();
    for (const document of target) {
      const key = keyOf(document.items);
      if (key !== undefined && !isConflict(document.items) && !there.has(key)) there.set(key, document);
    }
    const usable = source.filter((document) => !this.#cannotBeCopied(document));
    const { kept, surplus } = resolveDuplicates(usable, keyOf, () => true);
    for (const { unid, items } of surplus) {
      this.#leave({ unid, items }, FORMS.person, 'an older document of the same address is copied');
    }
    for (const [key, document] of kept) this.#person(document, there.get(key));
  }

  #cannotBeCopied(document: ExportedDocument): boolean {
    const { items } = document;
    const reason = isConflict(items)
      ? 'it is a replication conflict'
      : personFromItems(items) === undefined
        ? 'it has no readable address'
        : this.#optedOut.namesAny(identityOf(items))
          ? 'the person opted out'
          : undefined;
    if (reason !== undefined) this.#leave(document, FORMS.person, reason);
    return reason !== undefined;
  }

  #person(document: Pick<ExportedDocument, 'unid' | 'items'>, there: ExportedDocument | undefined): void {
    const { unid } = document;
    const items = this.#personItems(document.items);
    if (there === undefined) {
      this.steps.push({ form: FORMS.person, unid, items });
      return;
    }
    const observed = momentOf(document.items, PERSON_ITEMS.observedAt) ?? Number.NEGATIVE_INFINITY;
    const isNewerThere = (momentOf(there.items, PERSON_ITEMS.observedAt) ?? Number.NEGATIVE_INFINITY) > observed;
    // Somebody stands behind a document that is there; an unconfirmed status, or an older one, would only spoil it.
    if (!this.#rules.asIs || isNewerThere || sameItems(items, there.items)) this.unchanged[FORMS.person]++;
    else this.steps.push({ form: FORMS.person, unid, into: there.unid, items });
  }

  #personItems(items: Items): Items {
    const stored = personFromItems(items);
    if (stored === undefined) throw new RangeError('the document has no address');
    const { uri, key, name, otherNames, mailAddresses, snapshot } = stored;
    const { bridge, asIs, notes } = this.#rules;
    const record = {
      person: { uri, key, name, otherNames, mailAddresses, displayName: snapshot.displayName },
      snapshot: asIs ? snapshot : unknownSnapshot(uri, snapshot.displayName),
      observedAt: 0,
      bridge,
      epoch: 0,
      seq: 0,
      waitingSince: 0,
    };
    const observedAt: ItemValue = items[PERSON_ITEMS.observedAt] ?? '';
    return { ...personItems(record, { notes: notes && asIs }), [PERSON_ITEMS.observedAt]: observedAt };
  }

  #leave({ unid, items }: Pick<ExportedDocument, 'unid' | 'items'>, form: CopiedForm, reason: string): void {
    this.leftOut.push({ form, unid, who: namesOf(items), reason });
  }
}

/** By the address alone: a spoilt `SipKey` must not be carried on. */
function keyOf(items: Items): SipKey | undefined {
  return personFromItems(items)?.key;
}

function listItem(texts: readonly string[]): ItemValue {
  return texts.length === 1 ? (texts[0] ?? '') : texts.length === 0 ? '' : texts;
}
