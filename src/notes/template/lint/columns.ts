import { descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';

const MAX_WIDTH = 200;

/** Columns of views: names, widths, sorting, and native awareness, which must not stand beside our icons. */
export function lintColumns(model: LintModel): Finding[] {
  return subjectsOf(model, 'view', 'folder').flatMap((subject) => {
    const columns = [...descendants(subject.element)].filter((element) => element.name === 'column');
    const seen = new Set<string>();
    const found = columns.flatMap((column) => {
      const name = (column.attributes.get('itemname') ?? '').toLowerCase();
      const again = seen.has(name);
      seen.add(name);
      return lintColumn(subject, column, again);
    });
    const sorted = columns.some(
      (column) => column.attributes.get('sort') === 'ascending' || column.attributes.get('sort') === 'descending',
    );
    if (columns.length > 0 && !sorted) {
      found.push(finding(subject, subject.element.line, 'column', 'no column is sorted, so rows stand in no order'));
    }
    return found;
  });
}

function lintColumn(subject: LintSubject, column: XmlElement, again: boolean): Finding[] {
  const name = column.attributes.get('itemname') ?? '';
  const flag = (attribute: string): boolean => column.attributes.get(attribute) === 'true';
  const findings: Finding[] = [];
  const report = (message: string): void => {
    findings.push(finding(subject, column.line, 'column', message));
  };
  if (name === '') report('the column needs an item name');
  else if (again) report(`the item name ${name} stands at two columns`);
  const width = Number(column.attributes.get('width'));
  if (!(width > 0 && width <= MAX_WIDTH)) report(`the width must be a number from 1 to ${MAX_WIDTH}`);
  if (flag('categorized') && !/^(a|de)scending$/.test(column.attributes.get('sort') ?? '')) {
    report('a categorized column must be sorted');
  }
  if (flag('showasicons') && flag('showascolor')) report('a column shows icons or a colour, not both');
  const awareness = column.children.find((child) => child.name === 'columnnamesformat');
  if (awareness?.attributes.get('showonline') === 'true') {
    report("the client's own awareness must not stand beside our icons: the two may disagree");
  }
  return findings;
}
