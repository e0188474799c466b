import { isUtf8 } from 'node:buffer';
import { isNamed, isSame, lettersEnd, octetsOf, plainEnd, WORD } from './octet-words.js';
import { declaredPrefix, isDefaultNamespace } from './xml-declarations.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import type { XmlLimits } from './xml-limits.js';
import { NAMESPACES } from './xml-names.js';
import { prologueEnd } from './xml-prologue.js';
import { referenceEnd, resolveReferences } from './xml-reference.js';
import { timeFrom } from './xml-time.js';
import { xmlTime } from './xml-values.js';
import type { Vocabulary } from './xml-vocabulary.js';

/** Longer documents are not scanned: they are left to `readXml`, which can be interrupted. */
export const SCANNED_OCTETS = 64 * 1024;

/**
 * The quick way through a usual document: one strict pass over its octets, which reports the same events as
 * `readXml`, but for those within elements that the handler passes over.
 *
 * It accepts only a small part of XML: elements without prefix, attributes, the predefined entities and character
 * references, default namespaces, and the prefixes `xsi` and `xsd` for XML Schema. True means that the document is
 * well-formed and all its events were reported. False means that it holds anything else, or a mistake, or exceeds a
 * limit: then what was reported counts for nothing, and `readXml` must judge. A `BridgeError` of the handler is
 * passed on.
 */
export function scanXml(body: Buffer, vocabulary: Vocabulary, handler: XmlHandler, limits: XmlLimits): boolean {
  if (isUnderWay || body.length > Math.min(limits.bytes, SCANNED_OCTETS) || !isUtf8(body)) return false;
  OCTETS.set(body);
  OCTETS[body.length] = END;
  isUnderWay = true;
  try {
    return new Scan(body, vocabulary, handler, limits).run();
  } finally {
    isUnderWay = false;
  }
}

/** A document that a handler reads in the middle of another one is left to `readXml`. */
let isUnderWay = false;

/** Returned instead of an index. */
const DECLINED = -1;

// These stand here because the engine folds constants of the same module only.
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOT = 0x22;
const HASH = 0x23;
const AMP = 0x26;
const APOS = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const LT = 0x3c;
const EQUALS = 0x3d;
const GT = 0x3e;
/** Stands behind the last octet, and may stand nowhere in a document: every loop ends there. */
const END = 0x00;
/** First octet of the UTF-8 form of U+FFFE and U+FFFF, which XML forbids, and of other rare characters. */
const LEAD_OF_FFFE = 0xef;

/**
 * The document under way, and `END`. Copied here because octets in one array that never changes are read twice as fast
 * as those in an array that is another one each time.
 */
const OCTETS = new Uint8Array(SCANNED_OCTETS + WORD);
/** The same, for looking at four octets in one step. */
const WORDS = new DataView(OCTETS.buffer);

/** More levels and attributes than these are never scanned, whatever the limits are. */
const MOST_LEVELS = 64;
const MOST_ATTRIBUTES = 64;
/** Start and end of the name of each open element. */
const NAME_SPANS = new Int32Array(MOST_LEVELS * 2);
/** What is kept of an attribute: start and end of its name, start, end and form of its value. */
const ATTRIBUTE_FACTS = 5;
/** The attributes of the start tag under way. */
const FACTS = new Int32Array(MOST_ATTRIBUTES * ATTRIBUTE_FACTS);

/** Class of an octet that may begin a name, in `NAME_CLASS`; 0 is one that stands in no name. ASCII names only. */
const NAME_START = 1;
const NAME_PART = 2;
const NAME_CLASS = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') NAME_CLASS[char.charCodeAt(0)] = NAME_START;
for (const char of '0123456789-.') NAME_CLASS[char.charCodeAt(0)] = NAME_PART;

/** Octets that mean themselves in text, though `plainEnd` stops at them. */
const IN_TEXT = new Uint8Array(256);
for (const code of [QUOT, HASH, APOS, LF, TAB]) IN_TEXT[code] = 1;

const IS_SPACE = new Uint8Array(256);
for (const code of [SPACE, LF, TAB, CR]) IS_SPACE[code] = 1;

