import type { OwnStatusWord } from '../../bridge/ports.js';
import type { Activity } from '../../presence/availability.js';
import type { SipUri } from '../../presence/ids.js';
import { type XmlFragment, xml } from './xml-write.js';

export const PIDF_TYPE = 'application/pidf+xml';

export interface OwnPidf {
  readonly entity: SipUri;
  /** Tells this endpoint's tuple apart from others; letters and digits. */
  readonly id: string;
  readonly status: OwnStatusWord;
  readonly activity: Activity | undefined;
  readonly activityText: string;
  readonly note: string;
}

/** RPID has no word for some statuses: the nearest that a reader takes for not less reachable than it is. */
const ACTIVITY_OF_STATUS: Readonly<Record<OwnStatusWord, string | undefined>> = {
  available: undefined,
  busy: 'busy',
  'do-not-disturb': 'busy',
  'be-right-back': 'away',
  away: 'away',
  offline: undefined,
};

const RPID_OF_ACTIVITY: Partial<Readonly<Record<Activity, string>>> = {
  'on-the-phone': 'on-the-phone',
  'in-a-meeting': 'meeting',
  presenting: 'presentation',
  'out-to-lunch': 'meal',
  'off-work': 'holiday',
  'out-of-office': 'vacation',
};

/** Body of a PUBLISH: PIDF (RFC 3863) with a person's activities (RFC 4479, RFC 4480) and note. */
export function writePidf({ entity, id, status, activity, activityText, note }: OwnPidf): Buffer {
  const words = [ACTIVITY_OF_STATUS[status], activity && RPID_OF_ACTIVITY[activity]].filter(
    (word) => word !== undefined,
  );
  const named = words.map((word) => xml(`rpid:${word}`));
  if (activityText !== '') named.push(xml('rpid:other', {}, [activityText]));
  const notes = (name: string): readonly XmlFragment[] => (note === '' ? [] : [xml(name, {}, [note])]);
  const document = xml(
    'presence',
    {
      xmlns: 'urn:ietf:params:xml:ns:pidf',
      'xmlns:dm': 'urn:ietf:params:xml:ns:pidf:data-model',
      'xmlns:rpid': 'urn:ietf:params:xml:ns:pidf:rpid',
      entity,
    },
    [
      xml('tuple', { id: `t${id}` }, [
        xml('status', {}, [xml('basic', {}, [status === 'offline' ? 'closed' : 'open'])]),
        xml('contact', {}, [entity]),
      ]),
      ...notes('note'),
      xml('dm:person', { id: `p${id}` }, [
        ...(named.length === 0 ? [] : [xml('rpid:activities', {}, named)]),
        ...notes('dm:note'),
      ]),
    ],
  );
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${document.text}`, 'utf8');
}
