import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import { CATEGORIES } from './categories.js';
import { type ContentType, parseContentType } from './content-type.js';
import type { DocumentOptions } from './document-options.js';
import { LCS_PRESENCE } from './lcs-presence.js';
import { type BodyPart, MULTIPART_LIMITS, type MultipartLimits, splitMultipart } from './multipart.js';
import { PIDF } from './pidf.js';
import { OTHER_PERSON, refusal } from './refusal.js';
import { RESOURCE_LIST, type ResourceEntry, type ResourceList } from './rlmi.js';
import { atOnce, type Slices } from './slices.js';
import { type DocumentKind, readDocument, readDocumentInSlices } from './xml-document.js';
import { XML_LIMITS, type XmlLimits } from './xml-limits.js';
import { XPIDF } from './xpidf.js';

/** What the body of a NOTIFY, BENOTIFY or of the answer to a SUBSCRIBE said. */
export interface PresenceReading {
  readonly observations: readonly Observation[];
  /** Entries of all resource lists. */
  readonly resources: readonly ResourceEntry[];
  /** Of the outermost resource list, when there is one. */
  readonly list?: ResourceListHead;
  /** What could not be used, each with `details.reason`. */
  readonly refused: readonly BridgeError[];
}

/** Which notification of its subscription a list is, and whether it names everybody (RFC 4662 §5.2). */
export type ResourceListHead = Pick<ResourceList, 'version' | 'fullState'>;

export interface PresenceLimits extends XmlLimits, MultipartLimits {
  /** Levels of multipart bodies inside each other. */
  readonly nesting: number;
}

export const PRESENCE_LIMITS: PresenceLimits = { ...XML_LIMITS, ...MULTIPART_LIMITS, nesting: 3 };

/** What is known beside the body. */
export interface PresenceOptions extends DocumentOptions {
  readonly limits?: PresenceLimits | undefined;
}

const CATEGORIES_TYPE = 'application/msrtc-event-categories+xml';
/** Kinds of documents about one person. */
const KINDS: ReadonlyMap<string, DocumentKind<Observation>> = new Map([
  [CATEGORIES_TYPE, CATEGORIES],
  ['application/pidf+xml', PIDF],
  ['application/xpidf+xml', XPIDF],
  ['text/xml+msrtc.pidf', LCS_PRESENCE],
]);

/** Content types of all documents about one person that are read, the one that says most first; for `Accept`. */
export const PRESENCE_TYPES: readonly string[] = [...KINDS.keys()];

const RESOURCE_LIST_TYPE = 'application/rlmi+xml';
const MULTIPART = 'multipart/related';
/** Transfer encodings that leave the octets as they are (RFC 2045 §6.2). */
const IDENTITY_ENCODINGS: readonly string[] = ['binary', '8bit', '7bit'];
const NO_OPTIONS: PresenceOptions = {};
/** Up to this size a document is read in one step, whatever is in it. */
const USUAL_OCTETS = 16 * 1024;

/**
 * Reads a presence body by its `Content-Type`: a document about one person, a resource list, or `multipart/related`
 * with such parts.
 *
 * Never throws. A part that cannot be used is refused alone and the others count, with one exception: when the
 * resource list of a multipart body is bad, nobody can tell what the parts stand for, and the whole body is refused
 * (RFC 4662 §5). When it is known whom a refused document is about, that person has no state any more: it told of a
 * change that nobody understands. Anybody else who is not heard of in the reading keeps the last state.
 *
 * Who reads for a subscription to one person says so by `options.expected`; for several people there is
 * `onlyExpected`. A part of a multipart body that does not say whom it is about is about the resource that names its
 * Content-ID.
 */
export function readPresence(
  contentType: string,
  body: Buffer,
  options: PresenceOptions = NO_OPTIONS,
): PresenceReading {
  if (isUsual(contentType, body)) return readUsual(body, options);
  return atOnce(readPresenceInSlices(contentType, body, options));
}

/** The same, step by step: a body of megabytes must not hold up the rest of the process. */
export function* readPresenceInSlices(
  contentType: string,
  body: Buffer,
  options: PresenceOptions = NO_OPTIONS,
): Slices<PresenceReading> {
  if (isUsual(contentType, body)) return readUsual(body, options);
  try {
    return yield* readBody(parseContentType(contentType), body, options, 1);
  } catch (thrown) {
    return nothingBut(thrown, options.expected);
  }
}

