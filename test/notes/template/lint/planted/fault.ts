import type { LintRule } from '../../../../../src/notes/template/lint/finding.js';
import type { SourceFile, SourceImage, TemplateSource } from '../../../../../src/notes/template/source/source.js';
import { readStatuses } from '../../../../../src/notes/template/source/statuses.js';
import { readTexts } from '../../../../../src/notes/template/source/texts.js';

/** One mistake put into the template's sources, and how it must be found. */
export interface PlantedFault {
  readonly title: string;
  /** File below the template's folder. */
  readonly file: string;
  /** Text that is changed: its first occurrence, or the first one behind `after`. */
  readonly from: string;
  readonly to: string;
  readonly after?: string;
  /** Of the finding. `build` means that the template cannot even be built; then there is no element but the file. */
  readonly rule: LintRule | 'build';
  readonly element?: string;
  readonly reason: RegExp;
  /** File that the finding names, when it is another one. */
  readonly found?: string;
  /** Text on the line that the finding names; without it the line of the change. */
  readonly at?: string;
  readonly language?: 'en' | 'de';
}

export interface Planted {
  readonly source: TemplateSource;
  readonly file: string;
  readonly line: number;
}

/** The sources with the mistake. Throws when the edit changes nothing. */
export function plant(source: TemplateSource, texts: ReadonlyMap<string, string>, fault: PlantedFault): Planted {
  const original = textOf(source, texts, fault.file);
  const start = fault.after === undefined ? 0 : original.indexOf(fault.after);
  const place = original.indexOf(fault.from, start);
  if (start < 0 || place < 0) throw new Error(`${fault.file} has no "${fault.from}"`);
  if (fault.from === fault.to) throw new Error('the edit changes nothing');
  const edited = original.slice(0, place) + fault.to + original.slice(place + fault.from.length);
  const found = fault.found ?? fault.file;
  const named = found === fault.file ? edited : textOf(source, texts, found);
  const marked = fault.at === undefined ? place : named.indexOf(fault.at);
  if (marked < 0) throw new Error(`${found} has no "${fault.at}"`);
  return {
    source: withFile(source, { path: fault.file, text: edited }),
    file: found,
    line: named.slice(0, marked).split('\n').length,
  };
}

/** The sources with a picture of these bytes, which the form of a person shows. */
export function withPicture(source: TemplateSource, name: string, data: Buffer): TemplateSource {
  const metadata = `<imageresource xmlns='http://www.lotus.com/dxl' name='${name}'>\n  <item name='$Comment'><text>\${text:column.status}</text></item>\n</imageresource>`;
  const image: SourceImage = { path: `Resources/Images/${name}.metadata`, text: metadata, data };
  return { ...source, images: [...source.images, image] };
}

function textOf(source: TemplateSource, texts: ReadonlyMap<string, string>, path: string): string {
  const elements = source.elements.flatMap((element) => (element.metadata ? [element, element.metadata] : [element]));
  const files: readonly SourceFile[] = [source.database, ...elements, ...source.formulas.values()];
  const text = files.find((file) => file.path === path)?.text ?? texts.get(path);
  if (text === undefined) throw new Error(`there is no file ${path}`);
  return text;
}

function withFile(source: TemplateSource, file: SourceFile): TemplateSource {
  const swap = <T extends SourceFile>(known: T): T =>
    known.path === file.path ? { ...known, text: file.text } : known;
  return {
    ...source,
    database: swap(source.database),
    elements: source.elements.map((element) =>
      element.metadata ? { ...swap(element), metadata: swap(element.metadata) } : swap(element),
    ),
    formulas: new Map([...source.formulas].map(([name, known]) => [name, swap(known)])),
    statuses: file.path === 'Statuses.json' ? readStatuses(file) : source.statuses,
    languages: new Map(
      [...source.languages].map(([name, known]) => [name, known.path === file.path ? readTexts(file) : known]),
    ),
  };
}
