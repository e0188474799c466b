import type { MappedLine } from './expand.js';
import type { SourceFile } from './source.js';
import { sourceFault } from './source-fault.js';

/** Lines of each shared action by its number, as a form or a view carries it: without the number. */
export type SharedActionLines = ReadonlyMap<string, readonly string[]>;

const REFERENCE = /^(\s*)<sharedactionref id='([^']*)'\s*\/>\s*$/;
const ACTION = /<action\b[^>]*?\sid='(\d+)'/;

/** The actions of a `sharedactions` element's lines; each begins and ends on lines of its own. */
export function sharedActionsOf(lines: readonly MappedLine[]): SharedActionLines {
  const actions = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const { text } of lines) {
    const id = ACTION.exec(text)?.[1];
    if (id !== undefined) {
      current = [];
      actions.set(id, current);
    }
    current?.push(id === undefined ? text : text.replace(` id='${id}'`, ''));
    if (text.includes('</action>')) current = undefined;
  }
  return actions;
}

/**
 * Puts a copy of the action into each reference, as an export has it. The lines of the copy lead back to the reference.
 * Throws `BridgeError` (`TEMPLATE_INVALID`) when there is no such action.
 */
export function fillSharedActions(
  file: SourceFile,
  lines: readonly MappedLine[],
  actions: SharedActionLines,
): readonly MappedLine[] {
  return lines.flatMap((line) => {
    const [, indent = '', id] = REFERENCE.exec(line.text) ?? [];
    if (id === undefined) return [line];
    const action = actions.get(id);
    if (!action) throw sourceFault(file.path, `there is no shared action "${id}"`, { line: line.sourceLine });
    const texts = [`${indent}<sharedactionref id='${id}'>`, ...action, `${indent}</sharedactionref>`];
    return texts.map((text) => ({ ...line, text }));
  });
}
