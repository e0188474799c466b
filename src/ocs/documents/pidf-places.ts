import { PIDF_ACTIVITIES } from './pidf-activities.js';
import type { XmlElement } from './xml-handler.js';
import { NAMESPACES } from './xml-names.js';

/** Where an element of a PIDF document stands, by what it means. */
export type PidfPlace =
  | 'document'
  | 'presence'
  | 'tuple'
  | 'status'
  | 'basic'
  | 'contact'
  | 'timestamp'
  | 'tupleNote'
  | 'note'
  | 'person'
  | 'personNote'
  | 'personTimestamp'
  | 'displayName'
  | 'device'
  | 'userInput'
  | 'activities'
  | 'activityName'
  | 'activityWord'
  | 'activityText'
  /** One word for how reachable somebody is, beside `basic`. */
  | 'statusWord'
  | 'relationship'
  /** Says that the service is somebody else's. */
  | 'relation'
  /** An element of a namespace that means something to us, but none that we need, and everything in it. */
  | 'elsewhere'
  /** An element of a namespace that means nothing to us. */
  | 'foreign';

/** COMPAT(asterisk): it writes names of a draft of RFC 4480, with a `status` between person and activities. */
const RPID: readonly string[] = [
  NAMESPACES.rpid,
  'urn:ietf:params:xml:ns:pidf:rpid:rpid-person',
  'urn:ietf:params:xml:ns:pidf:rpid:rpid-tuple',
  'urn:ietf:params:xml:ns:pidf:rpid:status:rpid-status',
];
const PERSON: readonly string[] = [NAMESPACES.dataModel, 'urn:ietf:params:xml:ns:pidf:person'];

const DISPLAY_NAME = 'display-name';

/** Place of an element, seen from the place of its parent. The root may be anything: see `document`. */
export function pidfPlace(element: XmlElement, parent: PidfPlace): PidfPlace {
  const { local, namespace } = element;
  if (parent === 'relationship') return isSelf(element) ? 'elsewhere' : 'relation';
  if (namespace === NAMESPACES.pidf) return inPidf(local, parent);
  if (RPID.includes(namespace)) return inRpid(local, parent);
  if (PERSON.includes(namespace)) return inDataModel(local, parent);
  if (namespace === NAMESPACES.cipid)
    return parent === 'person' && local === DISPLAY_NAME ? 'displayName' : 'elsewhere';
  if (namespace === NAMESPACES.pidfInstantMessage) return parent === 'status' ? 'statusWord' : 'elsewhere';
  return 'foreign';
}

function inPidf(local: string, parent: PidfPlace): PidfPlace {
  switch (parent) {
    case 'document':
      return local === 'presence' ? 'presence' : 'elsewhere';
    case 'presence':
      return local === 'tuple' || local === 'note' ? local : 'elsewhere';
    case 'tuple':
      if (local === 'note') return 'tupleNote';
      return local === 'status' || local === 'contact' || local === 'timestamp' ? local : 'elsewhere';
    case 'person':
      return local === 'status' ? 'status' : 'elsewhere';
    case 'status':
      if (local === 'activity') return 'statusWord';
      return local === 'basic' || local === 'activities' ? local : 'elsewhere';
    case 'activities':
      // COMPAT(ocs2007): its gateway to other systems writes what somebody does as a word.
      return local === 'activity' ? 'statusWord' : 'elsewhere';
    default:
      return 'elsewhere';
  }
}

function inRpid(local: string, parent: PidfPlace): PidfPlace {
  switch (parent) {
    case 'tuple':
      if (local === 'relationship') return 'relationship';
      return inPerson(local);
    case 'person':
    case 'status':
      return inPerson(local);
    case 'device':
      return local === 'user-input' ? 'userInput' : 'elsewhere';
    case 'activities':
      if (local === 'note' || local === 'other') return 'activityText';
      if (local === 'activity') return 'activityWord';
      return PIDF_ACTIVITIES.includes(local) ? 'activityName' : 'elsewhere';
    default:
      return 'elsewhere';
  }
}

/** Relations of extensions are not the person either. */
function isSelf({ local, namespace }: XmlElement): boolean {
  return (local === 'self' || local === 'note') && RPID.includes(namespace);
}

function inPerson(local: string): PidfPlace {
  if (local === 'activities') return 'activities';
  return local === 'user-input' ? 'userInput' : 'elsewhere';
}

function inDataModel(local: string, parent: PidfPlace): PidfPlace {
  if (parent === 'presence') return local === 'person' || local === 'device' ? local : 'elsewhere';
  if (parent !== 'person') return 'elsewhere';
  if (local === 'note') return 'personNote';
  return local === 'timestamp' ? 'personTimestamp' : 'elsewhere';
}
