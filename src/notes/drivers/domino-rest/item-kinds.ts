import {
  HEARTBEAT_ITEMS as BEAT,
  CONSENT_ITEMS as CONSENT,
  FORMS,
  LEASE_ITEMS as LEASE,
  MAPPING_ITEMS as MAPPING,
  OPT_OUT_ITEMS as OPT_OUT,
  PERSON_ITEMS as PERSON,
  UPDATED_BY_ITEM,
} from '../../fields.js';

/** What a field of the schema holds: JSON alone does not tell a moment or a name from a text. */
export type ItemKind = 'text' | 'texts' | 'number' | 'moment' | 'name' | 'names';

type Kinds = Readonly<Record<string, ItemKind>>;

/** Items that are not plain text, by form. The schema that the site imports says the same. */
const SPECIAL: Readonly<Record<string, Kinds>> = {
  [FORMS.person]: {
    [PERSON.name]: 'name',
    [PERSON.otherNames]: 'names',
    [PERSON.mailAddresses]: 'texts',
    [PERSON.rank]: 'number',
    [PERSON.since]: 'moment',
    [PERSON.observedAt]: 'moment',
    [PERSON.epoch]: 'number',
    [PERSON.seq]: 'number',
    [PERSON.schemaVersion]: 'number',
  },
  [FORMS.heartbeat]: {
    [BEAT.epoch]: 'number',
    [BEAT.writtenAt]: 'moment',
    [BEAT.interval]: 'number',
    [BEAT.freshUntil]: 'moment',
    [BEAT.ocsSince]: 'moment',
    [BEAT.notesSince]: 'moment',
    [BEAT.people]: 'number',
    [BEAT.reachable]: 'number',
    [BEAT.unknown]: 'number',
    [BEAT.schemaVersion]: 'number',
  },
  [FORMS.lease]: {
    [LEASE.epoch]: 'number',
    [LEASE.renewals]: 'number',
    [LEASE.duration]: 'number',
    [LEASE.renewedAt]: 'moment',
    [LEASE.schemaVersion]: 'number',
  },
  [FORMS.mapping]: { [MAPPING.name]: 'name', [UPDATED_BY_ITEM]: 'names' },
  [FORMS.optOut]: { [OPT_OUT.names]: 'names', [OPT_OUT.addresses]: 'texts', [UPDATED_BY_ITEM]: 'names' },
  [FORMS.consent]: { [CONSENT.names]: 'names', [CONSENT.applications]: 'texts', [UPDATED_BY_ITEM]: 'names' },
};

/** A change names no form; of items that several forms have, the bridge changes those of people. */
const ANY_FORM: Kinds = {
  ...SPECIAL[FORMS.consent],
  ...SPECIAL[FORMS.optOut],
  ...SPECIAL[FORMS.mapping],
  ...SPECIAL[FORMS.lease],
  ...SPECIAL[FORMS.heartbeat],
  ...SPECIAL[FORMS.person],
};

/** What an item holds, in documents of a form when that is known. Forms of other databases hold plain values. */
export function itemKind(name: string, form?: string): ItemKind {
  const kinds = form === undefined ? ANY_FORM : SPECIAL[form];
  return kinds !== undefined && Object.hasOwn(kinds, name) ? (kinds[name] ?? 'text') : 'text';
}
