import { isUtf8 } from 'node:buffer';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import type { XmlLimits } from './xml-limits.js';
import { NAMESPACES } from './xml-names.js';
import { prologueEnd } from './xml-prologue.js';
import { referenceEnd, resolveReferences } from './xml-reference.js';
import type { Vocabulary } from './xml-vocabulary.js';

/**
 * The quick way through a usual document: one strict pass over its octets, which reports the same events as
 * `readXml`.
 *
 * It accepts only a small part of XML: elements without prefix, attributes, the predefined entities and character
 * references, default namespaces, and the prefixes `xsi` and `xsd` for XML Schema. True means that the document is
 * well-formed and all its events were reported. False means that it holds anything else, or a mistake, or exceeds a
 * limit: then what was reported counts for nothing, and `readXml` must judge. A `BridgeError` of the handler is
 * passed on.
 */
export function scanXml(body: Buffer, vocabulary: Vocabulary, handler: XmlHandler, limits: XmlLimits): boolean {
  if (body.length > limits.bytes || !isUtf8(body)) return false;
  const tables = spareTables ?? { nameSpans: [], namespaces: [''], attributes: [] };
  spareTables = undefined;
  try {
    return new Scan(body, vocabulary, handler, limits, tables).run();
  } finally {
    spareTables = tables;
  }
}

/** What a scan notes down. It says nothing any more once the scan is over. */
interface Tables {
  /** Start and end of the name of each open element. */
  readonly nameSpans: number[];
  /** Default namespace at each depth, from 0. */
  readonly namespaces: string[];
  /** `ATTRIBUTE_FACTS` numbers of each attribute of the start tag under way. */
  readonly attributes: number[];
}

/** The tables of the scan before: new ones for each document would be most of the memory that it costs. */
let spareTables: Tables | undefined;

/** Returned instead of an index. */
const DECLINED = -1;

// These stand here because the engine folds constants of the same module only.
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOT = 0x22;
const AMP = 0x26;
const APOS = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const LT = 0x3c;
const EQUALS = 0x3d;
const GT = 0x3e;
const LETTER_X = 0x78;
/** What is read behind the last octet. It may stand nowhere in a document. */
const END = 0x00;
/** First octet of the UTF-8 form of U+FFFE and U+FFFF, which XML forbids, and of other rare characters. */
const LEAD_OF_FFFE = 0xef;

/** Class of an octet that may begin a name, in `NAME_CLASS`; 0 is one that stands in no name. ASCII names only. */
const NAME_START = 1;
const NAME_PART = 2;
const NAME_CLASS = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') NAME_CLASS[char.charCodeAt(0)] = NAME_START;
for (const char of '0123456789-.') NAME_CLASS[char.charCodeAt(0)] = NAME_PART;

/** Octets that may stand anywhere in text and values and mean themselves. */
const PLAIN_OCTET = new Uint8Array(256).fill(1, SPACE, 0x80);
for (const code of [QUOT, AMP, APOS, LT, GT]) PLAIN_OCTET[code] = 0;

/** How the octets of a text or value become its string. */
const PLAIN = 0;
const WIDE = 1;
const REFERENCES = 2;

const SCHEMA_INSTANCE_PREFIX = 'xsi:';

/** What is kept of an attribute: start and end of its name, start, end and form of its value. */
const ATTRIBUTE_FACTS = 5;

class Scan implements XmlElement {
  local = '';
  namespace = '';

  private readonly body: Buffer;
  private readonly vocabulary: Vocabulary;
  private readonly handler: XmlHandler;
  private readonly limits: XmlLimits;

  private depth = 0;
  private elements = 0;
  private readonly nameSpans: number[];
  private readonly namespaces: string[];
  /** Depth of the outermost open element that declares `xsi`; 0 when none does. */
  private schemaInstanceDepth = 0;

  /** Number of attributes of the start tag under way. */
  private attributes = 0;
  private readonly facts: number[];
  private usesSchemaInstance = false;

  /** The text or value passed over last. */
  private form = PLAIN;
  /** Text of the innermost element, when its handler wants it. */
  private capturing = false;
  private textStart = 0;
  private textEnd = 0;
  private textForm = PLAIN;

  constructor(body: Buffer, vocabulary: Vocabulary, handler: XmlHandler, limits: XmlLimits, tables: Tables) {
    this.body = body;
    this.vocabulary = vocabulary;
    this.handler = handler;
    this.limits = limits;
    this.nameSpans = tables.nameSpans;
    this.namespaces = tables.namespaces;
    this.facts = tables.attributes;
  }