const XMLNS = octetsOf('xmlns');
/** See `marks`. */
const XMLNS_MARK = 1 << ('x'.charCodeAt(0) + 'xmlns'.length);
const XSI = octetsOf('xsi');
const XSI_PREFIX = 'xsi:'.length;

/** How the octets of a text or value become its string. */
const PLAIN = 0;
const WIDE = 1;
const REFERENCES = 2;

class Scan implements XmlElement {
  local = '';
  namespace = '';

  private readonly body: Buffer;
  private readonly vocabulary: Vocabulary;
  private readonly handler: XmlHandler;
  private readonly limits: XmlLimits;

  private depth = 0;
  private elements = 0;
  /** Depth of the open element that the handler passes over; 0 when it hears of everything. */
  private skippedDepth = 0;
  /** Default namespace at each depth, from 0. */
  private readonly namespaces: string[] = [''];
  /** Depth of the outermost open element that declares `xsi`; 0 when none does. */
  private schemaInstanceDepth = 0;

  /** Number of attributes of the start tag under way. */
  private attributes = 0;
  private usesSchemaInstance = false;

  /** The text or value passed over last. */
  private form = PLAIN;
  /** Text of the innermost element, when its handler wants it. */
  private capturing = false;
  private textStart = 0;

  constructor(body: Buffer, vocabulary: Vocabulary, handler: XmlHandler, limits: XmlLimits) {
    this.body = body;
    this.vocabulary = vocabulary;
    this.handler = handler;
    this.limits = limits;
  }

  attribute(local: string, namespace = ''): string | undefined {
    if (namespace !== '' && namespace !== NAMESPACES.schemaInstance) return undefined;
    const base = this.find(local, namespace === '' ? 0 : XSI_PREFIX);
    return base < 0 ? undefined : this.decode(FACTS[base + 2] ?? 0, FACTS[base + 3] ?? 0, FACTS[base + 4] ?? PLAIN);
  }

  time(local: string): number | undefined {
    const base = this.find(local, 0);
    if (base < 0) return undefined;
    if (FACTS[base + 4] === PLAIN) return timeFrom(OCTETS, FACTS[base + 2] ?? 0, FACTS[base + 3] ?? 0);
    return xmlTime(this.attribute(local));
  }

  /** Where the facts about an attribute stand whose prefix is so long; -1 when there is none. */
  private find(local: string, prefix: number): number {
    const { length } = local;
    const all = this.attributes * ATTRIBUTE_FACTS;
    for (let base = 0; base < all; base += ATTRIBUTE_FACTS) {
      const start = (FACTS[base] ?? 0) + prefix;
      // Only `xsi` and `xmlns` are let through as prefixes, and the latter has its colon elsewhere.
      if ((FACTS[base + 1] ?? 0) - start !== length || (prefix > 0 && OCTETS[start - 1] !== COLON)) continue;
      let at = 0;
      while (at < length && OCTETS[start + at] === local.charCodeAt(at)) at++;
      if (at === length) return base;
    }
    return -1;
  }

  run(): boolean {
    let at = skipSpace(prologueEnd(this.body));
    if (OCTETS[at] !== LT) return false;
    at = this.startTag(at + 1);
    while (at !== DECLINED && this.depth > 0) {
      if (OCTETS[at] !== LT) {
        at = this.text(at);
        if (at === DECLINED) return false;
      }
      at = OCTETS[at + 1] === SLASH ? this.endTag(at + 2) : this.startTag(at + 1);
    }
    return at !== DECLINED && skipSpace(at) === this.body.length;
  }

