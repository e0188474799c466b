import type { XmlElement } from '../xml-tree.js';
import { type Computed, eventFormula } from './formula-code.js';

/** Where a link, an outline entry or a frame leads. */
export type LinkTarget =
  | { readonly kind: 'url'; readonly address: Computed }
  | {
      readonly kind: 'element';
      /** Kind of the design element: `view`, `page`, `form`, `frameset`, `folder`, `navigator` or `unknown`. */
      readonly type: string;
      readonly name: Computed;
      /** Replica id or special word; empty for the own database. */
      readonly database: string;
    }
  /** A link to a document, view or database by its id, which nothing outside Notes can follow. */
  | { readonly kind: 'id'; readonly element: string };

const LINKS = ['urllink', 'namedelementlink', 'doclink', 'viewlink', 'databaselink'];

export function isLink(element: XmlElement): boolean {
  return LINKS.includes(element.name);
}

/** Reads an element for which `isLink` holds. */
export function readLink(link: XmlElement): LinkTarget {
  const at = (name: string): string => link.attributes.get(name) ?? '';
  const computed = eventFormula(link, 'value');
  if (link.name === 'urllink') return { kind: 'url', address: computed ?? at('href') };
  if (link.name !== 'namedelementlink') return { kind: 'id', element: link.name };
  return { kind: 'element', type: at('type') || 'unknown', name: computed ?? at('name'), database: at('database') };
}

/** The link directly inside an element, such as a frame. */
export function linkIn(element: XmlElement): LinkTarget | undefined {
  const link = element.children.find(isLink);
  return link && readLink(link);
}
