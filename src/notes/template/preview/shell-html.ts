import { type Html, html } from './html.js';
import type { PreviewPaths } from './preview-paths.js';
import type { PreviewWords } from './preview-words.js';

/** An entry of the navigator. */
export interface NavigatorEntry {
  readonly label: string;
  /** Absent for a heading. */
  readonly href: string | undefined;
  readonly level: number;
  readonly isCurrent: boolean;
  /** Address of the picture beside it. */
  readonly image: string | undefined;
}

export interface ShellInput {
  readonly language: string;
  readonly languages: readonly string[];
  readonly words: PreviewWords;
  readonly paths: PreviewPaths;
  /** Title of the database. */
  readonly database: string;
  /** Title of the window, as its tab shows it. */
  readonly title: string;
  readonly navigator: readonly NavigatorEntry[];
  /** Help documents that the template has. */
  readonly help: readonly ('about' | 'using')[];
  /** Buttons above the content. */
  readonly actionBar: Html;
  readonly stylesheets: readonly string[];
  readonly scripts: readonly string[];
  /** Address of this page. */
  readonly path: string;
  /** Address of this page in another language. */
  readonly inLanguage: (language: string) => string;
  /** Said in the status bar: where documents come from. */
  readonly source: string;
  /** Name of the page for the script. */
  readonly page: string;
  readonly content: Html;
}

/** A whole page: the client's window with tab, navigator, action bar and status bar around the content. */
export function shellHtml(input: ShellInput): string {
  const { language, words, paths, database, title } = input;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title} - ${database}</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/window.css">
<link rel="stylesheet" href="/assets/content.css">
${input.stylesheets.map((href) => html`<link rel="stylesheet" href="${href}">\n`)}${input.scripts.map((src) => html`<script type="module" src="${src}"></script>\n`)}</head>
<body data-page="${input.page}" data-events="${paths.events}" data-home="${paths.home}" data-lost="${words.lost}" data-changed="${words.changed}">
<header class="title-bar">
<a class="tab" href="${paths.home}" aria-label="${database}"><img src="/assets/mark.svg" alt="" width="16" height="16"></a>
<div class="tab current"><span class="words">${title}</span></div>
<div class="rest"><span class="preview-mark">${words.preview}</span>${languageSwitch(input)}</div>
</header>
<div class="desk">
<nav class="navigator" aria-label="${words.navigation}">
<p class="database">${database}</p>
<ul class="entries">${input.navigator.map(entryHtml)}</ul>
<ul class="entries own">
${ownEntries(input)}</ul>
</nav>
<main class="main">
<div class="actions" aria-label="${words.actions}">${input.actionBar}</div>
${input.content}
</main>
</div>
<footer class="status-bar"><p id="message" role="status" aria-live="polite"></p><p class="source">${input.source}</p></footer>
</body>
</html>
`.text;
}

function languageSwitch({ language, languages, words, inLanguage }: ShellInput): Html {
  return html`<nav class="languages" aria-label="${words.language}">${languages.map((one) =>
    one === language
      ? html`<span aria-current="true">${one.toUpperCase()}</span>`
      : html`<a href="${inLanguage(one)}" hreflang="${one}" lang="${one}">${one.toUpperCase()}</a>`,
  )}</nav>`;
}

function entryHtml({ label, href, level, isCurrent, image }: NavigatorEntry): Html {
  const picture = image !== undefined && html`<img src="${image}" alt="" width="16" height="16">`;
  const words = html`${picture}<span class="words">${label}</span>`;
  return html`<li class="level${Math.min(level, 5)}">${
    href === undefined
      ? html`<span class="entry heading">${words}</span>`
      : html`<a class="entry" href="${href}"${isCurrent && html` aria-current="page"`}>${words}</a>`
  }</li>
`;
}

/** What the preview adds to the navigator of the template. */
function ownEntries({ navigator, paths, words, path, help }: ShellInput): Html[] {
  const own = [
    [paths.design, words.design] as const,
    ...help.map((kind) => [paths[kind], `${words[kind]} ...`] as const),
  ];
  return own
    .filter(([href]) => !navigator.some((entry) => entry.href === href))
    .map(
      ([
        href,
        label,
      ]) => html`<li><a class="entry" href="${href}"${href === path && html` aria-current="page"`}><span class="words">${label}</span></a></li>
`,
    );
}
