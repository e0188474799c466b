import { BridgeError } from '../../presence/errors.js';
import type { Observation } from '../../presence/snapshot.js';
import { readCategories } from './categories.js';
import { type ContentType, parseContentType } from './content-type.js';
import { MULTIPART_LIMITS, type MultipartLimits, splitMultipart } from './multipart.js';
import { refusal } from './refusal.js';
import { type ResourceEntry, type ResourceList, readResourceList } from './rlmi.js';
import { XML_LIMITS, type XmlLimits } from './xml-limits.js';

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

const CATEGORIES = 'application/msrtc-event-categories+xml';
const RESOURCE_LIST = 'application/rlmi+xml';
const MULTIPART = 'multipart/related';
/** Transfer encodings that leave the octets as they are (RFC 2045 §6.2). */
const IDENTITY_ENCODINGS: readonly string[] = ['binary', '8bit', '7bit'];

/**
 * Reads a presence body by its `Content-Type`: a categories document, a resource list, or `multipart/related` with
 * such parts.
 *
 * Never throws. A part that cannot be used is refused alone and the others count, with one exception: when the
 * resource list of a multipart body is bad, nobody can tell what the parts stand for, and the whole body is refused
 * (RFC 4662 §5). A person who is not heard of in the reading keeps the last state.
 */
export function readPresence(
  contentType: string,
  body: Buffer,
  limits: PresenceLimits = PRESENCE_LIMITS,
): PresenceReading {
  try {
    // Most bodies by far; spares taking the header apart.
    if (contentType === CATEGORIES) return readDocument(CATEGORIES, body, limits);
    return readBody(parseContentType(contentType), body, limits, 1);
  } catch (thrown) {
    return nothingBut(thrown);
  }
}

function readBody(contentType: ContentType, body: Buffer, limits: PresenceLimits, level: number): PresenceReading {
  if (contentType.type === MULTIPART) return readMultipart(contentType, body, limits, level);
  const charset = contentType.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'us-ascii') {
    throw refusal('encoding', 'The body has another character set than UTF-8.');
  }
  return readDocument(contentType.type, body, limits);
}

function readDocument(type: string, body: Buffer, limits: PresenceLimits): PresenceReading {
  if (type === CATEGORIES) return { observations: [readCategories(body, limits)], resources: [], refused: [] };
  if (type === RESOURCE_LIST) {
    const { resources, refused, version, fullState } = readResourceList(body, limits);
    return { observations: [], resources, refused, list: { version, fullState } };
  }
  throw refusal('content-type', 'The body has a content type that is not read.');
}

function readMultipart(contentType: ContentType, body: Buffer, limits: PresenceLimits, level: number): PresenceReading {
  if (level > limits.nesting) throw refusal('nesting', 'Multipart bodies are nested too deeply.');
  const readings = splitMultipart(body, contentType.parameters.get('boundary') ?? '', limits).map((part) => {
    const partType = parseContentType(part.headers.get('content-type') ?? 'text/plain');
    try {
      const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
      if (IDENTITY_ENCODINGS.includes(encoding)) return readBody(partType, part.body, limits, level + 1);
      throw refusal('transfer-encoding', 'A part is encoded for transfer in a way that is not read.');
    } catch (thrown) {
      if (partType.type === RESOURCE_LIST) throw thrown;
      return nothingBut(thrown);
    }
  });
  const list = readings.find((reading) => reading.list !== undefined)?.list;
  return {
    observations: readings.flatMap((reading) => reading.observations),
    resources: readings.flatMap((reading) => reading.resources),
    refused: readings.flatMap((reading) => reading.refused),
    ...(list && { list }),
  };
}

function nothingBut(thrown: unknown): PresenceReading {
  return { observations: [], resources: [], refused: [BridgeError.from(thrown)] };
}