  /** From the first character of the name to behind the `>`. */
  private startTag(start: number): number {
    const { limits, depth } = this;
    if (this.capturing || depth >= limits.depth || depth >= MOST_LEVELS || ++this.elements > limits.elements) {
      return DECLINED;
    }
    if (NAME_CLASS[OCTETS[start] ?? END] !== NAME_START) return DECLINED;
    let at = nameEndFrom(start);
    let code = OCTETS[at] ?? END;
    NAME_SPANS[depth * 2] = start;
    NAME_SPANS[depth * 2 + 1] = at;
    this.depth = depth + 1;
    const reported = this.skippedDepth === 0;
    if (reported) this.namespaces[depth + 1] = this.namespaces[depth] ?? '';

    const nameEnd = at;
    if (code !== GT) {
      at = this.attributesFrom(at);
      if (at === DECLINED) return DECLINED;
      code = OCTETS[at] ?? END;
    } else this.attributes = 0;
    const empty = code === SLASH;
    if (empty && OCTETS[++at] !== GT) return DECLINED;

    if (reported) {
      this.local = this.vocabulary.find(WORDS, start, nameEnd) ?? '';
      this.namespace = this.namespaces[depth + 1] ?? '';
      const wanted = this.handler.open(this);
      if (wanted === 'skip') this.skippedDepth = depth + 1;
      else this.capturing = wanted;
      this.textStart = at + 1;
      this.form = PLAIN;
    }
    if (empty) this.close(at + 1);
    return at + 1;
  }

  /** From behind the name of the element to the `>` or `/` that ends its attributes. */
  private attributesFrom(start: number): number {
    const most = Math.min(this.limits.attributes, MOST_ATTRIBUTES);
    const longest = this.limits.text;
    let count = 0;
    /** Bits of the names so far: only a name whose bit is set can be there already. */
    let marks = 0;
    this.usesSchemaInstance = false;
    let at = start;
    for (;;) {
      let code = OCTETS[at] ?? END;
      if (code === GT || code === SLASH) break;
      if (IS_SPACE[code] !== 1) return DECLINED;
      do code = OCTETS[++at] ?? END;
      while (IS_SPACE[code] === 1);
      if (code === GT || code === SLASH) break;

      const nameStart = at;
      if (count >= most || NAME_CLASS[code] !== NAME_START) return DECLINED;
      at = nameEndFrom(at);
      code = OCTETS[at] ?? END;
      let colon = 0;
      if (code === COLON) {
        colon = at;
        code = OCTETS[++at] ?? END;
        if (NAME_CLASS[code] !== NAME_START) return DECLINED;
        at = nameEndFrom(at);
        code = OCTETS[at] ?? END;
      }
      const nameEnd = at;
      const mark = 1 << ((OCTETS[nameStart] ?? END) + nameEnd - nameStart);
      if ((marks & mark) !== 0 && isRepeated(nameStart, nameEnd, count)) return DECLINED;
      marks |= mark;

      let quote = OCTETS[++at] ?? END;
      if (code !== EQUALS || quote !== QUOT) {
        at = skipSpace(nameEnd);
        if (OCTETS[at] !== EQUALS) return DECLINED;
        at = skipSpace(at + 1);
        quote = OCTETS[at] ?? END;
        if (quote !== QUOT && quote !== APOS) return DECLINED;
      }
      const valueStart = at + 1;
      let form = PLAIN;
      at = plainEnd(WORDS, valueStart);
      if (OCTETS[at] !== quote) {
        at = this.unusualValue(at, quote);
        if (at === DECLINED) return DECLINED;
        form = this.form;
      }
      if (at - valueStart > longest) return DECLINED;
      const base = count++ * ATTRIBUTE_FACTS;
      FACTS[base] = nameStart;
      FACTS[base + 1] = nameEnd;
      FACTS[base + 2] = valueStart;
      FACTS[base + 3] = at;
      FACTS[base + 4] = form;
      if (colon > 0) {
        if (!this.knownPrefix(nameStart, colon, nameEnd, valueStart, at)) return DECLINED;
      } else if (mark === XMLNS_MARK && isNamed(WORDS, nameStart, nameEnd, XMLNS)) {
        if (!this.defaultNamespace(valueStart, at, form)) return DECLINED;
      }
      at++;
    }
    this.attributes = count;
    return this.usesSchemaInstance && this.schemaInstanceDepth === 0 ? DECLINED : at;
  }

  /** From the first octet that does not mean itself to the closing quotation mark. */
  private unusualValue(start: number, quote: number): number {
    let at = start;
    this.form = PLAIN;
    for (; ; at++) {
      at = plainEnd(WORDS, at);
      const code = OCTETS[at] ?? END;
      if (code === quote) return at;
      if (code === HASH || code === QUOT || code === APOS || code === GT) continue;
      at = this.unusual(at, code);
      if (at === DECLINED) return DECLINED;
    }
  }

