import { childrenOf, descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject } from './model.js';

/** Paragraphs: each style has a number, is defined before it is used, and once. Rows of tables fit. Pictures have words. */
export function lintRichText(model: LintModel): Finding[] {
  return model.subjects
    .slice(1)
    .flatMap((subject) =>
      [...descendants(subject.element)].flatMap((element) => [
        ...(element.name === 'richtext' ? lintParagraphs(subject, element) : []),
        ...(element.name === 'table' ? lintTable(subject, element) : []),
        ...(element.name === 'picture' ? lintPicture(subject, element) : []),
      ]),
    );
}

function lintParagraphs(subject: LintSubject, richText: XmlElement): Finding[] {
  const defined = new Set<string>();
  const findings: Finding[] = [];
  for (const element of descendants(richText)) {
    if (element.name === 'pardef') {
      const id = element.attributes.get('id') ?? '';
      if (defined.has(id))
        findings.push(finding(subject, element.line, 'paragraph', `the paragraph style "${id}" is defined twice`));
      defined.add(id);
      if (!/^[1-9][0-9]{0,3}$/.test(id))
        findings.push(finding(subject, element.line, 'paragraph', `the id "${id}" of a paragraph style is no number`));
    }
    const used = element.name === 'par' ? element.attributes.get('def') : undefined;
    if (used !== undefined && !defined.has(used)) {
      findings.push(
        finding(subject, element.line, 'paragraph', `the paragraph style "${used}" is not defined before its use`),
      );
    }
  }
  return findings;
}

/** Cells of a row, with those that reach down into it, are as many as columns. */
function lintTable(subject: LintSubject, table: XmlElement): Finding[] {
  const columns = childrenOf(table, 'tablecolumn').length;
  const rows = childrenOf(table, 'tablerow');
  if (columns === 0) return [finding(subject, table.line, 'table', 'the table has no <tablecolumn>')];
  const findings: Finding[] = [];
  /** For each row, how many of its columns cells from above take. */
  const taken = new Array<number>(rows.length).fill(0);
  for (const [index, row] of rows.entries()) {
    let width = taken[index] ?? 0;
    for (const cell of childrenOf(row, 'tablecell')) {
      const span = (name: string): number => Math.max(1, Number(cell.attributes.get(name) ?? 1) || 1);
      width += span('columnspan');
      const last = Math.min(rows.length, index + span('rowspan'));
      for (let below = index + 1; below < last; below += 1) {
        taken[below] = (taken[below] ?? 0) + span('columnspan');
      }
    }
    if (width !== columns) {
      findings.push(finding(subject, row.line, 'table', `the row has ${width} cells for ${columns} columns`));
    }
  }
  return findings;
}

/** Empty words are for pictures that only adorn. */
function lintPicture(subject: LintSubject, picture: XmlElement): Finding[] {
  if (picture.attributes.has('alttext')) return [];
  return [finding(subject, picture.line, 'image', 'the picture needs an alttext: a screen reader reads it')];
}
