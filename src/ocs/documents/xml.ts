import { isAscii, isUtf8 } from 'node:buffer';
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { BridgeError } from '../../presence/errors.js';
import { refusal } from './refusal.js';
import { atOnce, type Slices } from './slices.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { XML_LIMITS, type XmlLimits } from './xml-limits.js';
import { STRICT, type XmlTolerance } from './xml-tolerance.js';
import { xmlTime } from './xml-values.js';

/** Characters that are read in one step. */
const STEP = 8 * 1024;
/** No name that a handler asks for is longer; what handlers keep of a longer one would cost them at each element. */
const LONGEST_NAME = 64;

/**
 * Reads any document in the UTF-8 form of XML 1.0 with namespaces and reports its elements. Nothing outside the
 * document is ever touched. Throws `OCS_DOCUMENT` with `details.reason` as soon as a guard is hit, in this order:
 * octets, UTF-8, declared encoding, DOCTYPE (refused altogether unless tolerated), counters of `limits`,
 * well-formedness; and what the handler throws.
 */
export function readXml(
  body: Buffer,
  handler: XmlHandler,
  limits: XmlLimits = XML_LIMITS,
  tolerance: XmlTolerance = STRICT,
): void {
  atOnce(readXmlInSlices(body, handler, limits, tolerance));
}

/** The same, step by step. */
export function* readXmlInSlices(
  body: Buffer,
  handler: XmlHandler,
  limits: XmlLimits,
  tolerance: XmlTolerance = STRICT,
): Slices<void> {
  if (body.length > limits.bytes) throw refusal('bytes', `The document is longer than ${limits.bytes} octets.`);
  if (!isUtf8(body)) throw refusal('encoding', 'The document is not valid UTF-8.');
  const parser = new SaxesParser({ xmlns: true, position: false });
  const reader = new GuardedReader(handler, limits);
  parser.on('error', (cause) => {
    throw refusal('not-well-formed', 'The document is not well-formed XML.', cause);
  });
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0') throw refusal('not-well-formed', 'The document declares another version than XML 1.0.');
    if (encoding !== undefined && !isReadable(encoding.toLowerCase(), body, tolerance)) {
      throw refusal('encoding', 'The document declares another encoding than UTF-8.');
    }
  });
  parser.on('doctype', (content) => {
    if (!tolerance.bareDoctype) throw refusal('doctype', 'The document has a DOCTYPE.');
    if (content.includes('[')) throw refusal('doctype', 'The DOCTYPE of the document has an internal subset.');
  });
  parser.on('opentagstart', () => reader.startTag());
  parser.on('attribute', (attribute) => reader.attribute(attribute.value));
  parser.on('opentag', (tag) => reader.open(tag));
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('closetag', () => reader.close());
  try {
    const text = body.toString('utf8');
    for (let at = 0; at < text.length; at += STEP) {
      parser.write(text.slice(at, at + STEP));
      yield;
    }
    parser.close();
  } catch (thrown) {
    if (thrown instanceof BridgeError) throw thrown;
    throw refusal('not-well-formed', 'The document cannot be read as XML.', thrown);
  }
}

function isReadable(encoding: string, body: Buffer, tolerance: XmlTolerance): boolean {
  if (encoding === 'utf-8' || tolerance.misdeclared?.includes(encoding)) return true;
  return tolerance.asciiCompatible?.includes(encoding) === true && isAscii(body);
}

/** Counts, and keeps the text of the elements whose handler wants it. */
class GuardedReader {
  private readonly handler: XmlHandler;
  private readonly limits: XmlLimits;
  private elements = 0;
  private attributes = 0;
  /** Of each open element: the text so far, or `undefined` when it is not wanted. */
  private readonly texts: (string | undefined)[] = [];

  constructor(handler: XmlHandler, limits: XmlLimits) {
    this.handler = handler;
    this.limits = limits;
  }

  startTag(): void {
    this.attributes = 0;
    if (this.texts.length >= this.limits.depth) {
      throw refusal('depth', `The document has more than ${this.limits.depth} levels.`);
    }
    if (++this.elements > this.limits.elements) {
      throw refusal('elements', `The document has more than ${this.limits.elements} elements.`);
    }
  }

  attribute(value: string): void {
    if (++this.attributes > this.limits.attributes) {
      throw refusal('attributes', `An element has more than ${this.limits.attributes} attributes.`);
    }
    if (value.length > this.limits.text) throw this.longText();
  }

  open(tag: SaxesTagNS): void {
    this.texts.push(this.handler.open(new SaxesElement(tag)) === true ? '' : undefined);
  }

  text(text: string): void {
    const before = this.texts.at(-1);
    if ((before?.length ?? 0) + text.length > this.limits.text) throw this.longText();
    if (before !== undefined) this.texts[this.texts.length - 1] = before + text;
  }

  close(): void {
    this.handler.close(this.texts.pop() ?? '');
  }

  private longText(): BridgeError {
    return refusal('text', `A text is longer than ${this.limits.text} characters.`);
  }
}

class SaxesElement implements XmlElement {
  private readonly tag: SaxesTagNS;

  constructor(tag: SaxesTagNS) {
    this.tag = tag;
  }

  get local(): string {
    const { local } = this.tag;
    return local.length > LONGEST_NAME ? '' : local;
  }

  get namespace(): string {
    return this.tag.uri;
  }

  attribute(local: string, namespace = ''): string | undefined {
    const attributes: readonly SaxesAttributeNS[] = Object.values(this.tag.attributes);
    return attributes.find((attribute) => attribute.local === local && attribute.uri === namespace)?.value;
  }

  time(local: string): number | undefined {
    return xmlTime(this.attribute(local));
  }
}
