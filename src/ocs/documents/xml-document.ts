import type { DocumentOptions } from './document-options.js';
import { atOnce, type Slices } from './slices.js';
import { readXmlInSlices } from './xml.js';
import type { XmlHandler } from './xml-handler.js';
import { XML_LIMITS } from './xml-limits.js';
import { SCANNED_OCTETS, scanXml } from './xml-scan.js';
import type { XmlTolerance } from './xml-tolerance.js';
import type { Vocabulary } from './xml-vocabulary.js';

/** A kind of document: what it is read for, and what collects it. Made once: the engine is quicker for it. */
export interface DocumentKind<T> {
  /** Element names and namespaces the collector asks for, and values that come often. */
  readonly vocabulary: Vocabulary;
  /** A collector for one document. `result` is asked at the end of the document, and may throw a `BridgeError`. */
  collector(options: DocumentOptions): XmlHandler & { result(): T };
  tolerance?(options: DocumentOptions): XmlTolerance;
}

/**
 * Reads a document: the quick way when it is as simple as usual, else with the full XML reader. Both report the same
 * events to the same collector. Throws `OCS_DOCUMENT`.
 */
export function readDocument<T>(body: Buffer, kind: DocumentKind<T>, options: DocumentOptions): T {
  const quick = kind.collector(options);
  if (scanXml(body, kind.vocabulary, quick, options.limits ?? XML_LIMITS)) return quick.result();
  return atOnce(readFully(body, kind, options));
}

/** The same, step by step. */
export function* readDocumentInSlices<T>(body: Buffer, kind: DocumentKind<T>, options: DocumentOptions): Slices<T> {
  if (body.length <= SCANNED_OCTETS) {
    const quick = kind.collector(options);
    if (scanXml(body, kind.vocabulary, quick, options.limits ?? XML_LIMITS)) return quick.result();
    yield;
  }
  return yield* readFully(body, kind, options);
}

function* readFully<T>(body: Buffer, kind: DocumentKind<T>, options: DocumentOptions): Slices<T> {
  const full = kind.collector(options);
  yield* readXmlInSlices(body, full, options.limits ?? XML_LIMITS, kind.tolerance?.(options));
  return full.result();
}
