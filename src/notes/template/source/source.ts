import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BridgeError } from '../../../presence/errors.js';
import { sourceFault } from './source-fault.js';
import { readStatuses, type StatusCatalogue } from './statuses.js';
import { readTexts, type Texts } from './texts.js';

/** One design element as text, as it lies in the template's folder. */
export interface SourceFile {
  /** Path below the template's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface SourceImage extends SourceFile {
  /** The picture beside the `.metadata` file. */
  readonly data: Buffer;
}

/** Kinds of design elements, in the order in which an importer should meet them: what is used comes first. */
export const ELEMENT_KINDS = [
  { kind: 'icon', folder: 'Resources/', end: 'IconNote' },
  { kind: 'sharedfield', folder: 'SharedElements/Fields/', end: '.field' },
  { kind: 'sharedcolumn', folder: 'SharedElements/Columns/', end: '.column' },
  { kind: 'scriptlibrary', folder: 'Code/ScriptLibraries/', end: '.lss' },
  { kind: 'sharedactions', folder: 'Code/actions/', end: 'Shared Actions' },
  { kind: 'subform', folder: 'SharedElements/Subforms/', end: '.subform' },
  { kind: 'form', folder: 'Forms/', end: '.form' },
  { kind: 'view', folder: 'Views/', end: '.view' },
  { kind: 'outline', folder: 'SharedElements/Outlines/', end: '.outline' },
  { kind: 'page', folder: 'Pages/', end: '.page' },
  { kind: 'frameset', folder: 'Framesets/', end: '.frameset' },
  { kind: 'agent', folder: 'Code/Agents/', end: '.lsa' },
  { kind: 'about', folder: 'Resources/', end: 'AboutDocument' },
  { kind: 'using', folder: 'Resources/', end: 'UsingDocument' },
  { kind: 'databasescript', folder: 'Code/', end: 'dbscript.lsdb' },
] as const;

export type ElementKind = (typeof ELEMENT_KINDS)[number]['kind'];

export interface SourceElement extends SourceFile {
  readonly kind: ElementKind;
  /** Of a script library: the element around the script, whose text stands in `text`. */
  readonly metadata?: SourceFile;
}

/** A template as it lies on disk, in the layout of an On-Disk Project. */
export interface TemplateSource {
  readonly database: SourceFile;
  /** Pictures that lie there as files, sorted by path; those of statuses are drawn. */
  readonly images: readonly SourceImage[];
  /** In the order of the build: by kind, then by path. */
  readonly elements: readonly SourceElement[];
  /** Formulas that several elements share, by name. */
  readonly formulas: ReadonlyMap<string, SourceFile>;
  readonly statuses: StatusCatalogue | undefined;
  /** All that people read, by language. */
  readonly languages: ReadonlyMap<string, Texts>;
  /** Names of texts and formulas that came with the elements of another template, so need not all be used. */
  readonly borrowed: ReadonlySet<string>;
}

export interface SourceLimits {
  /** Bytes of one file. */
  readonly fileSize: number;
  readonly files: number;
}

const LIMITS: SourceLimits = { fileSize: 1_000_000, files: 500 };

const INCLUDES = 'AppProperties/includes.json';

/**
 * Reads a template's folder. `AppProperties/includes.json` may name another template and those of its elements that
 * belong to this one as well. Throws `BridgeError` (`TEMPLATE_INVALID`) that names the file.
 */
export function readTemplateSource(folder: string, limits: SourceLimits = LIMITS): TemplateSource {
  const own = readFolder(folder, limits);
  const includes = own.includes && readIncludes(own.includes);
  if (!includes) return own.source;
  const other = readFolder(join(folder, includes.from), limits).source;
  const wanted = ({ path }: SourceFile): boolean => includes.paths.some((start) => path.startsWith(start));
  const from = <T extends SourceFile>(file: T): T => ({ ...file, path: `${includes.from}/${file.path}` });
  return {
    ...own.source,
    images: [...other.images.filter(wanted).map(from), ...own.source.images],
    elements: inOrder([...other.elements.filter(wanted).map(from), ...own.source.elements]),
    formulas: new Map([...other.formulas, ...own.source.formulas]),
    statuses: own.source.statuses ?? other.statuses,
    languages: new Map([...own.source.languages].map(([name, texts]) => [name, withTexts(texts, other, name)])),
    borrowed: new Set([
      ...[...other.formulas.keys()].map((name) => `formula ${name}`),
      ...[...other.languages.values()].flatMap(({ entries }) => [...entries.keys()].map((key) => `text ${key}`)),
    ]),
  };
}

function withTexts(own: Texts, other: TemplateSource, language: string): Texts {
  const borrowed = other.languages.get(language)?.entries ?? [];
  return { ...own, entries: new Map([...borrowed, ...own.entries]) };
}

