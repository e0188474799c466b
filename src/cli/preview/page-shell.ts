import { type Html, html } from '../../notes/template/preview/html.js';
import { shellHtml } from '../../notes/template/preview/shell-html.js';
import { navigatorOf } from './navigator.js';
import type { ShownTemplate } from './shown-template.js';

export interface ShellPage {
  /** Name of the page for its script. */
  readonly page: string;
  readonly title: string;
  /** Address of this page, which the navigator marks. */
  readonly path: string;
  readonly actionBar?: Html;
  readonly stylesheets?: readonly string[];
  readonly scripts?: readonly string[];
  readonly content: Html;
}

/** A page of one language in the client's window. */
export function shellPage(shown: ShownTemplate, languages: readonly string[], page: ShellPage): string {
  const { language, words, paths, design, source } = shown;
  const { origin } = source;
  const root = paths.home;
  return shellHtml({
    language,
    languages,
    words,
    paths,
    database: design.title,
    title: page.title,
    navigator: navigatorOf(shown, page.path),
    help: (['about', 'using'] as const).filter((kind) => design[kind] !== undefined),
    actionBar: page.actionBar ?? html``,
    stylesheets: page.stylesheets ?? [],
    scripts: (page.scripts ?? []).map((name) => `/assets/${name}`),
    inLanguage: (other) => `/${encodeURIComponent(other)}/${page.path.slice(root.length)}`,
    source:
      origin === 'sample'
        ? words.sample
        : origin === 'still'
          ? `${words.sample}. ${words.still}.`
          : `${origin.place}. ${words.readOnly}`,
    page: page.page,
    path: page.path,
    content: page.content,
  });
}
