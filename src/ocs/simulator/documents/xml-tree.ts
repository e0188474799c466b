import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { bad, ok, type Result } from '../../../presence/result.js';

export interface XmlAttribute {
  readonly name: string;
  readonly prefix: string;
  readonly namespace: string;
  readonly value: string;
}

/** An element with its local name; whitespace and text as received. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly (XmlElement | string)[];
}

export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** Reads a whole document. Refuses a DOCTYPE, bytes that are not UTF-8, and whatever goes beyond the limits. */
export function readXml(body: Buffer, limits: XmlLimits): Result<XmlElement> {
  try {
    const root = parse(new TextDecoder('utf-8', { fatal: true }).decode(body), limits);
    return root ? ok(root) : bad('the document is empty');
  } catch (error) {
    return bad(error instanceof Error ? error.message : 'the document cannot be read');
  }
}

function parse(text: string, limits: XmlLimits): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a DOCTYPE is not allowed');
  });
  parser.on('opentag', (tag) => {
    count += 1;
    if (count > limits.elements) throw new Error(`more than ${limits.elements} elements`);
    if (open.length >= limits.depth) throw new Error(`elements nested deeper than ${limits.depth}`);
    const attributes = Object.values(tag.attributes).filter(isData).map(attributeFrom);
    const element: OpenElement = { name: tag.local, namespace: tag.uri, attributes, children: [] };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (piece: string): void => {
    open.at(-1)?.children.push(piece);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return root;
}

function isData(attribute: SaxesAttributeNS): boolean {
  return attribute.uri !== XMLNS;
}

function attributeFrom({ local, prefix, uri, value }: SaxesAttributeNS): XmlAttribute {
  return { name: local, prefix, namespace: uri, value };
}

/** Value of the attribute with this local name. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** Child elements, all or those with this local name. Servers and clients disagree about prefixes, never about names. */
export function elementsOf(element: XmlElement, name?: string): readonly XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** The first element on this path of local names. */
export function elementAt(element: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at && elementsOf(at, name)[0], element);
}

/** Text of the element and everything in it, trimmed. */
export function textOf(element: XmlElement | undefined): string {
  const collect = (at: XmlElement): string =>
    at.children.map((child) => (typeof child === 'string' ? child : collect(child))).join('');
  return element ? collect(element).trim() : '';
}
