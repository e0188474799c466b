import { isXmlCharacter } from './xml-reference.js';

/** XML text under construction; only `xml` makes it, so that nothing unescaped gets in. */
class XmlFragment {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type { XmlFragment };

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for content and attribute values alike. Characters that XML forbids become U+FFFD. */
export function escapeXml(text: string): string {
  const legal = [...text].map((char) => (isXmlCharacter(char.codePointAt(0) ?? 0) ? char : '\ufffd')).join('');
  return legal
    .replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
    .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * An element. `attributes` are written in their order, those that are `undefined` left out; `xmlns` is one of them.
 * Children are elements, or text, which is escaped.
 */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  children: readonly (XmlFragment | string)[] = [],
): XmlFragment {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  const content = children.map((child) => (typeof child === 'string' ? escapeXml(child) : child.text)).join('');
  return new XmlFragment(content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`);
}
