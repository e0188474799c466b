import type { MappedLine } from './expand.js';
import type { SourceFile } from './source.js';
import { sourceFault } from './source-fault.js';

/** Lines of the `column` element of each shared column, by name. */
export type SharedColumns = ReadonlyMap<string, readonly string[]>;

/** A reference without content, on one line or several. */
const REFERENCE = /^(\s*)<sharedcolumnref\b/;
const NAME = /\bname='([^']*)'/;
const MAX_REFERENCE_LINES = 10;

/** The column of a `sharedcolumn` element's lines. Throws `BridgeError` (`TEMPLATE_INVALID`) when there is not exactly one. */
export function sharedColumnOf(file: SourceFile, lines: readonly MappedLine[]): [name: string, column: string[]] {
  const root = lines.map(({ text }) => /<sharedcolumn\b[^>]*?\bname='([^']*)'/.exec(text)?.[1]).find(Boolean);
  const first = lines.findIndex(({ text }) => /<column\b/.test(text));
  const last = lines.findLastIndex(({ text }) => text.includes('</column>'));
  if (root === undefined)
    throw sourceFault(file.path, 'it is no shared column with a name', { line: lines[0]?.sourceLine ?? 1 });
  if (first < 0 || last < first)
    throw sourceFault(file.path, 'the shared column holds no <column>', { line: lines[0]?.sourceLine ?? 1 });
  return [root, lines.slice(first, last + 1).map(({ text }) => text)];
}

/**
 * Puts the column into each reference that has none: Notes draws the copy, so every view must carry one. The lines of the
 * copy lead back to the reference. Throws `BridgeError` (`TEMPLATE_INVALID`) when there is no such column.
 */
export function fillSharedColumns(
  file: SourceFile,
  lines: readonly MappedLine[],
  columns: SharedColumns,
): readonly MappedLine[] {
  if (!lines.some(({ text }) => REFERENCE.test(text))) return lines;
  const filled: MappedLine[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (!line) break;
    const indent = REFERENCE.exec(line.text)?.[1];
    if (indent === undefined) {
      filled.push(line);
      continue;
    }
    const tag = tagFrom(lines, index);
    if (!tag) throw sourceFault(file.path, 'the <sharedcolumnref> does not end', { line: line.sourceLine });
    filled.push(...tag.slice(0, -1));
    index += tag.length - 1;
    const end = tag.at(-1) ?? line;
    if (!/\/>\s*$/.test(end.text)) {
      filled.push(end);
      continue;
    }
    const name = NAME.exec(tag.map(({ text }) => text).join(' '))?.[1] ?? '';
    const column = columns.get(name);
    if (!column) throw sourceFault(file.path, `there is no shared column "${name}"`, { line: line.sourceLine });
    filled.push({ ...end, text: end.text.replace(/\s*\/>\s*$/, '>') });
    filled.push(...column.map((text) => ({ ...end, text })));
    filled.push({ ...end, text: `${indent}</sharedcolumnref>` });
  }
  return filled;
}

/** Lines from a start tag to its end. */
function tagFrom(lines: readonly MappedLine[], start: number): readonly MappedLine[] | undefined {
  const some = lines.slice(start, start + MAX_REFERENCE_LINES);
  const end = some.findIndex(({ text }) => text.includes('>'));
  return end < 0 ? undefined : some.slice(0, end + 1);
}
