import { type Html, html } from './html.js';
import type { PreviewWords } from './preview-words.js';

/** Design elements of one kind. */
export interface CatalogueGroup {
  readonly title: string;
  readonly entries: readonly CatalogueEntry[];
}

export interface CatalogueEntry {
  readonly name: string;
  readonly alias: string;
  /** Where it can be looked at. */
  readonly href: string | undefined;
  /** Of a picture: its address, and what a screen reader says. */
  readonly picture: { readonly src: string; readonly meaning: string } | undefined;
}

/** The list of all design elements of a template, hidden ones as well. */
export function catalogueHtml(groups: readonly CatalogueGroup[], words: PreviewWords): Html {
  return html`<div class="catalogue"><h1>${words.design}</h1>
${groups.filter(({ entries }) => entries.length > 0).map((group) => groupHtml(group, words))}</div>`;
}

function groupHtml({ title, entries }: CatalogueGroup, words: PreviewWords): Html {
  const hasPictures = entries.some(({ picture }) => picture !== undefined);
  return html`<section><h2>${title}</h2>
<table><thead><tr>${hasPictures && html`<th scope="col" class="picture">${words.picture}</th>`}<th scope="col">${words.name}</th><th scope="col">${hasPictures ? words.meaning : words.alias}</th></tr></thead>
<tbody>${entries.map((entry) => entryHtml(entry, hasPictures))}</tbody></table></section>
`;
}

function entryHtml({ name, alias, href, picture }: CatalogueEntry, hasPictures: boolean): Html {
  const shown = hasPictures && html`<td>${picture && html`<img src="${picture.src}" alt="">`}</td>`;
  const label = href === undefined ? html`${name}` : html`<a href="${href}">${name}</a>`;
  return html`<tr>${shown}<td>${label}</td><td>${picture ? picture.meaning : alias}</td></tr>
`;
}
