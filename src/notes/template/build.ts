import { BridgeError } from '../../presence/errors.js';
import { createExpansion, type Expansion, type MappedLine } from './expand.js';
import { readTemplateSource, type SourceFile, type SourceImage, type TemplateSource } from './source.js';

/** Where one source file stands in the built DXL. */
export interface BuiltElement {
  /** Path below the template's folder. */
  readonly file: string;
  /** First line in the DXL, from 1. */
  readonly firstLine: number;
  /** For each of its lines in the DXL the line in the source file. */
  readonly sourceLines: readonly number[];
}

export interface BuiltTemplate {
  readonly language: string;
  /** One importable database. The same sources give the same bytes. */
  readonly dxl: string;
  readonly elements: readonly BuiltElement[];
  /** Texts and shared formulas that no element uses. */
  readonly unused: readonly string[];
}

const NAMESPACE = " xmlns='http://www.lotus.com/dxl'";
const BASE64_WIDTH = 76;

/** Builds one language of the template in `folder`. Throws `BridgeError` (`TEMPLATE_INVALID`) with file and line. */
export function buildTemplate({ folder, language }: { folder: string; language: string }): BuiltTemplate {
  return buildFromSource(readTemplateSource(folder), language);
}

/**
 * Puts a template's elements into one DXL database. Images come first, because an importer resolves what is there.
 */
export function buildFromSource(source: TemplateSource, language: string): BuiltTemplate {
  const texts = source.languages.get(language);
  if (!texts) {
    const known = [...source.languages.keys()].join(', ');
    throw new BridgeError('TEMPLATE_INVALID', `the template has no language "${language}", only ${known}`);
  }
  const expansion = createExpansion({ formulas: source.formulas, texts });
  const database = expansion.expand(source.database);
  const end = database.findLastIndex((line) => line.text.includes('</database>'));
  if (end < 0) throw new BridgeError('TEMPLATE_INVALID', `${source.database.path}: "</database>" is missing`);

  const assembly = new Assembly();
  assembly.add(source.database, database.slice(0, end));
  for (const image of source.images) assembly.add(image, imageLines(image, expansion));
  for (const file of [...source.forms, ...source.views, ...source.agents])
    assembly.add(file, elementLines(file, expansion));
  assembly.close(database[end]?.text ?? '');
  const unusedTexts = [...texts.entries.keys()].filter((key) => !expansion.usedTexts.has(key));
  const unusedFormulas = [...source.formulas.keys()].filter((name) => !expansion.usedFormulas.has(name));
  return {
    language,
    dxl: assembly.text(),
    elements: assembly.elements,
    unused: [...unusedTexts.map((key) => `text ${key}`), ...unusedFormulas.map((name) => `formula ${name}`)],
  };
}

/** Source file and line of a line of the DXL. */
export function locate(
  template: Pick<BuiltTemplate, 'elements'>,
  dxlLine: number,
): { readonly file: string; readonly line: number } | undefined {
  for (const { file, firstLine, sourceLines } of template.elements) {
    const line = sourceLines[dxlLine - firstLine];
    if (line !== undefined) return { file, line };
  }
  return undefined;
}

class Assembly {
  readonly elements: BuiltElement[] = [];
  readonly #lines: string[] = [];

  add(file: SourceFile, lines: readonly MappedLine[]): void {
    const sourceLines = lines.map((line) => line.sourceLine);
    this.elements.push({ file: file.path, firstLine: this.#lines.length + 1, sourceLines });
    for (const { text } of lines) this.#lines.push(text);
  }

  /** The line that ends the database. */
  close(line: string): void {
    this.#lines.push(line);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** An element without what only a file of its own has: XML declaration, namespace, empty lines at the end. */
function elementLines(file: SourceFile, expansion: Expansion): MappedLine[] {
  const lines = expansion.expand(file).filter(({ text }) => !text.startsWith('<?xml') && text.trim() !== '');
  const root = lines.findIndex(({ text }) => text.includes(NAMESPACE));
  const found = lines[root];
  if (!found)
    throw new BridgeError('TEMPLATE_INVALID', `${file.path}: "${NAMESPACE.trim()}" is missing in its root element`);
  return lines.with(root, { ...found, text: found.text.replace(NAMESPACE, '') });
}

/** The element of an image's `.metadata` file, with the picture put into it. */
function imageLines(image: SourceImage, expansion: Expansion): MappedLine[] {
  const lines = elementLines(image, expansion);
  const open = lines.findIndex(({ text }) => text.trimEnd().endsWith('>'));
  const close = lines.findLastIndex(({ text }) => text.includes('</imageresource>'));
  const [openLine, closeLine] = [lines[open], lines[close]];
  if (!openLine || !closeLine) throw new BridgeError('TEMPLATE_INVALID', `${image.path}: it is no image resource`);
  const base64 = image.data.toString('base64');
  const rows = Array.from({ length: Math.ceil(base64.length / BASE64_WIDTH) }, (_, row) =>
    base64.slice(row * BASE64_WIDTH, (row + 1) * BASE64_WIDTH),
  );
  const at = (line: MappedLine, ...texts: string[]): MappedLine[] => texts.map((text) => ({ ...line, text }));
  return [
    ...lines.slice(0, open + 1),
    ...at(openLine, '  <gif>', ...rows, '  </gif>'),
    ...lines.slice(open + 1, close),
    ...at(
      closeLine,
      `  <item name='$FileSize'><number>${image.data.length}</number></item>`,
      "  <item name='$MimeType'><text>image/gif</text></item>",
    ),
    ...lines.slice(close),
  ];
}
