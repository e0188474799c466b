import { childrenOf, descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';

/** The copy of a shared column that a view carries equals the column itself; otherwise Notes shows an old one. */
export function lintSharedColumns(model: LintModel): Finding[] {
  const columns = new Map(
    subjectsOf(model, 'sharedcolumn').map(({ element }) => [
      element.attributes.get('name') ?? '',
      childrenOf(element, 'column'),
    ]),
  );
  const alone = subjectsOf(model, 'sharedcolumn')
    .filter(({ element }) => childrenOf(element, 'column').length !== 1)
    .map((subject) => report(subject, subject.element, 'a shared column holds exactly one column'));
  const copies = subjectsOf(model, 'view', 'folder').flatMap((subject) =>
    [...descendants(subject.element)]
      .filter(({ name }) => name === 'sharedcolumnref')
      .flatMap((reference) => lintCopy(subject, reference, columns)),
  );
  return [...alone, ...copies];
}

function lintCopy(
  subject: LintSubject,
  reference: XmlElement,
  columns: ReadonlyMap<string, readonly XmlElement[]>,
): Finding[] {
  const name = reference.attributes.get('name') ?? '';
  const [original] = columns.get(name) ?? [];
  // A name that leads nowhere is found by another rule.
  if (!original) return [];
  const [copy, ...more] = childrenOf(reference, 'column');
  if (!copy) return [report(subject, reference, `the copy of the shared column "${name}" is missing`)];
  if (more.length > 0) return [report(subject, reference, 'a reference to a shared column holds one column')];
  const isSame =
    reference.attributes.get('formulaonly') === 'true'
      ? sameText(childrenOf(copy, 'code'), childrenOf(original, 'code'))
      : signature(copy) === signature(original);
  return isSame ? [] : [report(subject, copy, `the copy differs from the shared column "${name}"`)];
}

function report(subject: LintSubject, element: XmlElement, message: string): Finding {
  return finding(subject, element.line, 'shared-column', message);
}

function sameText(left: readonly XmlElement[], right: readonly XmlElement[]): boolean {
  return left.map(signature).join('') === right.map(signature).join('');
}

/** The element as a text that does not depend on line breaks between tags or the order of attributes. */
function signature(element: XmlElement): string {
  const attributes = [...element.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([element.name, attributes, element.text.trim(), element.children.map(signature)]);
}
