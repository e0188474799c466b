import { CONTAINER } from '../presence/containers.js';
import { levelsOf } from '../presence/legacy-levels.js';
import type { Person } from '../presence/person.js';
import { OFFLINE_AVAILABILITY } from '../presence/simulated-presence.js';
import { ocsTime } from './time.js';
import { elementsOf } from './xml-tree.js';
import { escapeXml, writeXml, xml } from './xml-write.js';

/** Presence document of LCS 2005 (MS-SIP 2.2.2). */
export const PRESENTITY_TYPE = 'text/xml+msrtc.pidf';

const NS = 'http://schemas.microsoft.com/2002/09/sip/presence';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** Availability of MS-PRES that the numbers of LCS 2005 cannot tell: busy and idle, and do not disturb. */
const FINER = { from: 7500, below: 12_000 } as const;

/** One person as a watcher in this container sees them; `isSelf` gives the user's own states back unchanged. */
export function presentityDocument(person: Person, container: number, isSelf: boolean): string {
  const hidden = container === CONTAINER.blocked;
  const state = hidden ? { availability: OFFLINE_AVAILABILITY, activity: '' } : person.state();
  const { availability, activity } = levelsOf(state);
  const address = person.uri.slice('sip:'.length);
  return xml(
    'presentity',
    { xmlns: NS, 'xmlns:xsi': XSI, uri: address },
    xml('availability', { aggregate: availability, description: '', epid: '' }),
    xml('activity', { aggregate: activity, description: '', note: '' }),
    xml('displayName', { displayName: person.displayName }),
    xml('email', { email: address }),
    hidden ? xml('userInfo', {}) : userInfo(person, container, state.availability, isSelf),
    xml('devices', {}),
  );
}

function userInfo(person: Person, container: number, availability: number, isSelf: boolean): string {
  const note = person.noteFor(container);
  return xml(
    'userInfo',
    {},
    note ? xml('note', {}, escapeXml(note.text)) : '',
    note?.outOfOffice ? xml('oof', {}) : '',
    isSelf ? ownStates(person) : finerState(person, availability),
  );
}

/** What the user's clients stored among the states: each must find the others' there (MS-SIP, userInfo). */
function ownStates(person: Person): string {
  const states = person.userInfo && elementsOf(person.userInfo, 'states')[0];
  return states ? writeXml(states) : '';
}

function finerState(person: Person, availability: number): string {
  if (availability < FINER.from || availability >= FINER.below) return '';
  const attributes = {
    avail: availability,
    since: `${ocsTime(person.changedAt).slice(0, 19)}Z`,
    validWith: 'any-device',
    deviceId: '',
    set: 'manual',
    'xsi:type': 'userState',
  };
  return xml('states', {}, xml('state', attributes, availability >= 9000 ? 'do-not-disturb' : 'busy'));
}
