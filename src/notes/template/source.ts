import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../presence/errors.js';
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

/** A template as it lies on disk, in the layout of an On-Disk Project. */
export interface TemplateSource {
  readonly database: SourceFile;
  /** Sorted by path. */
  readonly images: readonly SourceImage[];
  readonly forms: readonly SourceFile[];
  readonly views: readonly SourceFile[];
  readonly agents: readonly SourceFile[];
  /** Formulas that several elements share, by name. */
  readonly formulas: ReadonlyMap<string, SourceFile>;
  /** All that people read, by language. */
  readonly languages: ReadonlyMap<string, Texts>;
}

export interface SourceLimits {
  /** Bytes of one file. */
  readonly fileSize: number;
  readonly files: number;
}

const LIMITS: SourceLimits = { fileSize: 1_000_000, files: 500 };

/** Reads a template's folder. Throws `BridgeError` (`TEMPLATE_INVALID`) that names the file. */
export function readTemplateSource(folder: string, limits: SourceLimits = LIMITS): TemplateSource {
  const paths = list(folder, limits);
  const read = (path: string): SourceFile => ({ path, text: readBytes(folder, path, limits).toString('utf8') });
  const within = (start: string, end: string): string[] =>
    paths.filter((path) => path.startsWith(start) && path.endsWith(end));

  const groups = {
    database: within('AppProperties/', 'database.properties'),
    metadata: within('Resources/Images/', '.metadata'),
    pictures: within('Resources/Images/', '.gif'),
    forms: within('Forms/', '.form'),
    views: within('Views/', '.view'),
    agents: within('Code/Agents/', '.lsa'),
    formulas: within('Formulas/', '.formula'),
    texts: within('Texts/', '.json'),
  };
  const known = new Set(Object.values(groups).flat());
  const stranger = paths.find((path) => !known.has(path));
  if (stranger !== undefined) throw invalid(stranger, 'this file is no part of a template');
  const [database] = groups.database;
  if (database === undefined) throw invalid('AppProperties/database.properties', 'this file is missing');
  const bare = groups.pictures.find((path) => !groups.metadata.includes(`${path}.metadata`));
  if (bare !== undefined) throw invalid(bare, 'its .metadata file is missing');

  return {
    database: read(database),
    images: groups.metadata.map((path) => {
      const picture = path.slice(0, -'.metadata'.length);
      if (!groups.pictures.includes(picture)) throw invalid(path, 'the picture beside it is missing');
      return { ...read(path), data: readBytes(folder, picture, limits) };
    }),
    forms: groups.forms.map(read),
    views: groups.views.map(read),
    agents: groups.agents.map(read),
    formulas: new Map(groups.formulas.map((path) => [stem(path), read(path)])),
    languages: new Map(groups.texts.map((path) => [stem(path), readTexts(read(path))])),
  };
}

function list(folder: string, limits: SourceLimits): string[] {
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/'));
    if (found.length > limits.files) throw invalid(folder, `it holds more than ${limits.files} files`);
    // Not localeCompare: the order must be the same on every machine.
    return found.sort((a, b) => (a < b ? -1 : 1));
  } catch (thrown) {
    if (thrown instanceof BridgeError) throw thrown;
    throw new BridgeError('TEMPLATE_INVALID', `the template's folder cannot be read: ${folder}`, { cause: thrown });
  }
}

function readBytes(folder: string, path: string, limits: SourceLimits): Buffer {
  const file = join(folder, path);
  if (statSync(file).size > limits.fileSize) throw invalid(path, `it is larger than ${limits.fileSize} bytes`);
  return readFileSync(file);
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
}

function invalid(file: string, reason: string): BridgeError {
  return new BridgeError('TEMPLATE_INVALID', `${file}: ${reason}`, { details: { file } });
}
