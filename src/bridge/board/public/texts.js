/**
 * All words of the page, in its two languages. `{name}` stands for a value.
 *
 * @typedef {typeof ENGLISH} Texts
 */

const ENGLISH = {
  language: 'en',
  title: 'Presence',
  heartbeat: 'Heartbeat',
  views: 'View',
  search: 'Search',
  searchHint: 'Search people',
  shownAll: '{total} people',
  shownSome: '{shown} of {total} people',
  emptyView: 'Nobody is listed yet.',
  emptySearch: 'Nobody matches “{query}”.',
  retry: 'Try now',
  signInTitle: 'Access token',
  signInText:
    'The board shows presence only to those who hold the token of this bridge. It is in the file “access-token” in the state folder of the bridge.',
  signInWrong: 'The bridge does not accept this token.',
  token: 'Token',
  signIn: 'Open the board',
  counts: 'People by status',
  connecting: 'Connecting …',
  live: 'Live: statuses are current.',
  unconfirmed: 'Not confirmed.',
  unreachable: 'The bridge cannot be reached.',
  lostBoard: 'The connection to the bridge is lost. All that stands below is the last known state.',
  nextAttempt: 'Next attempt in {seconds} s.',
  lostOcs:
    'The bridge has no connection to OCS: {state}. Statuses in the list are the last known ones, until they change to “Unknown”.',
  lostNotes: 'The bridge has no connection to Domino: {state}. The list shows the last known statuses.',
  since: '{state} for {age}',
  notKnown: 'not known',
  ago: '{age} ago',
  never: 'none yet',
  seconds: '{n}\u00a0s',
  minutes: '{n}\u00a0min',
  hours: '{n}\u00a0h',
  days: '{n}\u00a0d',
  bridge: '{bridge} · version {version}',
  states: {
    starting: 'starting',
    connecting: 'connecting',
    connected: 'connected',
    'transient-disconnect': 'interrupted',
    'bad-credentials': 'wrong user or password',
    'untrusted-peer': 'certificate not trusted',
    refused: 'refused',
    stopped: 'stopped',
  },
  statuses: {
    available: 'Available',
    'available-idle': 'Available (inactive)',
    busy: 'Busy',
    'busy-idle': 'Busy (inactive)',
    'do-not-disturb': 'Do not disturb',
    'be-right-back': 'Be right back',
    away: 'Away',
    offline: 'Offline',
    unknown: 'Unknown',
  },
};

/** @type {Texts} */
const GERMAN = {
  language: 'de',
  title: 'Anwesenheit',
  heartbeat: 'Lebenszeichen',
  views: 'Ansicht',
  search: 'Suche',
  searchHint: 'Personen suchen',
  shownAll: '{total} Personen',
  shownSome: '{shown} von {total} Personen',
  emptyView: 'Noch ist niemand aufgeführt.',
  emptySearch: 'Niemand passt zu „{query}“.',
  retry: 'Jetzt versuchen',
  signInTitle: 'Zugangsschlüssel',
  signInText:
    'Die Tafel zeigt die Anwesenheit nur, wenn der Schlüssel dieser Bridge vorliegt. Er steht in der Datei „access-token“ im Statusordner der Bridge.',
  signInWrong: 'Die Bridge nimmt diesen Schlüssel nicht an.',
  token: 'Schlüssel',
  signIn: 'Tafel öffnen',
  counts: 'Personen nach Status',
  connecting: 'Verbindung wird aufgebaut …',
  live: 'Live: Alle Angaben sind aktuell.',
  unconfirmed: 'Nicht bestätigt.',
  unreachable: 'Die Bridge ist nicht erreichbar.',
  lostBoard: 'Die Verbindung zur Bridge ist unterbrochen. Alles Folgende ist der zuletzt bekannte Stand.',
  nextAttempt: 'Nächster Versuch in {seconds} s.',
  lostOcs:
    'Die Bridge hat keine Verbindung zu OCS: {state}. Die Status in der Liste sind die zuletzt bekannten, bis sie zu „Unbekannt“ wechseln.',
  lostNotes: 'Die Bridge hat keine Verbindung zu Domino: {state}. Die Liste zeigt die zuletzt bekannten Status.',
  since: '{state} seit {age}',
  notKnown: 'nicht bekannt',
  ago: 'vor {age}',
  never: 'noch keines',
  seconds: '{n}\u00a0s',
  minutes: '{n}\u00a0min',
  hours: '{n}\u00a0h',
  days: '{n}\u00a0d',
  bridge: '{bridge} · Version {version}',
  states: {
    starting: 'startet',
    connecting: 'verbindet',
    connected: 'verbunden',
    'transient-disconnect': 'unterbrochen',
    'bad-credentials': 'Benutzer oder Kennwort falsch',
    'untrusted-peer': 'Zertifikat nicht vertrauenswürdig',
    refused: 'abgewiesen',
    stopped: 'angehalten',
  },
  statuses: {
    available: 'Verfügbar',
    'available-idle': 'Verfügbar (inaktiv)',
    busy: 'Beschäftigt',
    'busy-idle': 'Beschäftigt (inaktiv)',
    'do-not-disturb': 'Nicht stören',
    'be-right-back': 'Gleich zurück',
    away: 'Abwesend',
    offline: 'Offline',
    unknown: 'Unbekannt',
  },
};

/**
 * The words for the first language of the list that is spoken here; English when none is.
 *
 * @param {readonly string[]} languages as in `navigator.languages`
 * @returns {Texts}
 */
export function textsFor(languages) {
  for (const language of languages) {
    if (/^de\b/i.test(language)) return GERMAN;
    if (/^en\b/i.test(language)) return ENGLISH;
  }
  return ENGLISH;
}

/**
 * @param {string} pattern
 * @param {Readonly<Record<string, string | number>>} values
 */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
