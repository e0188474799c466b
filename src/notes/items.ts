import type { PersonRecord, StoredPerson } from '../bridge/ports.js';
import { activityOf, isStatus, rankOf } from '../presence/availability.js';
import { parseNotesName, parseSipKey, parseSipUri, type SipKey, sipKeyOf } from '../presence/ids.js';
import { FORMS, PERSON_ITEMS as ITEM, SCHEMA_VERSION } from './fields.js';
import { momentItem, momentOf, namesItem, numberOf, textOf, textsOf } from './item-access.js';
import type { Items, ItemValue } from './item-value.js';
import { notesText } from './notes-text.js';

/**
 * All items of a person's document. Text that is not there is written as empty text, so that an older value goes away.
 * `Note` and `ActivityText` are left out altogether unless `notes` is on. Times are cut to whole seconds.
 */
export function personItems(record: PersonRecord, options: { readonly notes: boolean }): Items {
  const { person, snapshot } = record;
  const items: Record<string, ItemValue> = {
    [ITEM.form]: FORMS.person,
    [ITEM.key]: person.key,
    [ITEM.address]: person.uri,
    [ITEM.name]: namesItem(person.name),
    [ITEM.otherNames]: namesItem(person.otherNames),
    [ITEM.mailAddresses]: listItem(person.mailAddresses),
    [ITEM.displayName]: person.name === undefined ? notesText(snapshot.displayName || person.displayName) : '',
    [ITEM.status]: snapshot.status,
    [ITEM.rank]: rankOf(snapshot.status),
    [ITEM.activity]: snapshot.activity,
    [ITEM.outOfOffice]: snapshot.outOfOffice ? '1' : '',
    [ITEM.since]: momentItem(snapshot.since),
    [ITEM.observedAt]: momentItem(record.observedAt),
    [ITEM.bridge]: record.bridge,
    [ITEM.epoch]: record.epoch,
    [ITEM.seq]: record.seq,
    [ITEM.schemaVersion]: SCHEMA_VERSION,
  };
  if (options.notes) {
    items[ITEM.activityText] = notesText(snapshot.activityText);
    items[ITEM.note] = notesText(snapshot.note);
  }
  return items;
}

/** A person as the document's items have it, before anybody asks whether all of them are right. */
export type ReadPerson = Omit<StoredPerson, 'intact'>;

/**
 * What a person's document says; `undefined` when it holds no readable address. A status nobody knows reads `unknown`.
 * Publication times are not stored, so whatever the source says first is newer.
 */
export function personFromItems(items: Items): ReadPerson | undefined {
  const uri = parseSipUri(textOf(items, ITEM.address));
  if (!uri.ok) return undefined;
  const name = parseNotesName(textOf(items, ITEM.name));
  const otherNames = textsOf(items, ITEM.otherNames).flatMap((text) => {
    const other = parseNotesName(text);
    return other.ok ? [other.value] : [];
  });
  const status = textOf(items, ITEM.status);
  return {
    key: sipKeyOf(uri.value),
    uri: uri.value,
    name: name.ok ? name.value : undefined,
    snapshot: {
      uri: uri.value,
      status: isStatus(status) ? status : 'unknown',
      activity: activityOf(textOf(items, ITEM.activity)) ?? '',
      activityText: textOf(items, ITEM.activityText),
      outOfOffice: textOf(items, ITEM.outOfOffice) === '1',
      note: textOf(items, ITEM.note),
      displayName: textOf(items, ITEM.displayName),
      since: momentOf(items, ITEM.since),
      stateAt: undefined,
      noteAt: undefined,
    },
    otherNames,
    mailAddresses: textsOf(items, ITEM.mailAddresses).filter((text) => text !== ''),
    bridge: textOf(items, ITEM.bridge),
    epoch: stampOf(items, ITEM.epoch),
    seq: stampOf(items, ITEM.seq),
  };
}

function listItem(texts: readonly string[] = []): ItemValue {
  return texts.length > 1 ? texts : (texts[0] ?? '');
}

/** More turns, or writes of one turn, than any bridge reaches: somebody typed such a number. */
const MAX_STAMP = 2 ** 40;

function stampOf(items: Items, item: string): number {
  const stamp = numberOf(items, item) ?? 0;
  return Number.isInteger(stamp) && stamp >= 0 && stamp <= MAX_STAMP ? stamp : 0;
}

/** Key of a person's document: its `SipKey`, or when somebody spoilt that item, the key of its address. */
export function personKeyOf(items: Items): SipKey | undefined {
  const key = parseSipKey(textOf(items, ITEM.key));
  if (key.ok) return key.value;
  const uri = parseSipUri(textOf(items, ITEM.address));
  return uri.ok ? sipKeyOf(uri.value) : undefined;
}