/** True for most bodies by far: they need neither steps nor their header taken apart. */
function isUsual(contentType: string, body: Buffer): boolean {
  return contentType === CATEGORIES_TYPE && body.length <= USUAL_OCTETS;
}

function readUsual(body: Buffer, options: PresenceOptions): PresenceReading {
  try {
    return readingOf(readDocument(body, CATEGORIES, options));
  } catch (thrown) {
    return nothingBut(thrown, options.expected);
  }
}

function* readBody(
  contentType: ContentType,
  body: Buffer,
  options: PresenceOptions,
  level: number,
): Slices<PresenceReading> {
  if (contentType.type === MULTIPART) return yield* readMultipart(contentType, body, options, level);
  const charset = contentType.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'us-ascii') {
    throw refusal('encoding', 'The body has another character set than UTF-8.');
  }
  const kind = KINDS.get(contentType.type);
  if (kind !== undefined) return readingOf(yield* readDocumentInSlices(body, kind, options));
  if (contentType.type !== RESOURCE_LIST_TYPE) {
    throw refusal('content-type', 'The body has a content type that is not read.');
  }
  const { resources, refused, version, fullState } = yield* readDocumentInSlices(body, RESOURCE_LIST, options);
  return { observations: [], resources, refused, list: { version, fullState } };
}

function readingOf(observation: Observation): PresenceReading {
  return { observations: [observation], resources: [], refused: [] };
}

function* readMultipart(
  contentType: ContentType,
  body: Buffer,
  options: PresenceOptions,
  level: number,
): Slices<PresenceReading> {
  const limits = options.limits ?? PRESENCE_LIMITS;
  if (level > limits.nesting) throw refusal('nesting', 'Multipart bodies are nested too deeply.');
  /** People by the Content-ID of their part, as the list before it tells. */
  const people = new Map<string, SipUri>();
  const observations: Observation[] = [];
  const resources: ResourceEntry[] = [];
  const refused: BridgeError[] = [];
  let list: ResourceListHead | undefined;
  for (const part of splitMultipart(body, contentType.parameters.get('boundary') ?? '', limits)) {
    if (part !== undefined) {
      const reading = yield* readPart(part, options, level, people);
      for (const observation of reading.observations) observations.push(observation);
      for (const resource of reading.resources) resources.push(resource);
      for (const error of reading.refused) refused.push(error);
      list ??= reading.list;
    }
    yield;
  }
  return { observations, resources, refused, ...(list && { list }) };
}

function* readPart(
  part: BodyPart,
  options: PresenceOptions,
  level: number,
  people: Map<string, SipUri>,
): Slices<PresenceReading> {
  const partType = parseContentType(part.headers.get('content-type') ?? 'text/plain');
  // A nested list has a Content-ID, too, but its parts are about the people it lists.
  const person = partType.type === MULTIPART ? undefined : people.get(contentId(part.headers.get('content-id')));
  const expected = options.expected ?? person;
  try {
    const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
    if (!IDENTITY_ENCODINGS.includes(encoding)) {
      throw refusal('transfer-encoding', 'A part is encoded for transfer in a way that is not read.');
    }
    const about = expected === options.expected ? options : { ...options, expected };
    if (isUsualPart(partType, part.body)) return readingOf(readDocument(part.body, CATEGORIES, about));
    const reading = yield* readBody(partType, part.body, about, level + 1);
    for (const { cid, uri } of reading.resources) if (cid !== undefined) people.set(cid, uri);
    return reading;
  } catch (thrown) {
    if (partType.type === RESOURCE_LIST_TYPE) throw thrown;
    return nothingBut(thrown, expected);
  }
}

function isUsualPart({ type, parameters }: ContentType, body: Buffer): boolean {
  return type === CATEGORIES_TYPE && parameters.size === 0 && body.length <= USUAL_OCTETS;
}

/** Without the angle brackets that a list leaves out (RFC 4662 §5.5). */
function contentId(header: string | undefined): string {
  const id = header?.trim() ?? '';
  return id.startsWith('<') || id.endsWith('>') ? id.replace(/^<|>$/g, '') : id;
}

/** `person`: whom the refused document is about, as far as that is known. */
function nothingBut(thrown: unknown, person: SipUri | undefined): PresenceReading {
  const error = BridgeError.from(thrown);
  const isTheirs = person !== undefined && error.details['reason'] !== OTHER_PERSON;
  return { observations: isTheirs ? [{ uri: person, state: null }] : [], resources: [], refused: [error] };
}