  attribute(local: string, namespace = ''): string | undefined {
    if (namespace !== '' && namespace !== NAMESPACES.schemaInstance) return undefined;
    const prefix = namespace === '' ? 0 : SCHEMA_INSTANCE_PREFIX.length;
    const facts = this.facts;
    const all = this.attributes * ATTRIBUTE_FACTS;
    for (let base = 0; base < all; base += ATTRIBUTE_FACTS) {
      const start = facts[base] ?? 0;
      if (!this.isNamed(local, start + prefix, facts[base + 1] ?? 0)) continue;
      if (prefix === 0 || this.isNamed(SCHEMA_INSTANCE_PREFIX, start, start + prefix)) {
        return this.decode(facts[base + 2] ?? 0, facts[base + 3] ?? 0, facts[base + 4] ?? PLAIN);
      }
    }
    return undefined;
  }

  private isNamed(name: string, start: number, end: number): boolean {
    if (end - start !== name.length) return false;
    for (let at = start; at < end; at++) if (this.body[at] !== name.charCodeAt(at - start)) return false;
    return true;
  }

  run(): boolean {
    const body = this.body;
    let at = this.skipSpace(prologueEnd(body));
    if (body[at] !== LT) return false;
    at = this.startTag(at + 1);
    while (at !== DECLINED && this.depth > 0) {
      at = this.text(at);
      if (at === DECLINED) return false;
      at = body[at + 1] === SLASH ? this.endTag(at + 2) : this.startTag(at + 1);
    }
    return at !== DECLINED && this.skipSpace(at) === body.length;
  }

  /** From the first character of the name to behind the `>`. */
  private startTag(start: number): number {
    const body = this.body;
    if (this.capturing || this.depth >= this.limits.depth || ++this.elements > this.limits.elements) return DECLINED;
    const outer = this.depth++;
    this.namespaces[this.depth] = this.namespaces[outer] ?? '';
    this.attributes = 0;
    this.usesSchemaInstance = false;

    let at = start;
    let code = body[at] ?? END;
    if (NAME_CLASS[code] !== NAME_START) return DECLINED;
    while (NAME_CLASS[code] !== 0) code = body[++at] ?? END;
    this.nameSpans[outer * 2] = start;
    this.nameSpans[outer * 2 + 1] = at;
    const local = this.vocabulary.find(body, start, at) ?? '';

    while (code !== GT && code !== SLASH) {
      const next = this.skipSpace(at);
      code = body[next] ?? END;
      if (code !== GT && code !== SLASH) {
        if (next === at) return DECLINED;
        at = this.attributeAt(next);
        if (at === DECLINED) return DECLINED;
        code = body[at] ?? END;
      } else {
        at = next;
      }
    }
    if (this.usesSchemaInstance && this.schemaInstanceDepth === 0) return DECLINED;
    const empty = code === SLASH;
    if (empty && body[++at] !== GT) return DECLINED;

    this.local = local;
    this.namespace = this.namespaces[this.depth] ?? '';
    this.capturing = this.handler.open(this);
    if (empty) {
      this.textStart = this.textEnd = at;
      this.close();
    }
    return at + 1;
  }

  /** From the first character of the name to behind the closing quotation mark. */
  private attributeAt(start: number): number {
    const body = this.body;
    const index = this.attributes;
    if (index >= this.limits.attributes) return DECLINED;
    let at = start;
    let code = body[at] ?? END;
    if (NAME_CLASS[code] !== NAME_START) return DECLINED;
    while (NAME_CLASS[code] !== 0) code = body[++at] ?? END;
    let colon = 0;
    if (code === COLON) {
      colon = at;
      code = body[++at] ?? END;
      if (NAME_CLASS[code] !== NAME_START) return DECLINED;
      while (NAME_CLASS[code] !== 0) code = body[++at] ?? END;
    }
    if (this.isRepeated(start, at)) return DECLINED;
    const facts = this.facts;
    const base = index * ATTRIBUTE_FACTS;
    facts[base] = start;
    facts[base + 1] = at;
    // Only names that begin so declare or use a prefix, or the default namespace.
    const name = body[start] === LETTER_X ? this.vocabulary.find(body, start, at) : undefined;

    at = this.skipSpace(at);
    if (body[at] !== EQUALS) return DECLINED;
    at = this.skipSpace(at + 1);
    const quote = body[at] ?? END;
    if (quote !== QUOT && quote !== APOS) return DECLINED;
    const valueStart = at + 1;
    at = this.value(valueStart, quote);
    if (at === DECLINED) return DECLINED;
    facts[base + 2] = valueStart;
    facts[base + 3] = at;
    facts[base + 4] = this.form;
    this.attributes = index + 1;

    if (colon > 0) {
      if (!this.knownPrefix(start, colon, name, this.vocabulary.find(body, valueStart, at))) return DECLINED;
    } else if (name === 'xmlns' && !this.defaultNamespace(valueStart, at)) return DECLINED;
    return at + 1;
  }

