import { atOnce, type Slices } from './slices.js';
import { readXmlInSlices } from './xml.js';
import type { XmlHandler } from './xml-handler.js';
import type { XmlLimits } from './xml-limits.js';
import { scanXml } from './xml-scan.js';
import type { XmlTolerance } from './xml-tolerance.js';
import type { Vocabulary } from './xml-vocabulary.js';

/** A kind of document: what it is read for, and what collects it. */
export interface DocumentKind<T> {
  /** Element names and namespaces the collector asks for, and values that come often. */
  readonly vocabulary: Vocabulary;
  /** A collector for one document. `result` is asked at the end of the document, and may throw a `BridgeError`. */
  collector(): XmlHandler & { result(): T };
  readonly tolerance?: XmlTolerance;
}

/**
 * Reads a document: the quick way when it is as simple as usual, else with the full XML reader. Both report the same
 * events to the same collector. Throws `OCS_DOCUMENT`.
 */
export function readDocument<T>(body: Buffer, kind: DocumentKind<T>, limits: XmlLimits): T {
  const quick = kind.collector();
  if (scanXml(body, kind.vocabulary, quick, limits)) return quick.result();
  return atOnce(readFully(body, kind, limits));
}

/** The quick way goes in one step, so it is for documents up to this size: twenty times the usual. */
const QUICK_OCTETS = 64 * 1024;

/** The same, step by step. */
export function* readDocumentInSlices<T>(body: Buffer, kind: DocumentKind<T>, limits: XmlLimits): Slices<T> {
  if (body.length <= QUICK_OCTETS) {
    const quick = kind.collector();
    if (scanXml(body, kind.vocabulary, quick, limits)) return quick.result();
    yield;
  }
  return yield* readFully(body, kind, limits);
}

function* readFully<T>(body: Buffer, kind: DocumentKind<T>, limits: XmlLimits): Slices<T> {
  const full = kind.collector();
  yield* readXmlInSlices(body, full, limits, kind.tolerance);
  return full.result();
}
