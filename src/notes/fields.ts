/** Names of forms, views and items in the presence database: the single source, checked against `nsf-templates`. */

export const FORMS = { person: 'Presence', heartbeat: 'PresenceBridge' } as const;

/** View aliases. */
export const VIEWS = { people: 'People', byStatus: 'ByStatus' } as const;

/** Version of the items below; an older bridge refuses to write over a newer one. */
export const SCHEMA_VERSION = 1;

/** Items of a person's document. */
export const PERSON_ITEMS = {
  form: 'Form',
  key: 'SipKey',
  address: 'SipAddress',
  name: 'PersonName',
  displayName: 'DisplayName',
  status: 'Status',
  rank: 'StatusRank',
  activity: 'Activity',
  activityText: 'ActivityText',
  outOfOffice: 'OutOfOffice',
  note: 'Note',
  since: 'StatusSince',
  observedAt: 'ObservedAt',
  bridge: 'Bridge',
  epoch: 'Epoch',
  seq: 'Seq',
  schemaVersion: 'SchemaVersion',
} as const;

/** Items of a bridge's heartbeat document. */
export const HEARTBEAT_ITEMS = {
  form: 'Form',
  bridge: 'Bridge',
  epoch: 'Epoch',
  connected: 'Connected',
  writtenAt: 'WrittenAt',
  interval: 'IntervalSeconds',
  freshUntil: 'FreshUntil',
  ocsState: 'OcsState',
  ocsSince: 'OcsSince',
  ocsError: 'OcsError',
  notesState: 'NotesState',
  notesSince: 'NotesSince',
  people: 'People',
  reachable: 'Reachable',
  unknown: 'Unknown',
  version: 'Version',
  schemaVersion: 'SchemaVersion',
} as const;