  /** True when the start tag under way has an attribute of this name already. */
  private isRepeated(start: number, end: number): boolean {
    const { body, facts } = this;
    const all = this.attributes * ATTRIBUTE_FACTS;
    for (let base = 0; base < all; base += ATTRIBUTE_FACTS) {
      const other = facts[base] ?? 0;
      if ((facts[base + 1] ?? 0) - other !== end - start) continue;
      let at = start;
      while (at < end && body[at] === body[other + at - start]) at++;
      if (at === end) return true;
    }
    return false;
  }

  /** From behind the opening to the closing quotation mark. */
  private value(start: number, quote: number): number {
    const body = this.body;
    let at = start;
    this.form = PLAIN;
    for (; ; at++) {
      while (PLAIN_OCTET[body[at] ?? END] === 1) at++;
      const code = body[at] ?? END;
      if (code === quote) return at - start > this.limits.text ? DECLINED : at;
      if (code === QUOT || code === APOS || code === GT) continue;
      at = this.unusual(at, code);
      if (at === DECLINED) return DECLINED;
    }
  }

  /** To the next `<`. */
  private text(start: number): number {
    const body = this.body;
    let at = start;
    this.form = PLAIN;
    for (; ; at++) {
      while (PLAIN_OCTET[body[at] ?? END] === 1) at++;
      const code = body[at] ?? END;
      if (code === LT) break;
      if (code === QUOT || code === APOS || code === LF || code === TAB) continue;
      // A carriage return would have to be read as a line feed (XML 1.0 §2.11).
      if (code === CR && !this.capturing) continue;
      at = this.unusual(at, code);
      if (at === DECLINED) return DECLINED;
    }
    if (at - start > this.limits.text) return DECLINED;
    this.textStart = start;
    this.textEnd = at;
    this.textForm = this.form;
    return at;
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
  private knownPrefix(start: number, colon: number, name: string | undefined, value: string | undefined): boolean {
    if (name === 'xmlns:xsd') return value === NAMESPACES.schema;
    if (name === 'xmlns:xsi') {
      if (this.schemaInstanceDepth === 0) this.schemaInstanceDepth = this.depth;
      return value === NAMESPACES.schemaInstance;
    }
    this.usesSchemaInstance = true;
    return this.isNamed('xsi', start, colon);
  }

  private defaultNamespace(start: number, end: number): boolean {
    const known = this.vocabulary.find(this.body, start, end);
    if (known !== undefined) {
      this.namespaces[this.depth] = known;
      return true;
    }
    const uri = this.body.toString('latin1', start, end);
    this.namespaces[this.depth] = uri;
    return this.form === PLAIN && !uri.includes(' ') && !uri.startsWith('http://www.w3.org/');
  }

  /** From the first character of the name to behind the `>`. */
  private endTag(start: number): number {
    const body = this.body;
    const span = (this.depth - 1) * 2;
    const end = this.nameSpans[span + 1] ?? 0;
    let at = start;
    for (let name = this.nameSpans[span] ?? 0; name < end; name++, at++) {
      if (body[at] !== body[name]) return DECLINED;
    }
    at = this.skipSpace(at);
    if (body[at] !== GT) return DECLINED;
    this.close();
    return at + 1;
  }

  private close(): void {
    this.depth--;
    if (this.depth < this.schemaInstanceDepth) this.schemaInstanceDepth = 0;
    const text = this.capturing ? this.decode(this.textStart, this.textEnd, this.textForm) : '';
    this.capturing = false;
    this.handler.close(text);
  }

  private skipSpace(start: number): number {
    const body = this.body;
    let at = start;
    for (let code = body[at]; code === SPACE || code === LF || code === TAB || code === CR; ) code = body[++at];
    return at;
  }

  private decode(start: number, end: number, form: number): string {
    const known = form === PLAIN ? this.vocabulary.find(this.body, start, end) : undefined;
    if (known !== undefined) return known;
    const text = this.body.toString(form & WIDE ? 'utf8' : 'latin1', start, end);
    return form & REFERENCES ? resolveReferences(text) : text;
  }
}
