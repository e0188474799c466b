import type { SipUri } from '../../presence/ids.js';
import { cleanText, type Observation, type ObservedState } from '../../presence/snapshot.js';
import type { DocumentOptions } from './document-options.js';
import { documentPerson } from './document-person.js';
import { type LcsFacts, type LcsState, stateOfLcs } from './lcs-state.js';
import { refusal } from './refusal.js';
import { type DocumentKind, readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { NAMESPACES } from './xml-names.js';
import type { XmlTolerance } from './xml-tolerance.js';
import { xmlBoolean, xmlInteger } from './xml-values.js';
import { Vocabulary } from './xml-vocabulary.js';

/**
 * Reads the `text/xml+msrtc.pidf` document of Live Communications Server 2005 (MS-SIP §2.2.1 and appendix A), which a
 * later server still sends for people of older systems. It tells the whole presence. Throws `OCS_DOCUMENT`.
 */
export function readLcsPresence(body: Buffer, options: DocumentOptions = {}): Observation {
  return readDocument(body, LCS_PRESENCE, options);
}

/** COMPAT(lcs2005): it declares UTF-16 and sends UTF-8. */
const TOLERANCE: XmlTolerance = { misdeclared: ['utf-16'] };

const vocabulary = new Vocabulary([
  ...['presentity', 'availability', 'activity', 'displayName', 'devices', 'devicePresence', 'userInfo'],
  ...['note', 'oof', 'states', 'state', NAMESPACES.lcsPresence],
]);

export const LCS_PRESENCE: DocumentKind<Observation> = {
  vocabulary,
  tolerance: () => TOLERANCE,
  collector: (options) => new LcsCollector(options),
};

type Place =
  | 'document'
  | 'presentity'
  | 'displayName'
  | 'userInfo'
  | 'note'
  | 'oof'
  | 'devices'
  | 'device'
  | 'states'
  | 'elsewhere';

class LcsCollector implements XmlHandler {
  private readonly options: DocumentOptions;
  private readonly places: Place[] = ['document'];
  private uri: SipUri | undefined;
  private availability: number | undefined;
  private activity: number | undefined;
  private activityText = '';
  private readonly states: LcsState[] = [];
  /** Seconds since the last word of the device heard of last. */
  private age: number | undefined;
  private displayName = '';
  private note = '';
  private outOfOffice = false;

  constructor(options: DocumentOptions) {
    this.options = options;
  }

  open(element: XmlElement): boolean {
    const parent = this.places.at(-1) ?? 'elsewhere';
    const place = placeOf(element, parent);
    this.places.push(place);
    if (place === 'presentity') this.uri = documentPerson(element.attribute('uri'), this.options.expected);
    else if (parent === 'presentity') this.aggregate(element);
    else if (place === 'device') this.device(element);
    else if (parent === 'states' && element.local === 'state') this.state(element);
    return place === 'note' || place === 'oof' || place === 'displayName';
  }

  close(text: string): void {
    switch (this.places.pop()) {
      case 'note':
        this.note ||= text.trim();
        return;
      case 'oof':
        this.outOfOffice = !['false', '0'].includes(text.trim().toLowerCase());
        return;
      case 'displayName':
        this.displayName ||= text;
        return;
    }
  }

  result(): Observation {
    if (this.uri === undefined) throw refusal('namespace', 'The document holds no presence.');
    const displayName = cleanText(this.displayName);
    const told = this.note !== '' || this.outOfOffice;
    return {
      uri: this.uri,
      state: this.observedState(),
      note: told ? { text: this.note, outOfOffice: this.outOfOffice } : null,
      ...(displayName && { displayName }),
    };
  }

  private observedState(): ObservedState | null {
    const state = stateOfLcs(this.facts());
    return state !== null && this.activityText.trim() !== '' ? { ...state, activityText: this.activityText } : state;
  }

  private facts(): LcsFacts {
    const { now } = this.options;
    const heardAt = now === undefined || this.age === undefined ? undefined : now - this.age * 1000;
    return { availability: this.availability, activity: this.activity, states: this.states, heardAt };
  }

  private aggregate(element: XmlElement): void {
    if (element.local === 'availability') this.availability ??= xmlInteger(element.attribute('aggregate'));
    if (element.local === 'displayName') this.displayName = element.attribute('displayName') ?? '';
    if (element.local !== 'activity' || this.activity !== undefined) return;
    this.activity = xmlInteger(element.attribute('aggregate'));
    this.activityText = element.attribute('note') ?? '';
  }

  private device(element: XmlElement): void {
    const age = xmlInteger(element.attribute('ageOfPresence'));
    if (age !== undefined && age >= 0) this.age = Math.min(age, this.age ?? age);
  }

  private state(element: XmlElement): void {
    const nil = element.attribute('nil', NAMESPACES.schemaInstance) ?? element.attribute('nil');
    const availability = xmlInteger(element.attribute('avail'));
    if (xmlBoolean(nil) || availability === undefined) return;
    this.states.push({ availability, since: element.time('since') });
  }
}

/**
 * Names alone count below the root: what users publish for themselves is kept by the server as it came, in whatever
 * namespace (MS-SIP §2.2.1, `userInfo`).
 */
function placeOf({ local, namespace }: XmlElement, parent: Place): Place {
  switch (parent) {
    case 'document':
      if (local === 'presentity' && namespace === NAMESPACES.lcsPresence) return 'presentity';
      throw refusal('namespace', 'The document is not a presentity of Live Communications Server.');
    case 'presentity':
      return local === 'devices' || local === 'userInfo' || local === 'displayName' ? local : 'elsewhere';
    case 'devices':
      return local === 'devicePresence' ? 'device' : 'elsewhere';
    case 'device':
      return local === 'states' ? 'states' : 'elsewhere';
    case 'userInfo':
      return local === 'states' || local === 'note' || local === 'oof' ? local : 'elsewhere';
    default:
      return 'elsewhere';
  }
}
