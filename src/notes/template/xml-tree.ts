import { SaxesParser } from 'saxes';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, not that of children. */
  readonly text: string;
  /** The same children and text in the order of the source; texts are never empty and never neighbours. */
  readonly content: readonly (string | XmlElement)[];
  /** Line of the start tag, and line on which the content begins; both from 1. */
  readonly line: number;
  readonly contentLine: number;
}

export interface XmlLimits {
  /** Characters of the text. */
  readonly length: number;
  readonly depth: number;
  readonly elements: number;
}

export type XmlOutcome =
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly reason: string; readonly line: number };

const LIMITS: XmlLimits = { length: 20_000_000, depth: 100, elements: 200_000 };

class XmlFault extends Error {}

interface OpenElement extends XmlElement {
  attributes: ReadonlyMap<string, string>;
  contentLine: number;
  children: XmlElement[];
  text: string;
  content: (string | XmlElement)[];
}

/** Reads a whole XML text into a tree. A DOCTYPE is refused: nothing outside the text may take part. Never throws. */
export function readXml(source: string, limits: XmlLimits = LIMITS): XmlOutcome {
  if (source.length > limits.length)
    return { ok: false, reason: `the text has more than ${limits.length} characters`, line: 1 };
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;

  parser.on('error', (error) => {
    throw new XmlFault(error.message.replace(/^\d+:\d+: /, ''));
  });
  parser.on('doctype', () => {
    throw new XmlFault('a DOCTYPE must not be there');
  });
  parser.on('opentagstart', (tag) => {
    count += 1;
    if (count > limits.elements) throw new XmlFault(`there are more than ${limits.elements} elements`);
    if (open.length >= limits.depth) throw new XmlFault(`elements are nested deeper than ${limits.depth}`);
    // The reader has taken the character after the name already, which may be a line break.
    const line = parser.columnIndex === 0 ? parser.line - 1 : parser.line;
    open.push({ name: tag.name, attributes: new Map(), children: [], text: '', content: [], line, contentLine: line });
  });
  parser.on('opentag', (tag) => {
    const current = open.at(-1);
    if (!current) return;
    current.attributes = new Map(Object.entries(tag.attributes));
    current.contentLine = parser.line;
  });
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (!current || text === '') return;
    current.text += text;
    const last = current.content.at(-1);
    if (typeof last === 'string') current.content[current.content.length - 1] = last + text;
    else current.content.push(text);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const parent = open.at(-1);
    if (parent) {
      parent.children.push(closed);
      parent.content.push(closed);
    } else root = closed;
  });

  try {
    parser.write(source).close();
  } catch (thrown) {
    if (thrown instanceof XmlFault) return { ok: false, reason: thrown.message, line: parser.line };
    throw thrown;
  }
  return root ? { ok: true, root } : { ok: false, reason: 'there is no element', line: 1 };
}

/** Direct children of a name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Text of a direct child, without blanks around; empty when there is none. */
export function childText(element: XmlElement, name: string): string {
  return childrenOf(element, name)[0]?.text.trim() ?? '';
}

/** The element and everything in it, in document order. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}
