import { descendants } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject } from './model.js';

const NAMESPACE = 'http://www.lotus.com/dxl';

/** What must not be in a template, with the reason. */
const FORBIDDEN_ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['fulltextsettings', 'makes an import fail'],
  ['compositedata', 'is raw data that nobody can read or check'],
  ['wassignedby', 'names a person; the template is signed at the site'],
  ['updatedby', 'names people'],
  ['revisions', "is a history of somebody's edits"],
]);
const FORBIDDEN_ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['replicaid', 'every site needs its own'],
  ['path', 'it names a file of one machine'],
]);
const FORBIDDEN_ITEMS = new Set(['$Signature', '$Revisions', '$UpdatedBy', '$FTIndex']);

/** Order in which an importer should meet the kinds of elements: what is used comes before what uses it. */
const ORDER: readonly (readonly string[])[] = [
  ['databaseinfo'],
  ['acl'],
  ['launchsettings'],
  ['note'],
  ['imageresource', 'fileresource', 'stylesheetresource'],
  ['sharedfield'],
  ['sharedcolumn'],
  ['scriptlibrary'],
  ['sharedactions'],
  ['subform'],
  ['form'],
  ['view', 'folder'],
  ['outline'],
  ['page'],
  ['frameset'],
  ['agent'],
  ['helpaboutdocument', 'helpusingdocument'],
  ['databasescript'],
];

/** Root element, order of elements, things that must not be shipped. */
export function lintStructure(model: LintModel): Finding[] {
  return [...lintRoot(model), ...lintOrder(model), ...model.subjects.slice(1).flatMap(lintForbidden)];
}

function lintRoot({ root, subjects }: LintModel): Finding[] {
  const [database] = subjects;
  if (!database) return [];
  const report = (rule: 'root' | 'forbidden', message: string): Finding => finding(database, root.line, rule, message);
  if (root.name !== 'database') return [report('root', `a <database> was expected, not <${root.name}>`)];
  const findings: Finding[] = [];
  if (root.attributes.get('xmlns') !== NAMESPACE) findings.push(report('root', `the namespace must be ${NAMESPACE}`));
  for (const [name, reason] of FORBIDDEN_ATTRIBUTES) {
    if (root.attributes.has(name)) findings.push(report('forbidden', `"${name}" must not be there: ${reason}`));
  }
  return findings;
}

function lintOrder({ subjects }: LintModel): Finding[] {
  const findings: Finding[] = [];
  let reached = 0;
  for (const subject of subjects.slice(1)) {
    const place = ORDER.findIndex((kinds) => kinds.includes(subject.element.name));
    if (place < 0) {
      findings.push(
        finding(subject, subject.element.line, 'order', `<${subject.element.name}> is not expected in a template`),
      );
    } else if (place < reached) {
      const before = ORDER[reached]?.join(', ');
      findings.push(
        finding(subject, subject.element.line, 'order', `<${subject.element.name}> must come before ${before}`),
      );
    } else reached = place;
  }
  return findings;
}

function lintForbidden(subject: LintSubject): Finding[] {
  return [...descendants(subject.element)].flatMap((element) => {
    const reason = FORBIDDEN_ELEMENTS.get(element.name);
    const item = element.name === 'item' ? element.attributes.get('name') : undefined;
    const found: Finding[] = [];
    if (reason) found.push(finding(subject, element.line, 'forbidden', `<${element.name}> ${reason}`));
    if (item && FORBIDDEN_ITEMS.has(item))
      found.push(finding(subject, element.line, 'forbidden', `the item ${item} must not be shipped`));
    if (element.attributes.has('replicaid'))
      found.push(finding(subject, element.line, 'forbidden', '"replicaid" must not be there'));
    return found;
  });
}
