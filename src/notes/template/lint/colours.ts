import { descendants } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel } from './model.js';

const NAMES = new Set(
  'aqua black blue fuchsia gray green lime maroon navy olive purple red silver teal white yellow none system'.split(
    ' ',
  ),
);

/** Colours are `#rrggbb` or one of DXL's names; the schema takes any word. */
export function lintColours(model: LintModel): Finding[] {
  return model.subjects.flatMap((subject) => {
    const elements = subject.element === model.root ? [model.root] : descendants(subject.element);
    return [...elements].flatMap((element) =>
      [...element.attributes]
        .filter(([name]) => /color$/.test(name))
        .filter(([, value]) => !NAMES.has(value) && !/^#[0-9a-f]{6}$/i.test(value))
        .map(([name, value]) => finding(subject, element.line, 'colour', `${name}="${value}" is no colour`)),
    );
  });
}
