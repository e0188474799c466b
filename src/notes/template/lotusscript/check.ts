import { checkDefinitions, definedNames } from './check/definitions.js';
import type { ScriptFinding } from './check/finding.js';
import { checkSection } from './check/sections.js';
import { mergeScripts } from './merge.js';
import { type LibraryResolver, Module } from './names/module.js';
import { parseScript } from './parser.js';
import type { Script } from './syntax.js';

/** One `code` element of a script in DXL. */
export interface SectionText {
  /** `options`, `declarations`, or the name of a procedure. */
  readonly event: string;
  readonly text: string;
  /** Number of the text's first line, for the findings. */
  readonly firstLine: number;
}

/** A section that was read. */
interface ReadSection extends SectionText {
  readonly script: Script;
}

/** More mistakes than these are not worth reading at once. */
const MOST_FINDINGS = 100;

/**
 * Checks all sections of one element's script together: blocks, names, numbers of arguments, members of Notes classes,
 * what is refused in shipped scripts. `globals` is the script of a form's globals, which its other scripts see. While a
 * section cannot be read, names are not looked up. Sorted by line. Never throws.
 */
export function checkScript(
  sections: readonly SectionText[],
  resolve: LibraryResolver = () => undefined,
  globals?: Script,
): readonly ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const read: ReadSection[] = [];
  for (const section of sections) {
    const outcome = parseScript(section.text, section.firstLine);
    if (outcome.ok) read.push({ ...section, script: outcome.script });
    else findings.push({ event: section.event, at: outcome.at, reason: outcome.reason });
  }
  for (const { event, script, firstLine } of read) {
    checkSection(event, script, firstLine, (at, reason) => findings.push({ event, at, reason }));
  }
  if (read.length === sections.length) findings.push(...checkNames(read, resolve, globals));
  const order = (one: ScriptFinding, other: ScriptFinding): number =>
    one.at.line - other.at.line || one.at.column - other.at.column;
  return findings.sort(order).slice(0, MOST_FINDINGS);
}

function checkNames(
  sections: readonly ReadSection[],
  resolve: LibraryResolver,
  globals: Script | undefined,
): readonly ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const merged = mergeScripts(sections.map(({ script }) => script));
  const module = new Module(merged, resolve, globals);
  const [first] = sections;
  if (first && !module.isDeclare) {
    const options = sections.find(({ event }) => event.toLowerCase() === 'options') ?? first;
    const at = { line: options.firstLine, column: 1 };
    findings.push({ event: options.event, at, reason: '"Option Declare" is missing' });
  }
  const seen = new Map<string, number>();
  for (const { event, script } of sections) {
    const report = (at: ScriptFinding['at'], reason: string): void => {
      findings.push({ event, at, reason });
    };
    for (const { library, at } of script.uses) {
      if (!resolve(library)) report(at, `there is no script library "${library}"`);
    }
    for (const { name, key, at } of definedNames(script)) {
      const line = seen.get(key);
      if (line === undefined) seen.set(key, at.line);
      else report(at, `"${name}" is defined already in line ${line}`);
    }
    checkDefinitions(module, script, report);
  }
  return findings;
}
