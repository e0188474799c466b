import { childrenOf, descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject } from './model.js';

/**
 * What Domino can keep (Domino Designer, "Table of Notes and Domino known limits"). A line of a script is our own
 * bound: longer ones cannot be read in Designer.
 */
const MOST = {
  textBytes: 32 * 1024,
  viewFormulaBytes: 64 * 1024,
  tableColumns: 64,
  tableRows: 255,
  viewColumns: 289,
  roles: 75,
  scriptLine: 300,
} as const;

/** Sizes: texts of items, formulas of a view, tables, roles, lines of scripts. */
export function lintLimits(model: LintModel): Finding[] {
  const elements = model.subjects
    .slice(1)
    .flatMap((subject) => [...descendants(subject.element)].flatMap((element) => lintElement(subject, element)));
  return [...elements, ...lintScriptLines(model), ...lintViewFormulas(model)];
}

function lintElement(subject: LintSubject, element: XmlElement): Finding[] {
  const over = (what: string, count: number, most: number): Finding[] =>
    count <= most ? [] : [finding(subject, element.line, 'limit', `${what}: ${count}, where ${most} are possible`)];
  switch (element.name) {
    case 'item': {
      const bytes = [...descendants(element)]
        .filter(({ name }) => name === 'text')
        .reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
      return over(`bytes of the item ${element.attributes.get('name') ?? ''}`, bytes, MOST.textBytes);
    }
    case 'table':
      return [
        ...over('columns of a table', childrenOf(element, 'tablecolumn').length, MOST.tableColumns),
        ...over('rows of a table', childrenOf(element, 'tablerow').length, MOST.tableRows),
      ];
    case 'view':
    case 'folder':
      return over('columns of a view', childrenOf(element, 'column').length, MOST.viewColumns);
    case 'acl':
      return over('roles', childrenOf(element, 'role').length, MOST.roles);
    default:
      return [];
  }
}

function lintScriptLines(model: LintModel): Finding[] {
  return model.scripts.flatMap(({ subject, element }) =>
    element.text.split('\n').flatMap((line, index) => {
      if (line.length <= MOST.scriptLine) return [];
      const message = `a line of a script has ${line.length} characters; ${MOST.scriptLine} can be read`;
      return [finding(subject, element.contentLine + index, 'limit', message)];
    }),
  );
}

function lintViewFormulas(model: LintModel): Finding[] {
  return model.subjects.slice(1).flatMap((subject) => {
    if (subject.element.name !== 'view') return [];
    const bytes = model.formulas
      .filter((placed) => placed.subject === subject)
      .reduce((sum, { element }) => sum + Buffer.byteLength(element.text), 0);
    if (bytes <= MOST.viewFormulaBytes) return [];
    const message = `bytes of the view's formulas: ${bytes}, where ${MOST.viewFormulaBytes} are possible`;
    return [finding(subject, subject.element.line, 'limit', message)];
  });
}
