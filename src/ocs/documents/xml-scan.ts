import { isUtf8 } from 'node:buffer';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import type { XmlLimits } from './xml-limits.js';
import { NAMESPACES } from './xml-names.js';
import { referenceEnd, resolveReferences } from './xml-reference.js';
import { hashStep, type Vocabulary } from './xml-vocabulary.js';

/**
 * The quick way through a usual document: one strict pass over its octets, which reports the same events as `readXml`.
 *
 * It accepts only a small part of XML: elements without prefix, attributes, the predefined entities and character
 * references, default namespaces, and the prefixes `xsi` and `xsd` for XML Schema. True means that the document is well-formed
 * and all its events were reported. False means that it holds anything else, or a mistake, or exceeds a limit: then
 * what was reported counts for nothing, and `readXml` must judge. A `BridgeError` of the handler is passed on.
 */
export function scanXml(body: Buffer, vocabulary: Vocabulary, handler: XmlHandler, limits: XmlLimits): boolean {
  if (body.length > limits.bytes || !isUtf8(body)) return false;
  return new Scan(body, vocabulary, handler, limits).run();
}

/** Returned instead of an index. */
const DECLINED = -1;

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
/** First octet of the UTF-8 form of U+FFFE and U+FFFF, which XML forbids, and of other rare characters. */
const LEAD_OF_FFFE = 0xef;

const NAME_START = 1;
const NAME_PART = 2;
const NAME_CLASS = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_') NAME_CLASS[char.charCodeAt(0)] = NAME_START;
for (const char of '0123456789-.') NAME_CLASS[char.charCodeAt(0)] = NAME_PART;

