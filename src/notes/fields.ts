/** Names of forms, views and items in the presence database: the single source, checked against `nsf-templates`. */

export const FORMS = {
  person: 'Presence',
  heartbeat: 'PresenceBridge',
  lease: 'PresenceLease',
  mapping: 'PresenceMapping',
  optOut: 'PresenceOptOut',
  consent: 'PresenceConsent',
} as const;

/** View aliases. */
export const VIEWS = {
  people: 'People',
  byStatus: 'ByStatus',
  availableNow: 'AvailableNow',
  byDepartment: 'ByDepartment',
  problems: 'Problems',
  bridges: 'Bridges',
  settings: 'Settings',
  lookUpByName: 'LookUpByName',
  lookUpByAddress: 'LookUpByAddress',
  lookUpByMail: 'LookUpByMail',
  lookUpBridge: 'LookUpBridge',
  lookUpOptOut: 'LookUpOptOut',
  lookUpConsent: 'LookUpConsent',
} as const;

/** Hidden views by which programs and formulas find documents; keys are in lower case. */
export const LOOK_UP_VIEWS = [
  VIEWS.lookUpByName,
  VIEWS.lookUpByAddress,
  VIEWS.lookUpByMail,
  VIEWS.lookUpBridge,
  VIEWS.lookUpOptOut,
  VIEWS.lookUpConsent,
] as const;

/** Views that people use; the others are for administrators. */
export const PEOPLE_VIEWS = [VIEWS.people, VIEWS.byStatus] as const;

/** Agents by alias. */
export const AGENTS = { sweepStale: 'SweepStale', pushStatus: 'PushStatus', sampleQuery: 'SampleQuery' } as const;

/** Version of the items below; an older bridge refuses to write over a newer one. */
export const SCHEMA_VERSION = 1;

/** Items of a person's document. */
export const PERSON_ITEMS = {
  form: 'Form',
  key: 'SipKey',
  address: 'SipAddress',
  name: 'PersonName',
  otherNames: 'OtherNames',
  mailAddresses: 'MailAddress',
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

/** Items of the lease: which bridge of a name may write. */
export const LEASE_ITEMS = {
  form: 'Form',
  bridge: 'Bridge',
  holder: 'Holder',
  holderName: 'HolderName',
  epoch: 'Epoch',
  renewals: 'Renewals',
  duration: 'DurationSeconds',
  renewedAt: 'RenewedAt',
  schemaVersion: 'SchemaVersion',
} as const;

/** Items of a mapping document: an administrator says which address a person has. */
export const MAPPING_ITEMS = {
  form: 'Form',
  name: 'PersonName',
  address: 'SipAddress',
  displayName: 'DisplayName',
} as const;

/** Items of an opt-out document: people and groups who do not want to be shown. */
export const OPT_OUT_ITEMS = {
  form: 'Form',
  /** Notes names of people, names of groups. */
  names: 'PersonName',
  addresses: 'SipAddress',
} as const;

/** Items of a consent: applications that may set these people's status. */
export const CONSENT_ITEMS = {
  form: 'Form',
  /** Notes names of people. */
  names: 'PersonName',
  /** Names of tokens. */
  applications: 'Applications',
} as const;

/** Item in which Domino keeps who wrote a document, the newest writer last. */
export const UPDATED_BY_ITEM = '$UpdatedBy';

/** Item of mappings, opt-outs and consents: who may change and delete them with Author access. */
export const AUTHORS_ITEM = 'DocumentAuthors';

/** Form of the profile document, in the presence database and in applications that adopt its elements. */
export const PROFILE_FORM = 'PresenceProfile';

/** Items of the profile document. Everybody can read it, so it never holds a secret. */
export const PROFILE_ITEMS = {
  form: 'Form',
  /** Where the presence database is, seen from an adopting application; empty for its own server. */
  server: 'PresenceServer',
  /** Empty for `presence.nsf` beside the application. */
  file: 'PresenceFile',
  /** HTTP API of the bridge; empty when applications do not use it. */
  bridgeUrl: 'BridgeUrl',
  /** `im` or `sip`: how links that start a chat begin. */
  chatScheme: 'ChatScheme',
  /** Whom users ask. */
  contact: 'ContactAddress',
} as const;

/** Form of a document that says which documents of another database get statuses. */
export const PUSH_TARGET_FORM = 'PresencePushTarget';

/** Items of such a document. */
export const PUSH_TARGET_ITEMS = {
  form: 'Form',
  /** Canonical name; empty for the server of the presence database. */
  server: 'TargetServer',
  file: 'TargetFile',
  /** Name or alias of the view whose documents get statuses. */
  view: 'TargetView',
  /** Item of those documents that holds one or several names. */
  nameItem: 'NameItem',
  /** What the names of the written items begin with. */
  prefix: 'ItemPrefix',
  /** `1` or empty. */
  active: 'IsActive',
} as const;

/** Endings of the items that are written into other databases: lists in the order of the names. */
export const PUSHED_ITEMS = {
  status: 'Status',
  activity: 'Activity',
  outOfOffice: 'OutOfOffice',
  /** Text: local time of the server as `YYYY-MM-DD hh:mm:ss`, or empty. */
  since: 'Since',
} as const;

/** Fields that a form which adopts our elements brings itself. */
export const HOST_FIELDS = {
  /** Names or addresses of the people whom the subform `PresenceBadge` shows. */
  person: 'PresencePerson',
} as const;

/** Item that Domino puts into a replication or save conflict. */
export const CONFLICT_ITEM = '$Conflict';
