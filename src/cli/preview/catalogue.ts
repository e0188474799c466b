import type { CatalogueEntry, CatalogueGroup } from '../../notes/template/preview/catalogue-html.js';
import type { ElementGroup } from '../../notes/template/preview/preview-words.js';
import { childrenOf } from '../../notes/template/xml-tree.js';
import type { ShownTemplate } from './shown-template.js';

interface Named {
  readonly title: string;
  readonly alias: string;
}

/** All design elements of a template, with the addresses of those that can be looked at. */
export function catalogueOf({ design, paths, root, words }: ShownTemplate): CatalogueGroup[] {
  const list = (named: readonly Named[], href?: (alias: string) => string): CatalogueEntry[] =>
    named.map(({ title, alias }) => ({
      name: title,
      alias: alias === title ? '' : alias,
      href: href?.(alias),
      picture: undefined,
    }));
  const elements = (kind: string): Named[] =>
    childrenOf(root, kind).map(({ attributes }) => {
      const title = attributes.get('name') ?? '';
      return { title, alias: attributes.get('alias') || title };
    });
  const groups: readonly (readonly [ElementGroup, readonly CatalogueEntry[]])[] = [
    [
      'views',
      list(
        design.views.filter(({ isHidden }) => !isHidden),
        paths.view,
      ),
    ],
    [
      'hiddenViews',
      list(
        design.views.filter(({ isHidden }) => isHidden),
        paths.view,
      ),
    ],
    ['forms', list(design.forms, paths.form)],
    ['subforms', list(design.subforms, paths.subform)],
    ['sharedColumns', list(elements('sharedcolumn'))],
    ['pages', list(design.pages, paths.page)],
    ['framesets', list(design.framesets)],
    ['outlines', list(design.outlines)],
    ['agents', list(elements('agent'))],
    ['libraries', list(elements('scriptlibrary'))],
    ['pictures', [...design.images].map(([name, { label }]) => pictureEntry(name, paths.image(name), label))],
  ];
  return groups.map(([kind, entries]) => ({ title: words.kinds[kind], entries }));
}

function pictureEntry(name: string, src: string, meaning: string): CatalogueEntry {
  return { name, alias: '', href: undefined, picture: { src, meaning } };
}
