import type { XmlElement } from '../documents/xml-tree.js';
import { type LegacyLevels, stateOfLevels } from './legacy-levels.js';
import type { Person } from './person.js';
import { type PublicationRequest, type PublicationSlot, slotKey } from './publication.js';

/** What `setPresence` of LCS 2005 says (MS-SIP 3.1, setPresence). */
export interface LegacyPresence extends LegacyLevels {
  /** True when nobody touches the machine. */
  readonly idle: boolean;
  /** Availability of the user's own state on the scale of MS-PRES, if there is one. */
  readonly userState: number | undefined;
  readonly note: string;
  readonly outOfOffice: boolean;
  /** The whole element as received. */
  readonly userInfo: XmlElement | undefined;
}

const NS = 'http://schemas.microsoft.com/2006/09/sip';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const USER_INSTANCE = 0x2000_0000;
const MACHINE_INSTANCE = 0x3000_0000;
const STATE_CONTAINER = 2;
const NOTE_CONTAINERS = [200, 300, 400] as const;
const ACTIVE = 3500;
const INACTIVE = 5000;
const AWAY = 15_500;
const BUSY = 6000;

/**
 * The publications of MS-PRES that say the same, so that watchers of either dialect see one person: the machine's state for
 * this endpoint, the user's own state, and the note. The versions are those that are stored.
 */
export function publicationsOf(person: Person, epid: string, presence: LegacyPresence): readonly PublicationRequest[] {
  const said = stateOfLevels(presence);
  const request = (
    slot: PublicationSlot,
    content: XmlElement | undefined,
    endpointOnly = false,
  ): PublicationRequest => ({
    ...slot,
    version: person.publications.get(slotKey(slot))?.version ?? 0,
    expireType: endpointOnly ? 'endpoint' : 'static',
    expires: content ? undefined : 0,
    content,
  });
  const state = (instance: number): PublicationSlot => ({ category: 'state', instance, container: STATE_CONTAINER });
  const machine = machineAvailability(presence, said.availability);
  const user = userState(presence, said.availability);
  const note = presence.note === '' && !presence.outOfOffice ? undefined : noteElement(presence);
  return [
    request(state(MACHINE_INSTANCE | endpointNumber(epid)), stateElement('machineState', machine, ''), true),
    request(
      state(USER_INSTANCE),
      user === undefined ? undefined : stateElement('userState', user, user === said.availability ? said.activity : ''),
      presence.userState === undefined,
    ),
    ...NOTE_CONTAINERS.map((container) => request({ category: 'note', instance: 0, container }, note)),
  ].filter((entry) => entry.expires !== 0 || entry.version > 0);
}

/** An idle machine is as far away as its activity says; one that is used is active, whatever its user chose. */
function machineAvailability({ idle }: LegacyPresence, said: number): number {
  if (said === INACTIVE) return INACTIVE;
  return idle ? (said >= BUSY && said < AWAY ? INACTIVE : Math.max(said, INACTIVE)) : ACTIVE;
}

/** The state in userInfo; without one, an activity that only a person can choose. Being offline beats both. */
function userState({ idle, userState: chosen, availability }: LegacyPresence, said: number): number | undefined {
  if (availability < 100) return said;
  if (chosen !== undefined) return chosen;
  return said >= BUSY && !(idle && said >= AWAY) ? said : undefined;
}

function endpointNumber(epid: string): number {
  const head = Number.parseInt(epid.slice(0, 8), 16);
  return Number.isNaN(head) ? 0 : head >>> 4;
}

function stateElement(type: string, availability: number, activity: string): XmlElement {
  const namespace = `${NS}/state`;
  const child = (name: string, text: string, ...attributes: XmlElement['attributes']): XmlElement => ({
    name,
    namespace,
    attributes,
    children: text === '' ? [] : [text],
  });
  const token = { name: 'token', prefix: '', namespace: '', value: activity };
  return {
    name: 'state',
    namespace,
    attributes: [{ name: 'type', prefix: 'xsi', namespace: XSI, value: type }],
    children: [child('availability', String(availability)), ...(activity === '' ? [] : [child('activity', '', token)])],
  };
}

function noteElement({ note, outOfOffice }: LegacyPresence): XmlElement {
  const namespace = `${NS}/note`;
  const attribute = (name: string, value: string) => ({ name, prefix: '', namespace: '', value });
  const attributes = [attribute('type', outOfOffice ? 'OOF' : 'personal'), attribute('uri', '')];
  return {
    name: 'note',
    namespace,
    attributes: [],
    children: [{ name: 'body', namespace, attributes, children: [note] }],
  };
}
