import type { XmlElement } from '../xml-tree.js';

/** How a design element can be called. */
export interface ElementNames {
  /** What people read. */
  readonly title: string;
  /** First alias, or the title when there is none. */
  readonly alias: string;
  /** Title and all aliases. */
  readonly names: readonly string[];
}

export function elementNames(element: XmlElement): ElementNames {
  const title = element.attributes.get('name') ?? '';
  const aliases = (element.attributes.get('alias') ?? '').split('|').filter((alias) => alias !== '');
  return { title, alias: aliases[0] ?? title, names: [...new Set([title, ...aliases])] };
}

/** The element of that title or alias; case does not matter. */
export function findNamed<T extends Pick<ElementNames, 'names'>>(elements: readonly T[], name: string): T | undefined {
  const wanted = name.trim().toLowerCase();
  return elements.find(({ names }) => names.some((own) => own.toLowerCase() === wanted));
}
