import type { XmlElement } from './xml-tree.js';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for element content and for attributes in double quotes. Characters that XML 1.0 forbids are dropped. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element as text. Attributes that are `undefined` are left out; `content` is XML already. */
export function xml(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(String(value))}"`],
  );
  const inner = content.join('');
  return inner === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${inner}</${name}>`;
}

/** A received element as text again, with the namespace declarations it needs to stand anywhere. */
export function writeXml(element: XmlElement, inherited = ''): string {
  const attributes: Record<string, string> = {};
  if (element.namespace !== inherited) attributes['xmlns'] = element.namespace;
  for (const { name, prefix, namespace, value } of element.attributes) {
    if (prefix !== '' && prefix !== 'xml') attributes[`xmlns:${prefix}`] = namespace;
    attributes[prefix === '' ? name : `${prefix}:${name}`] = value;
  }
  const content = element.children.map((child) =>
    typeof child === 'string' ? escapeXml(child) : writeXml(child, element.namespace),
  );
  return xml(element.name, attributes, ...content);
}