function isNamePart(code: number): boolean {
  return code < 0x80 && NAME_CLASS[code] !== 0;
}

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const DECLARATION = /^<\?xml version=(["'])1\.0\1(?: encoding=(["'])utf-8\2)?\?>/i;

/** How the octets of a value become its text. */
const PLAIN = 0;
const WIDE = 1;
const REFERENCES = 2;

class Scan implements XmlElement {
  local = '';
  namespace = '';

  private readonly body: Buffer;
  /** The octets, one character each. */
  private readonly view: string;
  private readonly vocabulary: Vocabulary;
  private readonly handler: XmlHandler;
  private readonly limits: XmlLimits;

  /** Open elements: where the name stands, the default namespace, and whether `xsi` is declared. */
  private depth = 0;
  private readonly nameStarts: number[] = [];
  private readonly nameEnds: number[] = [];
  private readonly namespaces: string[] = [];
  private readonly schemaInstance: boolean[] = [];
  private elements = 0;

  /** Attributes of the start tag under way. A hash that comes twice is taken for a duplicate. */
  private attributes = 0;
  private readonly hashes: number[] = [];
  private readonly names: string[] = [];
  private readonly prefixed: boolean[] = [];
  private readonly valueStarts: number[] = [];
  private readonly valueEnds: number[] = [];
  private readonly valueForms: number[] = [];
  private usesSchemaInstance = false;

  /** Text of the innermost element, when its handler wants it. */
  private capturing = false;
  private textStart = 0;
  private textEnd = 0;
  private textForm = PLAIN;

  constructor(body: Buffer, vocabulary: Vocabulary, handler: XmlHandler, limits: XmlLimits) {
    this.body = body;
    this.view = body.toString('latin1');
    this.vocabulary = vocabulary;
    this.handler = handler;
    this.limits = limits;
  }

  attribute(local: string, namespace = ''): string | undefined {
    const prefixed = namespace === NAMESPACES.schemaInstance;
    if (namespace !== '' && !prefixed) return undefined;
    for (let index = 0; index < this.attributes; index++) {
      if (this.names[index] === local && this.prefixed[index] === prefixed) {
        return this.decode(this.valueStarts[index] ?? 0, this.valueEnds[index] ?? 0, this.valueForms[index] ?? PLAIN);
      }
    }
    return undefined;
  }

  run(): boolean {
    const view = this.view;
    let at = view.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    if (view.startsWith('<?', at)) at += DECLARATION.exec(view.slice(at, at + 64))?.[0].length ?? 0;
    at = this.skipSpace(at);
    if (view.charCodeAt(at) !== LT) return false;
    at = this.startTag(at + 1);
    while (at !== DECLINED && this.depth > 0) {
      at = this.text(at);
      if (at === DECLINED) return false;
      at = view.charCodeAt(at + 1) === SLASH ? this.endTag(at + 2) : this.startTag(at + 1);
    }
    return at !== DECLINED && this.skipSpace(at) === view.length;
  }

  /** From the first character of the name to behind the `>`. */
  private startTag(start: number): number {
    const view = this.view;
    if (this.capturing || this.depth >= this.limits.depth || ++this.elements > this.limits.elements) return DECLINED;
    const outer = this.depth;
    this.namespaces[outer + 1] = this.namespaces[outer] ?? '';
    this.schemaInstance[outer + 1] = this.schemaInstance[outer] ?? false;
    this.depth = outer + 1;
    this.attributes = 0;
    this.usesSchemaInstance = false;

    if (NAME_CLASS[view.charCodeAt(start)] !== NAME_START) return DECLINED;
    let at = start;
    let hash = 0;
    let code = view.charCodeAt(at);
    for (; isNamePart(code); code = view.charCodeAt(++at)) hash = hashStep(hash, code);
    this.nameStarts[outer] = start;
    this.nameEnds[outer] = at;
    const local = this.vocabulary.find(view, start, at, hash);

    for (;;) {
      const next = this.skipSpace(at);
      code = view.charCodeAt(next);
      const spaced = next > at;
      at = next;
      if (code === GT || code === SLASH) break;
      if (!spaced) return DECLINED;
      at = this.attributeAt(at);
      if (at === DECLINED) return DECLINED;
    }
    const empty = code === SLASH;
    if (empty && view.charCodeAt(++at) !== GT) return DECLINED;
    if (this.usesSchemaInstance && !this.schemaInstance[outer + 1]) return DECLINED;

    this.local = local;
    this.namespace = this.namespaces[outer + 1] ?? '';
    this.capturing = this.handler.open(this);
    if (empty) {
      this.textStart = this.textEnd = at;
      this.close();
    }
    return at + 1;
  }

  /** From the first character of the name to behind the closing quotation mark. */
  private attributeAt(start: number): number {
    const view = this.view;
    if (this.attributes >= this.limits.attributes) return DECLINED;
    let at = start;
    let hash = 0;
    let localStart = start;
    let localHash = 0;
    let code = view.charCodeAt(at);
    if (NAME_CLASS[code] !== NAME_START) return DECLINED;
    for (;;) {
      hash = hashStep(hash, code);
      localHash = hashStep(localHash, code);
      code = view.charCodeAt(++at);
      if (code === COLON) {
        if (localStart !== start || NAME_CLASS[view.charCodeAt(at + 1)] !== NAME_START) return DECLINED;
        hash = hashStep(hash, code);
        localStart = at + 1;
        localHash = 0;
        code = view.charCodeAt(++at);
      } else if (!isNamePart(code)) break;
    }
    const nameEnd = at;
    at = this.skipSpace(at);
    if (view.charCodeAt(at) !== EQUALS) return DECLINED;
    at = this.skipSpace(at + 1);
    const quote = view.charCodeAt(at);
    if (quote !== QUOT && quote !== APOS) return DECLINED;
    const valueStart = ++at;
    let form = PLAIN;
    for (code = view.charCodeAt(at); code !== quote; code = view.charCodeAt(++at)) {
      if (code === AMP) {
        at = referenceEnd(view, at);
        if (at === DECLINED) return DECLINED;
        form |= REFERENCES;
      } else if (code >= 0x80) {
        if (code === LEAD_OF_FFFE) return DECLINED;
        form |= WIDE;
      } else if (!(code >= SPACE) || code === LT) return DECLINED;
    }
    if (at - valueStart > this.limits.text) return DECLINED;

    const index = this.attributes++;
    for (let other = 0; other < index; other++) if (this.hashes[other] === hash) return DECLINED;
    this.hashes[index] = hash;
    this.names[index] = this.vocabulary.find(view, localStart, nameEnd, localHash);
    this.prefixed[index] = localStart !== start;
    this.valueStarts[index] = valueStart;
    this.valueEnds[index] = at;
    this.valueForms[index] = form;
    if (localStart !== start) {
      if (!this.knownPrefix(start, localStart, nameEnd, index)) return DECLINED;
    } else if (nameEnd - start === 5 && view.startsWith('xmlns', start)) {
      if (!this.defaultNamespace(valueStart, at, form)) return DECLINED;
    }
    return at + 1;
  }

  /** `xsi:…`, or the declaration of `xsi` or `xsd` in their usual meaning. */
  private knownPrefix(start: number, localStart: number, end: number, index: number): boolean {
    if (this.view.startsWith('xsi:', start)) {
      this.usesSchemaInstance = true;
      return true;
    }
    if (localStart - start !== 6 || end - localStart !== 3 || !this.view.startsWith('xmlns:', start)) return false;
    const value = this.view.slice(this.valueStarts[index], this.valueEnds[index]);
    this.names[index] = '';
    if (this.view.startsWith('xsd', localStart)) return value === NAMESPACES.schema;
    this.schemaInstance[this.depth] = true;
    return this.view.startsWith('xsi', localStart) && value === NAMESPACES.schemaInstance;
  }

  private defaultNamespace(start: number, end: number, form: number): boolean {
    if (form !== PLAIN) return false;
    let hash = 0;
    for (let at = start; at < end; at++) {
      const code = this.view.charCodeAt(at);
      if (code === SPACE) return false;
      hash = hashStep(hash, code);
    }
    const known = this.vocabulary.find(this.view, start, end, hash);
    this.namespaces[this.depth] = known === '' ? this.view.slice(start, end) : known;
    return known !== '' || !this.view.startsWith('http://www.w3.org/', start);
  }

  /** From the first character of the name to behind the `>`. */
  private endTag(start: number): number {
    const view = this.view;
    const nameStart = this.nameStarts[this.depth - 1] ?? 0;
    const length = (this.nameEnds[this.depth - 1] ?? 0) - nameStart;
    for (let index = 0; index < length; index++) {
      if (view.charCodeAt(start + index) !== view.charCodeAt(nameStart + index)) return DECLINED;
    }
    const at = this.skipSpace(start + length);
    if (view.charCodeAt(at) !== GT) return DECLINED;
    this.close();
    return at + 1;
  }

  private close(): void {
    this.depth--;
    const text = this.capturing ? this.decode(this.textStart, this.textEnd, this.textForm) : '';
    this.capturing = false;
    this.handler.close(text);
  }

  /** To the next `<`. */
  private text(start: number): number {
    const view = this.view;
    let form = PLAIN;
    let at = start;
    for (let code = view.charCodeAt(at); code !== LT; code = view.charCodeAt(++at)) {
      if (code === AMP) {
        at = referenceEnd(view, at);
        if (at === DECLINED) return DECLINED;
        form |= REFERENCES;
      } else if (code >= 0x80) {
        if (code === LEAD_OF_FFFE) return DECLINED;
        form |= WIDE;
      } else if (code === GT) {
        return DECLINED;
      } else if (!(code >= SPACE) && code !== LF && code !== TAB && (code !== CR || this.capturing)) {
        return DECLINED;
      }
    }
    if (at - start > this.limits.text) return DECLINED;
    this.textStart = start;
    this.textEnd = at;
    this.textForm = form;
    return at;
  }

  private skipSpace(start: number): number {
    let at = start;
    for (let code = this.view.charCodeAt(at); code === SPACE || code === LF || code === TAB || code === CR; ) {
      code = this.view.charCodeAt(++at);
    }
    return at;
  }

  /** A string of its own: a slice of the view would keep the whole document in memory for as long as it lives. */
  private decode(start: number, end: number, form: number): string {
    const text = this.body.toString(form & WIDE ? 'utf8' : 'latin1', start, end);
    return form & REFERENCES ? resolveReferences(text) : text;
  }
}
