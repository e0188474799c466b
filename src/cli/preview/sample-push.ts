import { FORMS, HEARTBEAT_ITEMS, HOST_FIELDS, PERSON_ITEMS, PUSHED_ITEMS, VIEWS } from '../../notes/fields.js';
import { momentOf, textOf, textsOf } from '../../notes/item-access.js';
import type { Items } from '../../notes/item-value.js';
import type { DocumentTable } from './document-table.js';
import type { ShownTemplate } from './shown-template.js';

const PREFIX = 'Presence';
/** As much may the clocks of bridge and server differ. */
const SKEW_MS = 2 * 60_000;

interface Pushed {
  readonly status: string;
  readonly activity: string;
  readonly outOfOffice: string;
  readonly since: string;
}

const UNKNOWN: Pushed = { status: 'unknown', activity: '', outOfOffice: '', since: '' };

/**
 * Writes into documents with names what the agent `PushStatus` would write there now. The agent is LotusScript, which
 * nothing outside Notes runs; a test runs it on these documents and lets it find nothing to change.
 */
export function pushStatuses(documents: DocumentTable, presence: ShownTemplate): void {
  for (const [id, items] of [...documents.entries()]) {
    const names = textsOf(items, HOST_FIELDS.person).filter((name) => name !== '');
    if (names.length === 0) continue;
    const pushed = names.map((name) => statusOf(name, presence));
    const written: Items = {
      [PREFIX + PUSHED_ITEMS.status]: pushed.map(({ status }) => status),
      [PREFIX + PUSHED_ITEMS.activity]: pushed.map(({ activity }) => activity),
      [PREFIX + PUSHED_ITEMS.outOfOffice]: pushed.map(({ outOfOffice }) => outOfOffice),
      [PREFIX + PUSHED_ITEMS.since]: pushed.map(({ since }) => since),
    };
    const isSame = Object.entries(written).every(([name, list]) => String(items[name]) === String(list));
    if (!isSame) documents.put([id, { ...items, ...written }]);
  }
}

/** A name in any of its spellings, a SIP address or a mail address; whoever is not found by exactly one is unknown. */
function statusOf(asked: string, presence: ShownTemplate): Pushed {
  const key = asked.trim().toLowerCase();
  const address = key.replace(/^sip:/, '');
  const found = [
    find(presence, VIEWS.lookUpByName, key),
    ...(address.includes('@')
      ? [find(presence, VIEWS.lookUpByAddress, `sip:${address}`), find(presence, VIEWS.lookUpByMail, address)]
      : []),
  ].find(({ length }) => length > 0);
  const [person] = found ?? [];
  if (!person || found?.length !== 1 || !isConfirmed(textOf(person, PERSON_ITEMS.bridge), presence)) return UNKNOWN;
  const status = textOf(person, PERSON_ITEMS.status);
  if (textOf(person, PERSON_ITEMS.form) !== FORMS.person || status === UNKNOWN.status) return UNKNOWN;
  return {
    status,
    activity: textOf(person, PERSON_ITEMS.activity),
    outOfOffice: textOf(person, PERSON_ITEMS.outOfOffice) === '1' ? '1' : '',
    since: localTime(momentOf(person, PERSON_ITEMS.since), presence.source.zone),
  };
}

function isConfirmed(bridge: string, presence: ShownTemplate): boolean {
  const [beat] = find(presence, VIEWS.lookUpBridge, bridge.trim().toLowerCase());
  const until = beat && momentOf(beat, HEARTBEAT_ITEMS.freshUntil);
  if (!beat || until === undefined || textOf(beat, HEARTBEAT_ITEMS.connected) !== '1') return false;
  return presence.source.now() < until + SKEW_MS;
}

function find({ feed, source }: ShownTemplate, view: string, key: string): Items[] {
  const ids = new Set(feed.index(view)?.find(key) ?? []);
  return [...ids].flatMap((id): readonly Items[] => {
    const items = source.documents.get(id);
    return items ? [items] : [];
  });
}

/** `YYYY-MM-DD hh:mm:ss`, as the pusher writes a moment by the clock of its server. */
function localTime(moment: number | undefined, zone: string): string {
  if (moment === undefined) return '';
  // The order of Swedish dates is that of the pusher.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(moment);
}
