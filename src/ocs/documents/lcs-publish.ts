import type { OwnStatusWord } from '../../bridge/ports.js';
import { availabilityOf } from '../../presence/availability.js';
import type { SipUri } from '../../presence/ids.js';
import { readXml } from './xml.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { NAMESPACES } from './xml-names.js';
import { escapeXml, type XmlFragment, xml } from './xml-write.js';

export const SOAP_TYPE = 'application/SOAP+xml';

const SOAP_NS = 'http://schemas.xmlsoap.org/soap/envelope/';
const WINRTC_NS = 'http://schemas.microsoft.com/winrtc/2002/11/sip';
const PRESENCE_NS = 'http://schemas.microsoft.com/2002/09/sip/presence';
/** Longest `userInfo`, characters (MS-SIP, setPresence). */
const MAX_USER_INFO = 1_024;
const MAX_STATES = 16;

/** One state in `userInfo`, as it stands there. */
export interface LcsState {
  readonly type: string;
  readonly deviceId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What all clients of an account keep together in `userInfo`. */
export interface LcsUserInfo {
  readonly note: string;
  readonly outOfOffice: boolean;
  readonly states: readonly LcsState[];
}

export interface SetPresence {
  readonly uri: SipUri;
  readonly deviceId: string;
  /** `undefined`: this endpoint says nothing of its user. */
  readonly status: OwnStatusWord | undefined;
  readonly onThePhone: boolean;
  /** `2026-01-05T08:00:00Z`. */
  readonly since: string;
  /** Replaces what stands there; `undefined` leaves it. */
  readonly userInfo: LcsUserInfo | undefined;
}

/** Levels of LCS 2005: how reachable the device is, and what its user does (MS-SIP 2.2.1). */
const LEVELS: Readonly<Record<OwnStatusWord, readonly [availability: number, activity: number]>> = {
  available: [300, 400],
  busy: [300, 600],
  'do-not-disturb': [300, 600],
  'be-right-back': [300, 300],
  away: [300, 100],
  offline: [0, 0],
};
const ON_THE_PHONE = 500;

/** The state that a user chose: what `status` is in the numbers of later servers, which the levels cannot all tell. */
export function chosenState(status: OwnStatusWord, deviceId: string, since: string): LcsState | undefined {
  if (status === 'available' || status === 'offline') return undefined;
  const avail = String(availabilityOf(status));
  return {
    type: 'userState',
    deviceId,
    attributes: { avail, since, validWith: 'any-device', deviceId, set: 'manual' },
    text: status,
  };
}

/** Body of a SERVICE that asks for the own presence. */
export function writeGetPresence(uri: SipUri): Buffer {
  return envelope(xml('m:getPresence', {}, [xml('m:presentity', { 'm:uri': uri })]));
}

/** Body of a SERVICE that sets it. A note is shortened when all would be too long; states never are. */
export function writeSetPresence({ uri, deviceId, status, onThePhone, since, userInfo }: SetPresence): Buffer {
  const [availability, activity] = LEVELS[status ?? 'offline'];
  const level = status === 'busy' && onThePhone ? ON_THE_PHONE : activity;
  return envelope(
    xml('m:setPresence', {}, [
      xml('m:presentity', { 'xmlns:xsi': NAMESPACES.schemaInstance, 'm:uri': uri }, [
        xml('m:availability', { 'm:aggregate': availability }),
        xml('m:activity', { 'm:aggregate': level }),
        xml('deviceName', { xmlns: PRESENCE_NS, name: 'Notes Presence Bridge' }),
        ...(userInfo === undefined ? [] : [fitting(userInfo)]),
        xml('device', { xmlns: PRESENCE_NS, deviceId, since }, [xml('userInput', { since }, ['active'])]),
      ]),
    ]),
  );
}

function envelope(call: XmlFragment): Buffer {
  const document = xml('s:Envelope', { 'xmlns:s': SOAP_NS, 'xmlns:m': WINRTC_NS }, [xml('s:Body', {}, [call])]);
  return Buffer.from(document.text, 'utf8');
}

function fitting(userInfo: LcsUserInfo): XmlFragment {
  const whole = userInfoElement(userInfo);
  const excess = whole.text.length - MAX_USER_INFO;
  if (excess <= 0) return whole;
  const kept = Math.max(0, escapeXml(userInfo.note).length - excess);
  // Escaping only makes it longer, so what is kept of the plain text fits.
  return userInfoElement({ ...userInfo, note: [...userInfo.note].slice(0, Math.floor(kept / 6)).join('') });
}

function userInfoElement({ note, outOfOffice, states }: LcsUserInfo): XmlFragment {
  const written = states.map(({ attributes, type, text }) =>
    xml('state', { ...attributes, 'xsi:type': type }, text === '' ? [] : [text]),
  );
  return xml('userInfo', { xmlns: PRESENCE_NS }, [
    ...(note === '' ? [] : [xml('note', {}, [note])]),
    ...(outOfOffice ? [xml('oof')] : []),
    ...(written.length === 0 ? [] : [xml('states', {}, written)]),
  ]);
}

/** Reads what clients keep in `userInfo` from the answer to `getPresence`. Throws `OCS_DOCUMENT`. */
export function readUserInfo(body: Buffer): LcsUserInfo {
  const collector = new UserInfoCollector();
  readXml(body, collector);
  return collector.result();
}

const STATE_ATTRIBUTES = ['avail', 'since', 'validWith', 'deviceId', 'set', 'startTime', 'endTime'];

class UserInfoCollector implements XmlHandler {
  readonly #path: string[] = [];
  readonly #states: LcsState[] = [];
  #state: Omit<LcsState, 'text'> | undefined;
  #note = '';
  #outOfOffice = false;

  open(element: XmlElement): boolean {
    this.#path.push(element.local);
    const place = this.#place();
    if (place === 'oof') this.#outOfOffice = true;
    if (place !== 'states/state') return place === 'note';
    const values = STATE_ATTRIBUTES.map((name) => [name, element.attribute(name)] as const);
    const attributes = Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined));
    const type = element.attribute('type', NAMESPACES.schemaInstance)?.replace(/^.*:/, '') ?? '';
    this.#state = { type, deviceId: element.attribute('deviceId') ?? '', attributes };
    return true;
  }

  close(text: string): void {
    const place = this.#place();
    if (place === 'note') this.#note = text;
    if (place === 'states/state' && this.#state !== undefined && this.#states.length < MAX_STATES) {
      this.#states.push({ ...this.#state, text });
    }
    this.#path.pop();
  }

  result(): LcsUserInfo {
    return { note: this.#note, outOfOffice: this.#outOfOffice, states: this.#states };
  }

  #place(): string {
    const from = this.#path.indexOf('userInfo');
    return from < 0 ? '' : this.#path.slice(from + 1).join('/');
  }
}
