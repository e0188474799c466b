import type { SipUri } from '../../presence/ids.js';
import { cleanText, type Observation } from '../../presence/snapshot.js';
import { DEFAULT_LANGUAGES, type DocumentOptions } from './document-options.js';
import { documentPerson } from './document-person.js';
import { chooseText, type LocalisedText } from './localised-text.js';
import { activityOfWord, PIDF_ACTIVITIES } from './pidf-activities.js';
import { type PidfPlace, pidfPlace } from './pidf-places.js';
import { type PidfTuple, stateOfPidf } from './pidf-state.js';
import { refusal } from './refusal.js';
import { contactPriority } from './reported-status.js';
import { type DocumentKind, readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { NAMESPACES } from './xml-names.js';
import type { XmlTolerance } from './xml-tolerance.js';
import { xmlBoolean, xmlTime } from './xml-values.js';
import { Vocabulary } from './xml-vocabulary.js';

/**
 * Reads an `application/pidf+xml` document (RFC 3863) with its extensions for persons and devices (RFC 4479),
 * activities (RFC 4480) and the display name (RFC 4482).
 *
 * It tells the whole presence: a person without a note has none, and one without a status is unknown. Order is a
 * matter of the dialog that carried it, so its timestamps say only since when a status holds. What must be understood
 * and is not makes the document unreadable (RFC 3863 §4.2.3). Throws `OCS_DOCUMENT`.
 */
export function readPidf(body: Buffer, options: DocumentOptions = {}): Observation {
  return readDocument(body, PIDF, options);
}

/** COMPAT(asterisk): it declares ISO-8859-1 and sends ASCII. */
const TOLERANCE: XmlTolerance = { asciiCompatible: ['iso-8859-1', 'us-ascii'] };

const vocabulary = new Vocabulary([
  ...[
    'presence',
    'tuple',
    'status',
    'basic',
    'contact',
    'note',
    'timestamp',
    'person',
    'device',
    'im',
    'open',
    'closed',
  ],
  ...['activities', 'activity', 'other', 'relationship', 'self', 'user-input', 'display-name', 'active', 'idle'],
  ...PIDF_ACTIVITIES,
  ...[NAMESPACES.pidf, NAMESPACES.dataModel, NAMESPACES.rpid, NAMESPACES.cipid, NAMESPACES.pidfInstantMessage],
]);

export const PIDF: DocumentKind<Observation> = {
  vocabulary,
  tolerance: () => TOLERANCE,
  collector: (options) => new PidfCollector(options),
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What stands in one `tuple`, or in everything else. */
interface Scope {
  readonly activities: string[];
  readonly inputs: ('active' | 'idle')[];
  readonly notes: LocalisedText[];
  readonly activityTexts: LocalisedText[];
}

interface OpenTuple extends Scope, Omit<Writable<PidfTuple>, 'activities'> {
  /** How many times it says open or closed: words that contradict each other say nothing. */
  basics: number;
  /** False for the service of somebody else, such as an assistant. */
  self: boolean;
}

function emptyScope(): Scope {
  return { activities: [], inputs: [], notes: [], activityTexts: [] };
}

class PidfCollector implements XmlHandler {
  private readonly options: DocumentOptions;
  private uri: SipUri | undefined;
  private readonly places: PidfPlace[] = ['document'];
  private language = '';

  private tuple: OpenTuple | undefined;
  private readonly tuples: OpenTuple[] = [];
  /** What stands outside tuples; its notes are those of the document. */
  private readonly whole = emptyScope();
  private personChangedAt: number | undefined;
  /** False within activities that hold at another time. */
  private inForce = true;

  private displayName = '';
  private readonly personNotes: LocalisedText[] = [];

  constructor(options: DocumentOptions) {
    this.options = options;
  }

  open(element: XmlElement): boolean {
    const parent = this.places.at(-1) ?? 'elsewhere';
    const place = pidfPlace(element, parent);
    if (parent === 'document' && place !== 'presence')
      throw refusal('namespace', 'The document is not a PIDF document.');
    if ((place === 'foreign' || place === 'elsewhere') && mustBeUnderstood(element)) {
      throw refusal('must-understand', 'The document has an extension that must be understood and is not.');
    }
    this.places.push(place);
    switch (place) {
      case 'presence':
        this.uri = documentPerson(element.attribute('entity'), this.options.expected);
        return false;
      case 'tuple':
        this.tuple = { ...emptyScope(), basic: undefined, basics: 0, priority: 0, self: true, changedAt: undefined };
        return false;
      case 'contact':
        if (this.tuple) this.tuple.priority = contactPriority(element.attribute('priority'));
        return false;
      case 'activities':
        this.inForce = holdsAt(this.options.now, element);
        return false;
      case 'activityName':
        this.addActivity(element.local);
        return false;
      case 'relation':
        if (this.tuple) this.tuple.self = false;
        return false;
      case 'tupleNote':
      case 'note':
      case 'personNote':
      case 'activityText':
        this.language = element.attribute('lang', NAMESPACES.xml) ?? '';
        return true;
      case 'basic':
      case 'activityWord':
      case 'statusWord':
      case 'timestamp':
      case 'personTimestamp':
      case 'userInput':
      case 'displayName':
        return true;
      default:
        return false;
    }
  }

  close(text: string): void {
    const worded = { language: this.language, text };
    const scope = this.tuple ?? this.whole;
    switch (this.places.pop()) {
      case 'tuple':
        if (this.tuple?.self) this.tuples.push(this.tuple);
        this.tuple = undefined;
        return;
      case 'activities':
        this.inForce = true;
        return;
      case 'basic':
        if (this.tuple) addBasic(this.tuple, basicStatus(text.trim().toLowerCase()));
        return;
      case 'statusWord':
        this.addActivity(activityOfWord(text.trim().toLowerCase()));
        return;
      case 'activityWord':
        this.addActivity(text.trim().toLowerCase());
        return;
      case 'timestamp':
        if (this.tuple) this.tuple.changedAt = xmlTime(text.trim());
        return;
      case 'personTimestamp':
        this.personChangedAt = xmlTime(text.trim());
        return;
      case 'userInput':
        scope.inputs.push(text.trim() === 'idle' ? 'idle' : 'active');
        return;
      case 'displayName':
        this.displayName = text;
        return;
      case 'tupleNote':
      case 'note':
        scope.notes.push(worded);
        return;
      case 'personNote':
        this.personNotes.push(worded);
        return;
      case 'activityText':
        if (this.inForce) scope.activityTexts.push(worded);
        return;
    }
  }

  result(): Observation {
    if (this.uri === undefined) throw refusal('namespace', 'The document holds no presence.');
    const { tuples, whole, personChangedAt } = this;
    const inputs = [whole, ...tuples].flatMap((scope) => scope.inputs);
    const verdict = stateOfPidf({ tuples, activities: whole.activities, personChangedAt, inputs });
    const tuple = verdict.tuple === undefined ? undefined : tuples[verdict.tuple];
    const note = this.choose(this.personNotes) ?? this.choose(whole.notes) ?? this.choose(tuple?.notes);
    const activityText = this.choose(whole.activityTexts) ?? this.choose(tuple?.activityTexts);
    const displayName = cleanText(this.displayName);
    const { state } = verdict;
    return {
      uri: this.uri,
      state: state !== null && activityText !== undefined ? { ...state, activityText } : state,
      note: note === undefined ? null : { text: note.trim(), outOfOffice: false },
      ...(displayName && { displayName }),
    };
  }

  private choose(texts: readonly LocalisedText[] = []): string | undefined {
    return chooseText(texts, this.options.languages ?? DEFAULT_LANGUAGES);
  }

  private addActivity(name: string): void {
    if (this.inForce) (this.tuple ?? this.whole).activities.push(name);
  }
}

function addBasic(tuple: OpenTuple, basic: PidfTuple['basic']): void {
  tuple.basic = ++tuple.basics === 1 || basic === tuple.basic ? basic : undefined;
}

function basicStatus(word: string): 'open' | 'closed' | undefined {
  return word === 'open' || word === 'closed' ? word : undefined;
}

/**
 * RFC 3863 §4.2.3. Taken seriously without its prefix too: a sender that forgot it meant the same, and what is not
 * understood must not turn green.
 */
function mustBeUnderstood(element: XmlElement): boolean {
  return xmlBoolean(element.attribute('mustUnderstand', NAMESPACES.pidf) ?? element.attribute('mustUnderstand'));
}

/** True unless the statement says that it holds at other times (RFC 4480 §3.1, `from` and `until`). */
function holdsAt(now: number | undefined, element: XmlElement): boolean {
  if (now === undefined) return true;
  const from = element.time('from');
  const until = element.time('until');
  return (from === undefined || from <= now) && (until === undefined || now < until);
}
