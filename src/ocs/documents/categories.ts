import { ACTIVITIES } from '../../presence/availability.js';
import type { SipUri } from '../../presence/ids.js';
import { cleanText, type Observation, type ObservedNote, type ObservedState } from '../../presence/snapshot.js';
import { DEFAULT_LCIDS, type DocumentOptions } from './document-options.js';
import { documentPerson } from './document-person.js';
import { chooseText, type LocalisedText } from './localised-text.js';
import { refusal } from './refusal.js';
import { type DocumentKind, readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { NAMESPACES } from './xml-names.js';
import { xmlInteger } from './xml-values.js';
import { Vocabulary } from './xml-vocabulary.js';

/**
 * Reads an `application/msrtc-event-categories+xml` document about one person (MS-PRES, categories): the state the
 * server aggregated, the note, and the display name of the contact card; all else is passed over.
 *
 * A category that is named without content says "no data" and becomes `null`. Of several instances of one category
 * the newest publication counts. A state without a readable number is kept as number 0, which every reader takes for
 * unknown. Throws `OCS_DOCUMENT`.
 */
export function readCategories(body: Buffer, options: DocumentOptions = {}): Observation {
  return readDocument(body, CATEGORIES, options);
}

type Place =
  | 'document'
  | 'categories'
  | 'stateCategory'
  | 'state'
  | 'availability'
  | 'activity'
  | 'custom'
  | 'noteCategory'
  | 'note'
  | 'body'
  | 'cardCategory'
  | 'card'
  | 'identity'
  | 'name'
  | 'displayName'
  | 'elsewhere';

/** One instance of a category, with what its content said. */
interface Instance<T> {
  readonly publishedAt: number | undefined;
  readonly content: T;
}

const UNREADABLE_AVAILABILITY = 0;
/** Type of most notes. */
const PERSONAL = 'personal';
/** Type of an out-of-office message that is not in force. */
const EXPIRED = 'expired';

const vocabulary = new Vocabulary([
  ...['categories', 'category', 'state', 'availability', 'activity', 'custom', 'note', 'body'],
  ...['contactCard', 'identity', 'name', 'displayName'],
  ...[NAMESPACES.categories, NAMESPACES.state, NAMESPACES.note, NAMESPACES.contactCard],
  ...['aggregateState', PERSONAL, 'OOF', ...ACTIVITIES],
  ...['3500', '5000', '6500', '7500', '8999', '9500', '12500', '15500', '18500', ...DEFAULT_LCIDS.map(String)],
]);

export const CATEGORIES: DocumentKind<Observation> = {
  vocabulary,
  collector: (options) => new CategoriesCollector(options),
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

class CategoriesCollector implements XmlHandler {
  private readonly options: DocumentOptions;
  private uri: SipUri | undefined;
  private readonly places: Place[] = ['document'];

  private publishedAt: number | undefined;
  /** True once the category under way has any content. */
  private filled = false;
  private readonly cleared = { state: false, note: false };

  private state: Writable<ObservedState> | undefined;
  /** How many numbers the state under way has: those that contradict each other are none. */
  private numbers = 0;
  /** How many activities it has; the first one counts. */
  private activities = 0;
  /** Wordings of that activity, and the language of the one under way. */
  private customTexts: LocalisedText[] | undefined;
  private customLanguage = '';
  private noteType = '';

  private newestState: Instance<ObservedState> | undefined;
  private newestNote: Instance<string> | undefined;
  private newestOutOfOffice: Instance<string> | undefined;
  private newestCard: Instance<string> | undefined;

  constructor(options: DocumentOptions) {
    this.options = options;
  }

  open(element: XmlElement): boolean | 'skip' {
    const place = placeOf(element, this.places[this.places.length - 1] ?? 'elsewhere');
    this.places.push(place);
    switch (place) {
      case 'categories':
        this.uri = documentPerson(element.attribute('uri'), this.options.expected);
        return false;
      case 'stateCategory':
      case 'noteCategory':
      case 'cardCategory':
        this.publishedAt = element.time('publishTime');
        this.filled = false;
        return false;
      case 'state':
        this.filled = true;
        this.numbers = 0;
        this.activities = 0;
        this.customTexts = undefined;
        this.state = { availability: UNREADABLE_AVAILABILITY, activity: '' };
        if (this.publishedAt !== undefined) this.state.publishedAt = this.publishedAt;
        return false;
      case 'activity':
        if (++this.activities === 1) this.activity(element);
        return false;
      case 'custom':
        this.customLanguage = element.attribute('LCID') ?? '';
        return this.activities === 1;
      case 'body':
        this.filled = true;
        this.noteType = element.attribute('type') ?? PERSONAL;
        if (this.noteType !== PERSONAL) this.noteType = this.noteType.toUpperCase();
        if (this.noteType === 'OOF' && !this.isInForce(element)) this.noteType = EXPIRED;
        return true;
      case 'elsewhere':
        this.filled = true;
        return 'skip';
      case 'availability':
      case 'displayName':
        return true;
      default:
        return false;
    }
  }

  close(text: string): void {
    switch (this.places.pop()) {
      case 'availability':
        if (this.state) this.availability(this.state, xmlInteger(text) ?? UNREADABLE_AVAILABILITY);
        return;
      case 'custom':
        if (this.activities !== 1) return;
        this.customTexts ??= [];
        this.customTexts.push({ language: this.customLanguage, text });
        return;
      case 'state':
        if (this.state && this.customTexts) this.chooseActivityText(this.state, this.customTexts);
        if (this.state) this.newestState = newer(this.newestState, this.publishedAt, this.state);
        return;
      case 'body':
        if (this.noteType === 'OOF') this.newestOutOfOffice = newer(this.newestOutOfOffice, this.publishedAt, text);
        else if (this.noteType === EXPIRED) this.cleared.note = true;
        else this.newestNote = newer(this.newestNote, this.publishedAt, text);
        return;
      case 'displayName':
        this.newestCard = newer(this.newestCard, this.publishedAt, text);
        return;
      case 'stateCategory':
        if (!this.filled) this.cleared.state = true;
        return;
      case 'noteCategory':
        if (!this.filled) this.cleared.note = true;
        return;
    }
  }

  result(): Observation {
    if (this.uri === undefined) throw refusal('namespace', 'The document holds no categories.');
    const observation: Writable<Observation> = { uri: this.uri };
    if (this.newestState) observation.state = this.newestState.content;
    else if (this.cleared.state) observation.state = null;
    const note = this.note();
    if (note !== undefined) observation.note = note;
    const displayName = this.newestCard && cleanText(this.newestCard.content);
    if (displayName) observation.displayName = displayName;
    return observation;
  }

  /** The personal note, or else the text of the out-of-office message; the flag when there is such a message. */
  private note(): ObservedNote | null | undefined {
    const personal = this.newestNote?.content.trim() ? this.newestNote : undefined;
    const shown = personal ?? this.newestOutOfOffice ?? this.newestNote;
    if (shown === undefined) return this.cleared.note ? null : undefined;
    const note: Writable<ObservedNote> = { text: shown.content, outOfOffice: this.newestOutOfOffice !== undefined };
    const times = [this.newestNote?.publishedAt, this.newestOutOfOffice?.publishedAt].filter((at) => at !== undefined);
    if (times.length > 0) note.publishedAt = Math.max(...times);
    return note;
  }

  /** False for an out-of-office message whose time is over or has not come. */
  private isInForce(element: XmlElement): boolean {
    const { now } = this.options;
    if (now === undefined) return true;
    const start = element.time('startTime');
    const end = element.time('endTime');
    return (start === undefined || start <= now) && (end === undefined || now < end);
  }

  private availability(state: Writable<ObservedState>, number: number): void {
    const agrees = ++this.numbers === 1 || number === state.availability;
    state.availability = agrees ? number : UNREADABLE_AVAILABILITY;
  }

  private chooseActivityText(state: Writable<ObservedState>, texts: readonly LocalisedText[]): void {
    const text = chooseText(texts, (this.options.lcids ?? DEFAULT_LCIDS).map(String));
    if (text !== undefined) state.activityText = text;
  }

  private activity(element: XmlElement): void {
    const state = this.state;
    if (state === undefined) return;
    state.activity = element.attribute('token') ?? '';
    const lowest = xmlInteger(element.attribute('minAvailability'));
    const highest = xmlInteger(element.attribute('maxAvailability'));
    if (lowest !== undefined) state.minAvailability = lowest;
    if (highest !== undefined) state.maxAvailability = highest;
  }
}

/** Where an element stands, seen from the place of its parent. */
function placeOf(element: XmlElement, parent: Place): Place {
  const { local, namespace } = element;
  switch (parent) {
    case 'document':
      if (local === 'categories' && namespace === NAMESPACES.categories) return 'categories';
      throw refusal('namespace', 'The document is not a categories document.');
    case 'categories':
      return local === 'category' && namespace === NAMESPACES.categories
        ? categoryPlace(element.attribute('name'))
        : 'elsewhere';
    case 'stateCategory':
      return local === 'state' && namespace === NAMESPACES.state && isAggregate(element) ? 'state' : 'elsewhere';
    case 'state':
      if (namespace !== NAMESPACES.state) return 'elsewhere';
      return local === 'availability' || local === 'activity' ? local : 'elsewhere';
    case 'activity':
      return local === 'custom' && namespace === NAMESPACES.state ? 'custom' : 'elsewhere';
    case 'noteCategory':
      return local === 'note' && namespace === NAMESPACES.note ? 'note' : 'elsewhere';
    case 'note':
      return local === 'body' && namespace === NAMESPACES.note ? 'body' : 'elsewhere';
    case 'cardCategory':
      return local === 'contactCard' && namespace === NAMESPACES.contactCard ? 'card' : 'elsewhere';
    case 'card':
      return local === 'identity' && namespace === NAMESPACES.contactCard ? 'identity' : 'elsewhere';
    case 'identity':
      return local === 'name' && namespace === NAMESPACES.contactCard ? 'name' : 'elsewhere';
    case 'name':
      return local === 'displayName' && namespace === NAMESPACES.contactCard ? 'displayName' : 'elsewhere';
    default:
      return 'elsewhere';
  }
}

function categoryPlace(name: string | undefined): Place {
  switch (name) {
    case 'state':
      return 'stateCategory';
    case 'note':
      return 'noteCategory';
    case 'contactCard':
      return 'cardCategory';
    default:
      return 'elsewhere';
  }
}

/** The server's aggregate is the only state meant for watchers; a type that is left out is taken for it. */
function isAggregate(state: XmlElement): boolean {
  const type = state.attribute('type', NAMESPACES.schemaInstance);
  return type === undefined || type.slice(type.indexOf(':') + 1) === 'aggregateState';
}

/** Of two instances the one published later; the later one in the document when that cannot be told. */
function newer<T>(before: Instance<T> | undefined, publishedAt: number | undefined, content: T): Instance<T> {
  const older = before !== undefined && (publishedAt ?? Number.POSITIVE_INFINITY) < (before.publishedAt ?? 0);
  return older ? before : { publishedAt, content };
}