interface Includes {
  /** Folder of the other template, beginning at this one. */
  readonly from: string;
  /** How the paths of its elements begin. */
  readonly paths: readonly string[];
}

const includesSchema = z.strictObject({ from: z.string().min(1), paths: z.array(z.string().min(1)).max(100) });

function readIncludes(file: SourceFile): Includes {
  try {
    return includesSchema.parse(JSON.parse(file.text));
  } catch (cause) {
    throw sourceFault(file.path, 'it must say "from" which folder and which "paths"', { cause });
  }
}

function readFolder(
  folder: string,
  limits: SourceLimits,
): { source: TemplateSource; includes: SourceFile | undefined } {
  const paths = list(folder, limits);
  const read = (path: string): SourceFile => ({ path, text: readBytes(folder, path, limits).toString('utf8') });
  const within = (start: string, end: string): string[] =>
    paths.filter((path) => path.startsWith(start) && path.endsWith(end));

  const groups = {
    database: within('AppProperties/', 'database.properties'),
    includes: within(INCLUDES, ''),
    metadata: within('Resources/Images/', '.metadata'),
    pictures: within('Resources/Images/', '.gif'),
    scripts: within('Code/ScriptLibraries/', '.lss.metadata'),
    formulas: within('Formulas/', '.formula'),
    statuses: within('Statuses.json', ''),
    texts: within('Texts/', '.json'),
  };
  const elements = ELEMENT_KINDS.map(({ kind, folder: place, end }) => ({ kind, paths: within(place, end) }));
  const known = new Set([...Object.values(groups).flat(), ...elements.flatMap((group) => group.paths)]);
  const stranger = paths.find((path) => !known.has(path));
  if (stranger !== undefined) throw sourceFault(stranger, 'this file is no part of a template');
  const [database] = groups.database;
  if (database === undefined) throw sourceFault('AppProperties/database.properties', 'this file is missing');
  const bare = groups.pictures.find((path) => !groups.metadata.includes(`${path}.metadata`));
  if (bare !== undefined) throw sourceFault(bare, 'its .metadata file is missing');
  const [statuses] = groups.statuses;
  const [includes] = groups.includes;

  const source = {
    database: read(database),
    images: groups.metadata.map((path) => {
      const picture = path.slice(0, -'.metadata'.length);
      if (!groups.pictures.includes(picture)) throw sourceFault(path, 'the picture beside it is missing');
      return { ...read(path), data: readBytes(folder, picture, limits) };
    }),
    elements: elements.flatMap(({ kind, paths: found }) =>
      found.map((path): SourceElement => {
        if (kind !== 'scriptlibrary') return { kind, ...read(path) };
        if (!groups.scripts.includes(`${path}.metadata`)) throw sourceFault(path, 'its .metadata file is missing');
        return { kind, ...read(path), metadata: read(`${path}.metadata`) };
      }),
    ),
    formulas: new Map(groups.formulas.map((path) => [stem(path), read(path)])),
    statuses: statuses === undefined ? undefined : readStatuses(read(statuses)),
    languages: new Map(groups.texts.map((path) => [stem(path), readTexts(read(path))])),
    borrowed: new Set<string>(),
  };
  return { source, includes: includes === undefined ? undefined : read(includes) };
}

/** Elements of several templates in the order of the build. */
function inOrder(elements: readonly SourceElement[]): SourceElement[] {
  return ELEMENT_KINDS.flatMap(({ kind }) => elements.filter((element) => element.kind === kind));
}

/** Files below a folder; what begins with a point, and links, are left out. Ends early in a folder that is no template. */
function list(folder: string, limits: SourceLimits): string[] {
  const found: string[] = [];
  const waiting = [''];
  let met = 0;
  try {
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      for (const entry of readdirSync(join(folder, place), { withFileTypes: true })) {
        met += 1;
        if (met > limits.files) throw sourceFault(folder, `it holds more than ${limits.files} files and folders`);
        if (entry.name.startsWith('.')) continue;
        const path = `${place}${entry.name}`;
        if (entry.isDirectory()) waiting.push(`${path}/`);
        else if (entry.isFile()) found.push(path);
      }
    }
  } catch (thrown) {
    if (thrown instanceof BridgeError) throw thrown;
    throw new BridgeError('TEMPLATE_INVALID', `the template's folder cannot be read: ${folder}`, { cause: thrown });
  }
  // Not localeCompare: the order must be the same on every machine.
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function readBytes(folder: string, path: string, limits: SourceLimits): Buffer {
  const file = join(folder, path);
  if (statSync(file).size > limits.fileSize) throw sourceFault(path, `it is larger than ${limits.fileSize} bytes`);
  return readFileSync(file);
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
}
