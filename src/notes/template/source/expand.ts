import type { BridgeError } from '../../../presence/errors.js';
import { databaseIconText } from '../icons/database-icon.js';
import { legendLines } from './legend.js';
import type { SourceFile } from './source.js';
import { sourceFault } from './source-fault.js';
import { catalogueList, imagesOf, type StatusCatalogue, wordFor } from './statuses.js';
import type { Texts } from './texts.js';

/** A line of the built DXL and the line of the source file it came from; both count from 1. */
export interface MappedLine {
  readonly text: string;
  readonly sourceLine: number;
}

export interface ExpansionInput {
  readonly formulas: ReadonlyMap<string, SourceFile>;
  readonly statuses: StatusCatalogue | undefined;
  readonly texts: Texts;
  readonly language: string;
  /** Version of the product. */
  readonly version: string;
}

export interface Expansion {
  /** Replaces the placeholders of an element's source. Throws `BridgeError` that names file and line. */
  expand(file: SourceFile): MappedLine[];
  /** The same for a file that is no XML, without XML's escapes. */
  expandPlain(file: SourceFile): MappedLine[];
  /** A text of the language, or the words that an entry of the catalogue brings. Throws as `expand` does. */
  textOf(key: string, own: Readonly<Record<string, string>> | undefined, file: SourceFile): string;
  /** Keys of texts and names of formulas that were used so far. */
  readonly usedTexts: ReadonlySet<string>;
  readonly usedFormulas: ReadonlySet<string>;
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;
/** A line that stands for elements and not for text. */
const LEGEND = /^\s*\$\{legend:icons\}\s*$/;
const MAX_DEPTH = 10;
/** Characters of all formulas put in, one inside the other: ten levels of them could give any number. */
const MAX_FILLED = 20_000_000;

/**
 * Fills in what several elements share: `${formula:Name}` is a file of the folder `Formulas`, `${text:key}` a text of
 * the language, `${statuses:keys}` and the like lists of the catalogue of statuses, `${build:version}` the version,
 * `${icon:database}` the icon of the database, and a line `${legend:icons}` shows every icon with its words. Formulas may
 * use them in turn.
 */
export function createExpansion({ formulas, statuses, texts, language, version }: ExpansionInput): Expansion {
  const usedTexts = new Set<string>();
  const usedFormulas = new Set<string>();
  let filledIn = 0;

  type Refuse = (reason: string) => BridgeError;
  const textOf = (key: string, refuse: Refuse, own?: Readonly<Record<string, string>>): string => {
    const text = wordFor(texts, language, key, own);
    if (text === undefined) throw refuse(`the text "${key}" is missing in ${texts.path}`);
    usedTexts.add(key);
    return text;
  };

  const replace = (line: string, at: { file: SourceFile; line: number; depth: number }): string =>
    line.replace(PLACEHOLDER, (_, inner: string) => {
      const refuse = (reason: string): BridgeError => sourceFault(at.file.path, reason, { line: at.line });
      const [kind, name = ''] = inner.split(':');
      if (kind === 'text') return textOf(name, refuse);
      if (inner === 'build:version') return version;
      if (inner === 'icon:database') return databaseIconText();
      const list = statuses && catalogueList(statuses, inner, (key, own) => textOf(key, refuse, own));
      if (list !== undefined) return list;
      if (kind !== 'formula') throw refuse(`"\${${inner}}" is neither a text nor a formula nor a list of statuses`);
      const formula = formulas.get(name);
      if (!formula) throw refuse(`there is no file ${name}.formula in the folder Formulas`);
      if (at.depth >= MAX_DEPTH) throw refuse(`the formula ${name} includes itself`);
      usedFormulas.add(name);
      filledIn += formula.text.length;
      if (filledIn > MAX_FILLED) throw refuse('formulas that include formulas become too long');
      return formula.text
        .trimEnd()
        .split(/\r?\n/)
        .map((text, index) => replace(text, { file: formula, line: index + 1, depth: at.depth + 1 }))
        .join('\n');
    });

  return {
    usedTexts,
    usedFormulas,
    textOf: (key, own, file) => textOf(key, (reason) => sourceFault(file.path, reason, { line: 1 }), own),
    expandPlain: (file) =>
      file.text.split(/\r?\n/).map((line, index) => {
        const text = line.replace(PLACEHOLDER, (placeholder) =>
          replace(placeholder, { file, line: index + 1, depth: 0 }),
        );
        return { text, sourceLine: index + 1 };
      }),
    expand: (file) =>
      file.text.split(/\r?\n/).flatMap((line, index) => {
        if (statuses && LEGEND.test(line)) {
          const refuse = (reason: string): BridgeError => sourceFault(file.path, reason, { line: index + 1 });
          const words = legendLines(imagesOf(statuses), ({ text, words: own }) => escapeXml(textOf(text, refuse, own)));
          return words.map((text) => ({ text, sourceLine: index + 1 }));
        }
        const filled = line.replace(PLACEHOLDER, (placeholder) =>
          escapeXml(replace(placeholder, { file, line: index + 1, depth: 0 })),
        );
        return filled.split('\n').map((text) => ({ text, sourceLine: index + 1 }));
      }),
  };
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll("'", '&apos;');
}
