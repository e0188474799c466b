import type { SipUri } from '../../presence/ids.js';
import { cleanText, type Observation } from '../../presence/snapshot.js';
import type { DocumentOptions } from './document-options.js';
import { documentPerson } from './document-person.js';
import { refusal } from './refusal.js';
import {
  contactPriority,
  mostReachable,
  type Reachability,
  type ReportedStatus,
  reportedState,
} from './reported-status.js';
import { type DocumentKind, readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import type { XmlTolerance } from './xml-tolerance.js';
import { Vocabulary } from './xml-vocabulary.js';

/**
 * Reads an `application/xpidf+xml` document (MS-SIP §2.2.2 and appendix B, after an early draft of PIDF): addresses in
 * atoms, with `status` and Microsoft's finer `msnsubstatus`. It tells the whole presence. Throws `OCS_DOCUMENT`.
 */
export function readXpidf(body: Buffer, options: DocumentOptions = {}): Observation {
  return readDocument(body, XPIDF, options);
}

/** COMPAT(asterisk): it declares ISO-8859-1 and sends ASCII. */
const TOLERANCE: XmlTolerance = { asciiCompatible: ['iso-8859-1', 'us-ascii'] };

const UNKNOWN: ReportedStatus = { status: 'unknown', activity: '' };

const STATUS_BY_WORD: ReadonlyMap<string, ReportedStatus> = new Map<string, ReportedStatus>([
  ['open', { status: 'available', activity: '' }],
  ['inuse', { status: 'busy', activity: '' }],
  ['inactive', { status: 'away', activity: '' }],
  ['closed', { status: 'offline', activity: '' }],
]);

const STATUS_BY_SUBSTATUS: ReadonlyMap<string, ReportedStatus> = new Map<string, ReportedStatus>([
  ['unknown', UNKNOWN],
  ['online', { status: 'available', activity: '' }],
  ['idle', { status: 'available-idle', activity: '' }],
  ['busy', { status: 'busy', activity: '' }],
  ['onthephone', { status: 'busy', activity: 'on-the-phone' }],
  ['berightback', { status: 'be-right-back', activity: 'be-right-back' }],
  ['away', { status: 'away', activity: 'away' }],
  ['outtolunch', { status: 'away', activity: 'out-to-lunch' }],
  // COMPAT(asterisk): not a word of MS-SIP.
  ['offline', { status: 'offline', activity: '' }],
]);

const vocabulary = new Vocabulary([
  ...['presence', 'presentity', 'display', 'atom', 'address', 'status', 'msnsubstatus', 'note'],
  ...STATUS_BY_WORD.keys(),
  ...STATUS_BY_SUBSTATUS.keys(),
]);

export const XPIDF: DocumentKind<Observation> = {
  vocabulary,
  tolerance: ({ bareDoctype = false }) => ({ ...TOLERANCE, bareDoctype }),
  collector: (options) => new XpidfCollector(options),
};

type Place = 'document' | 'presence' | 'atom' | 'address' | 'status' | 'note' | 'elsewhere';

interface Address {
  readonly priority: number;
  status: ReportedStatus | undefined;
  substatus: ReportedStatus | undefined;
}

class XpidfCollector implements XmlHandler {
  private readonly options: DocumentOptions;
  private readonly places: Place[] = ['document'];
  private uri: SipUri | undefined;
  private displayName = '';
  private note = '';
  private readonly addresses: Address[] = [];

  constructor(options: DocumentOptions) {
    this.options = options;
  }

  open(element: XmlElement): boolean {
    const parent = this.places.at(-1) ?? 'elsewhere';
    const place = placeOf(element, parent);
    this.places.push(place);
    const address = this.addresses.at(-1);
    if (place === 'address') {
      const priority = contactPriority(element.attribute('priority'));
      this.addresses.push({ priority, status: undefined, substatus: undefined });
    } else if (parent === 'presence' && element.local === 'presentity') {
      this.uri ??= documentPerson(element.attribute('uri'), this.options.expected);
    } else if (parent === 'presence' && element.local === 'display') {
      this.displayName = element.attribute('name') ?? '';
    } else if (parent === 'address' && address !== undefined) {
      if (element.local === 'status') address.status ??= meaningOf(element.attribute('status'), STATUS_BY_WORD);
      if (element.local === 'msnsubstatus') {
        address.substatus ??= meaningOf(element.attribute('substatus'), STATUS_BY_SUBSTATUS);
      }
    }
    return place === 'note';
  }

  close(text: string): void {
    if (this.places.pop() === 'note') this.note ||= text.trim();
  }

  result(): Observation {
    const uri = this.uri ?? documentPerson(undefined, this.options.expected);
    const ways = this.addresses.flatMap(reachability);
    const decisive = mostReachable(ways);
    const displayName = cleanText(this.displayName);
    return {
      uri,
      state: decisive ? reportedState(decisive) : null,
      note: this.note === '' ? null : { text: this.note, outOfOffice: false },
      ...(displayName && { displayName }),
    };
  }
}

function placeOf(element: XmlElement, parent: Place): Place {
  const { local, namespace } = element;
  switch (parent) {
    case 'document':
      if (local === 'presence' && namespace === '') return 'presence';
      throw refusal('namespace', 'The document is not an XPIDF document.');
    case 'presence':
      return local === 'atom' || local === 'status' ? local : 'elsewhere';
    case 'atom':
      return local === 'address' ? 'address' : 'elsewhere';
    case 'address':
      return local === 'status' ? 'status' : 'elsewhere';
    case 'status':
      return local === 'note' ? 'note' : 'elsewhere';
    default:
      return 'elsewhere';
  }
}

/** A word that nobody knows says "unknown": what is not understood must not turn green. `undefined` without a word. */
function meaningOf(
  attribute: string | undefined,
  meanings: ReadonlyMap<string, ReportedStatus>,
): ReportedStatus | undefined {
  const word = attribute?.trim().toLowerCase() ?? '';
  return word === '' ? undefined : (meanings.get(word) ?? UNKNOWN);
}

/** None when there is neither word. */
function reachability({ priority, status, substatus }: Address): (Reachability & ReportedStatus)[] {
  const reported = status === undefined ? substatus : finer(status, substatus);
  return reported ? [{ ...reported, priority, open: reported.status !== 'offline' }] : [];
}

/** The finer word decides, but it opens nothing that is closed, and "online" adds nothing. */
function finer(status: ReportedStatus, substatus: ReportedStatus | undefined): ReportedStatus {
  if (substatus === undefined || status.status === 'offline' || substatus.status === 'available') return status;
  return substatus.status === 'unknown' && status.status !== 'available' ? status : substatus;
}
