import { BridgeError } from '../../../presence/errors.js';
import { drawIcon } from '../icons/draw.js';
import { createExpansion, type Expansion, escapeXml, type MappedLine } from './expand.js';
import { numberParagraphs } from './paragraph-numbers.js';
import { scriptSections } from './script-sections.js';
import { fillSharedActions, type SharedActionLines, sharedActionsOf } from './shared-actions.js';
import { fillSharedColumns, sharedColumnOf } from './shared-columns.js';
import {
  readTemplateSource,
  type SourceElement,
  type SourceFile,
  type SourceImage,
  type TemplateSource,
} from './source.js';
import { sourceFault } from './source-fault.js';
import { type CatalogueImage, imagesOf } from './statuses.js';

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

export interface BuildOptions {
  /** Folder of the template's sources. */
  readonly folder: string;
  readonly language: string;
  /** Version of the product, which design properties show. */
  readonly version?: string | undefined;
}

/** What design properties show when nobody says which version this is. */
const NO_VERSION = '0.0.0';

/** Builds one language of the template in `folder`. Throws `BridgeError` (`TEMPLATE_INVALID`) with file and line. */
export function buildTemplate({ folder, language, version }: BuildOptions): BuiltTemplate {
  return buildFromSource(readTemplateSource(folder), language, version);
}

/**
 * Puts a template's elements into one DXL database. Images come first, because an importer resolves what is there.
 */
export function buildFromSource(source: TemplateSource, language: string, version = NO_VERSION): BuiltTemplate {
  const texts = source.languages.get(language);
  if (!texts) {
    const known = [...source.languages.keys()].join(', ');
    throw new BridgeError('TEMPLATE_INVALID', `the template has no language "${language}", only ${known}`);
  }
  const { formulas, statuses } = source;
  const expansion = createExpansion({ formulas, statuses, texts, language, version });
  const database = expansion.expand(source.database);
  const end = database.findLastIndex((line) => line.text.includes('</database>'));
  if (end < 0) throw sourceFault(source.database.path, '"</database>" is missing');

  const assembly = new Assembly();
  assembly.add(source.database, database.slice(0, end));
  // The icon note is one of the few that come even before images.
  const isFirst = ({ kind }: SourceElement): boolean => kind === 'icon';
  for (const file of source.elements.filter(isFirst)) assembly.add(file, elementLines(file, expansion));
  if (statuses) for (const image of imagesOf(statuses)) assembly.add(statuses, drawnImage(image, statuses, expansion));
  for (const image of source.images) assembly.add(image, imageLines(image, expansion));
  const columns = new Map<string, readonly string[]>();
  let actions: SharedActionLines = new Map();
  for (const file of source.elements.filter((element) => !isFirst(element))) {
    if (file.metadata) {
      assembly.add(file, scriptLines(file, file.metadata, expansion));
      continue;
    }
    const lines = elementLines(file, expansion);
    if (file.kind === 'sharedcolumn') columns.set(...sharedColumnOf(file, lines));
    if (file.kind === 'sharedactions') actions = sharedActionsOf(lines);
    // Shared columns and actions stand before what uses them in the order of the build, so all are known by then.
    const filled = fillSharedActions(file, numberParagraphs(lines), actions);
    assembly.add(file, file.kind === 'view' ? fillSharedColumns(file, filled, columns) : filled);
  }
  assembly.close(database[end]?.text ?? '');
  const unusedTexts = [...texts.entries.keys()].filter((key) => !expansion.usedTexts.has(key));
  const unusedFormulas = [...source.formulas.keys()].filter((name) => !expansion.usedFormulas.has(name));
  const unused = [...unusedTexts.map((key) => `text ${key}`), ...unusedFormulas.map((name) => `formula ${name}`)];
  return {
    language,
    dxl: assembly.text(),
    elements: assembly.elements,
    unused: unused.filter((name) => !source.borrowed.has(name)),
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

  add(file: Pick<SourceFile, 'path'>, lines: readonly MappedLine[]): void {
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
  if (!found) throw sourceFault(file.path, `"${NAMESPACE.trim()}" is missing in its root element`);
  return lines.with(root, { ...found, text: found.text.replace(NAMESPACE, '') });
}

/** A script library: its sections within the element of its `.metadata` file. */
function scriptLines(script: SourceFile, metadata: SourceFile, expansion: Expansion): MappedLine[] {
  const lines = elementLines(metadata, expansion);
  const close = lines.findLastIndex(({ text }) => text.includes('</scriptlibrary>'));
  if (close < 0) throw sourceFault(metadata.path, 'it is no script library');
  const expanded = expansion.expandPlain(script);
  const sections = scriptSections(expanded.map(({ text }) => text).join('\n')).flatMap((section): MappedLine[] => {
    const sourceLine = section.firstLine;
    return [
      { text: `  <code event='${section.event}'><lotusscript>${escapeXml(section.lines[0] ?? '')}`, sourceLine },
      ...section.lines.slice(1).map((text, index) => ({ text: escapeXml(text), sourceLine: sourceLine + index + 1 })),
      { text: '</lotusscript></code>', sourceLine: sourceLine + section.lines.length - 1 },
    ];
  });
  // Lines of the element around it lead to the script as well: only its name stands there.
  const around = (line: MappedLine): MappedLine => ({ ...line, sourceLine: 1 });
  return [...lines.slice(0, close).map(around), ...sections, ...lines.slice(close).map(around)];
}

/** The picture of a status. */
function drawnImage({ name, icon, text, words }: CatalogueImage, file: Pick<SourceFile, 'path'>, expansion: Expansion) {
  const label = expansion.textOf(text, words, { ...file, text: '' });
  const element = [
    `<imageresource name='${name}' publicaccess='true'>`,
    `  <item name='$Comment'><text>${escapeXml(label)}</text></item>`,
    '</imageresource>',
  ];
  const lines = element.map((line): MappedLine => ({ text: line, sourceLine: 1 }));
  return withPicture(lines, drawIcon(icon)) ?? [];
}

/** The element of an image's `.metadata` file, with the picture put into it. */
function imageLines(image: SourceImage, expansion: Expansion): MappedLine[] {
  const lines = withPicture(elementLines(image, expansion), image.data);
  if (!lines) throw sourceFault(image.path, 'it is no image resource');
  return lines;
}

function withPicture(lines: readonly MappedLine[], data: Buffer): MappedLine[] | undefined {
  const open = lines.findIndex(({ text }) => text.trimEnd().endsWith('>'));
  const close = lines.findLastIndex(({ text }) => text.includes('</imageresource>'));
  const [openLine, closeLine] = [lines[open], lines[close]];
  if (!openLine || !closeLine) return undefined;
  const base64 = data.toString('base64');
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
      `  <item name='$FileSize'><number>${data.length}</number></item>`,
      "  <item name='$MimeType'><text>image/gif</text></item>",
    ),
    ...lines.slice(close),
  ];
}
