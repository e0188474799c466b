import { checkScript } from '../lotusscript/check.js';
import { mergeScripts } from '../lotusscript/merge.js';
import { parseScript } from '../lotusscript/parser.js';
import type { Script } from '../lotusscript/syntax.js';
import type { XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject, PlacedScript } from './model.js';

/** The sections of one element's script; lines of positions are those of the DXL. */
export interface ReadScript {
  readonly subject: LintSubject;
  /** The element that holds the sections: an agent, a library, a form, an action. */
  readonly owner: XmlElement;
  readonly sections: readonly Script[];
}

export interface ScriptReading {
  /** Scripts that could be read as a whole, in the order of the file. */
  readonly scripts: readonly ReadScript[];
  readonly findings: readonly Finding[];
}

/** Reads all LotusScript of a template and checks each element's sections together, with the libraries they use. */
export function readScripts(model: LintModel): ScriptReading {
  const owners = new Map<XmlElement, PlacedScript[]>();
  for (const placed of model.scripts) owners.set(placed.owner, [...(owners.get(placed.owner) ?? []), placed]);
  const scripts = [...owners].flatMap(([owner, placed]): ReadScript[] => {
    const sections = placed.flatMap(({ element }) => {
      const outcome = parseScript(element.text, element.contentLine);
      return outcome.ok ? [outcome.script] : [];
    });
    const [first] = placed;
    return first && sections.length === placed.length ? [{ subject: first.subject, owner, sections }] : [];
  });
  const merged = new Map(scripts.map(({ owner, sections }) => [owner, mergeScripts(sections)]));
  const libraries = new Map(
    scripts.flatMap(({ owner }) => {
      const script = owner.name === 'scriptlibrary' ? merged.get(owner) : undefined;
      return script ? [[(owner.attributes.get('name') ?? '').toLowerCase(), script] as const] : [];
    }),
  );
  const findings = [...owners].flatMap(([owner, placed]) => {
    const [first] = placed;
    if (!first) return [];
    const texts = placed.map(({ event, element }) => ({ event, text: element.text, firstLine: element.contentLine }));
    const globals = owner.name === 'globals' ? undefined : globalsOf(first.subject);
    return checkScript(texts, (name) => libraries.get(name.toLowerCase()), globals && merged.get(globals)).map(
      ({ at, reason }) => finding(first.subject, at.line, 'script', reason),
    );
  });
  return { scripts, findings };
}

/** The globals of a form, which all scripts inside it see. */
function globalsOf({ element }: LintSubject): XmlElement | undefined {
  return element.children.find(({ name }) => name === 'globals');
}