  /** To the next `<`. */
  private text(start: number): number {
    let at = start;
    this.form = PLAIN;
    for (; ; at++) {
      at = plainEnd(WORDS, at);
      const code = OCTETS[at] ?? END;
      if (code === LT) break;
      // A carriage return would have to be read as a line feed (XML 1.0 §2.11).
      if (IN_TEXT[code] === 1 || (code === CR && !this.capturing)) continue;
      at = this.unusual(at, code);
      if (at === DECLINED) return DECLINED;
    }
    return at - start > this.limits.text ? DECLINED : at;
  }

  /** To the last octet of the reference, or of the part of a character, that begins here. */
  private unusual(at: number, code: number): number {
    if (code === AMP) {
      this.form |= REFERENCES;
      return referenceEnd(this.body, at);
    }
    this.form |= WIDE;
    return code >= 0x80 && code !== LEAD_OF_FFFE ? at : DECLINED;
  }

  /** `xsi:…`, or the declaration of `xsi` or `xsd` in their usual meaning. */
  private knownPrefix(start: number, colon: number, end: number, valueStart: number, valueEnd: number): boolean {
    if (isNamed(WORDS, start, colon, XSI)) {
      this.usesSchemaInstance = true;
      return true;
    }
    const prefix = declaredPrefix(WORDS, start, end, valueStart, valueEnd);
    if (prefix === 'xsi' && this.schemaInstanceDepth === 0) this.schemaInstanceDepth = this.depth;
    return prefix !== undefined;
  }

  private defaultNamespace(start: number, end: number, form: number): boolean {
    if (this.skippedDepth === 0) {
      const known = this.vocabulary.find(WORDS, start, end);
      this.namespaces[this.depth] = known ?? this.body.toString('latin1', start, end);
      if (known !== undefined) return true;
    }
    return form === PLAIN && isDefaultNamespace(WORDS, start, end);
  }

  /** From the first character of the name to behind the `>`. */
  private endTag(start: number): number {
    const span = (this.depth - 1) * 2;
    const name = NAME_SPANS[span] ?? 0;
    const length = (NAME_SPANS[span + 1] ?? 0) - name;
    if (!isSame(WORDS, start, WORDS, name, length)) return DECLINED;
    let at = start + length;
    if (OCTETS[at] !== GT) {
      at = skipSpace(at);
      if (OCTETS[at] !== GT) return DECLINED;
    }
    this.close(start - 2);
    return at + 1;
  }

  private close(textEnd: number): void {
    const depth = this.depth--;
    if (depth <= this.schemaInstanceDepth) this.schemaInstanceDepth = 0;
    if (this.skippedDepth !== 0) {
      if (depth > this.skippedDepth) return;
      this.skippedDepth = 0;
    }
    const text = this.capturing ? this.decode(this.textStart, textEnd, this.form) : '';
    this.capturing = false;
    this.handler.close(text);
  }

  private decode(start: number, end: number, form: number): string {
    const known = form === PLAIN ? this.vocabulary.find(WORDS, start, end) : undefined;
    if (known !== undefined) return known;
    const text = this.body.toString(form & WIDE ? 'utf8' : 'latin1', start, end);
    return form & REFERENCES ? resolveReferences(text) : text;
  }
}

/** From within a name to its end. */
function nameEndFrom(start: number): number {
  let at = lettersEnd(WORDS, start);
  while (NAME_CLASS[OCTETS[at] ?? END] !== 0) at++;
  return at;
}

function skipSpace(start: number): number {
  let at = start;
  while (IS_SPACE[OCTETS[at] ?? END] === 1) at++;
  return at;
}

/** True when one of the first `count` attributes has this name. */
function isRepeated(start: number, end: number, count: number): boolean {
  for (let base = 0; base < count * ATTRIBUTE_FACTS; base += ATTRIBUTE_FACTS) {
    const other = FACTS[base] ?? 0;
    if ((FACTS[base + 1] ?? 0) - other === end - start && isSame(WORDS, start, WORDS, other, end - start)) return true;
  }
  return false;
}
