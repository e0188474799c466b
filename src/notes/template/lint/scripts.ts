import { checkScript, type SectionText } from '../lotusscript/check.js';
import { mergeScripts } from '../lotusscript/merge.js';
import { parseScript } from '../lotusscript/parser.js';
import type { ParseOutcome, Script } from '../lotusscript/syntax.js';
import type { XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { remembered } from './memo.js';
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

const parsed = remembered(500, (key) => {
  const { text, firstLine } = JSON.parse(key) as Omit<SectionText, 'event'>;
  return parseScript(text, firstLine);
});

/** What the check of one element's script depends on. */
interface CheckInput {
  readonly sections: readonly SectionText[];
  readonly libraries: readonly (readonly [name: string, sections: readonly SectionText[]])[];
  readonly globals: readonly SectionText[];
}

const checked = remembered(100, (key) => {
  const { sections, libraries, globals } = JSON.parse(key) as CheckInput;
  const known = new Map(libraries.map(([name, texts]) => [name, scriptOf(texts)]));
  return checkScript(
    sections,
    (name) => known.get(name.toLowerCase()),
    globals.length === 0 ? undefined : scriptOf(globals),
  );
});

function scriptOf(texts: readonly SectionText[]): Script {
  return mergeScripts(
    texts.flatMap((section) => {
      const outcome = parsedSection(section);
      return outcome.ok ? [outcome.script] : [];
    }),
  );
}

function parsedSection({ text, firstLine }: SectionText): ParseOutcome {
  return parsed(JSON.stringify({ text, firstLine }));
}

function sectionTexts(placed: readonly PlacedScript[]): SectionText[] {
  return placed.map(({ event, element }) => ({ event, text: element.text, firstLine: element.contentLine }));
}

/** Reads all LotusScript of a template and checks each element's sections together, with the libraries they use. */
export function readScripts(model: LintModel): ScriptReading {
  const owners = new Map<XmlElement, PlacedScript[]>();
  for (const placed of model.scripts) owners.set(placed.owner, [...(owners.get(placed.owner) ?? []), placed]);
  const scripts = [...owners].flatMap(([owner, placed]): ReadScript[] => {
    const sections = sectionTexts(placed).flatMap((section) => {
      const outcome = parsedSection(section);
      return outcome.ok ? [outcome.script] : [];
    });
    const [first] = placed;
    return first && sections.length === placed.length ? [{ subject: first.subject, owner, sections }] : [];
  });
  const used = new Map(scripts.map(({ owner, sections }) => [owner, sections.flatMap(({ uses }) => uses)]));
  const libraries = new Map(
    scripts.flatMap(({ owner }) =>
      owner.name === 'scriptlibrary' ? [[(owner.attributes.get('name') ?? '').toLowerCase(), owner] as const] : [],
    ),
  );
  const broken = brokenLibraries(owners, libraries);
  const findings = [...owners].flatMap(([owner, placed]) => {
    const [first] = placed;
    const uses = used.get(owner) ?? [];
    // What such a library brings is not known; its own mistake says enough.
    if (!first || uses.some(({ library }) => broken.has(library.toLowerCase()))) return [];
    const globals = owner.name === 'globals' ? undefined : globalsOf(first.subject);
    const input: CheckInput = {
      sections: sectionTexts(placed),
      libraries: [...libraries].map(([name, library]) => [name, sectionTexts(owners.get(library) ?? [])]),
      globals: sectionTexts((globals && owners.get(globals)) ?? []),
    };
    return checked(JSON.stringify(input)).map(({ at, reason }) => finding(first.subject, at.line, 'script', reason));
  });
  return { scripts, findings };
}

/** Libraries that are there and cannot be read, by name in lower case. */
function brokenLibraries(
  owners: ReadonlyMap<XmlElement, unknown>,
  libraries: ReadonlyMap<string, XmlElement>,
): ReadonlySet<string> {
  const all = [...owners.keys()].filter(({ name }) => name === 'scriptlibrary');
  const names = all.map(({ attributes }) => (attributes.get('name') ?? '').toLowerCase());
  return new Set(names.filter((name) => !libraries.has(name)));
}

/** The globals of a form, which all scripts inside it see. */
function globalsOf({ element }: LintSubject): XmlElement | undefined {
  return element.children.find(({ name }) => name === 'globals');
}
