import { parseScript } from '../lotusscript/parser.js';
import type { Script } from '../lotusscript/syntax.js';
import type { XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject, PlacedScript } from './model.js';

/** The sections of one element's script, each read by itself; lines of positions are those of the DXL. */
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

/** Reads all LotusScript of a template. Every script declares its variables. */
export function readScripts(model: LintModel): ScriptReading {
  const owners = new Map<XmlElement, PlacedScript[]>();
  for (const placed of model.scripts) owners.set(placed.owner, [...(owners.get(placed.owner) ?? []), placed]);
  const scripts: ReadScript[] = [];
  const findings: Finding[] = [];
  for (const [owner, placed] of owners) {
    const sections: Script[] = [];
    const [first] = placed;
    if (!first) continue;
    for (const { subject, element } of placed) {
      const outcome = parseScript(element.text, element.contentLine);
      if (outcome.ok) sections.push(outcome.script);
      else findings.push(finding(subject, outcome.at.line, 'script', outcome.reason));
    }
    if (!sections.some(({ options }) => options.isDeclare) && sections.length === placed.length) {
      findings.push(finding(first.subject, first.element.line, 'script', '"Option Declare" is missing'));
    }
    if (sections.length === placed.length) scripts.push({ subject: first.subject, owner, sections });
  }
  return { scripts, findings };
}
