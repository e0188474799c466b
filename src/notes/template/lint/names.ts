import { childrenOf } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';

const encoder = new TextEncoder();

/** Bytes that Domino gives a name; letters such as "ä" take two. */
const MOST_BYTES = { element: 63, path: 127, title: 96 } as const;

/** Kinds of elements that are found by their name. */
const NAMED = [
  'view',
  'folder',
  'form',
  'subform',
  'imageresource',
  'sharedcolumn',
  'page',
  'outline',
  'frameset',
  'agent',
  'scriptlibrary',
  'sharedfield',
];
/** Views and forms share one space of names each; aliases count as names. */
const ALIASED = new Set(['view', 'folder']);

/** Names: there, short enough, unique within their kind; aliases in ASCII; one default view; the access list. */
export function lintNames(model: LintModel): Finding[] {
  return [...lintTitle(model), ...lintElements(model), ...lintDefaultView(model), ...lintAcl(model)];
}

function lintTitle({ root, subjects: [database] }: LintModel): Finding[] {
  const title = root.attributes.get('title') ?? '';
  if (!database) return [];
  if (title === '') return [finding(database, root.line, 'name', 'the database needs a title')];
  const bytes = encoder.encode(title).length;
  if (bytes <= MOST_BYTES.title) return [];
  return [
    finding(database, root.line, 'name-length', `the title has ${bytes} bytes; ${MOST_BYTES.title} are possible`),
  ];
}

function lintElements(model: LintModel): Finding[] {
  const taken = new Map<string, LintSubject>();
  return subjectsOf(model, ...NAMED).flatMap((subject) => {
    const { element } = subject;
    const report = (rule: 'name' | 'name-length' | 'alias' | 'duplicate', message: string): Finding =>
      finding(subject, element.line, rule, message);
    const name = element.attributes.get('name') ?? '';
    const aliases = (element.attributes.get('alias') ?? '').split('|').filter((alias) => alias !== '');
    const findings: Finding[] = [];
    if (name === '') findings.push(report('name', `a ${element.name} needs a name`));
    if (ALIASED.has(element.name) && aliases.length === 0) {
      findings.push(report('alias', 'a view needs an alias: programs must not depend on its translated name'));
    }
    for (const alias of aliases.filter((text) => !/^[A-Za-z][A-Za-z0-9]*$/.test(text))) {
      findings.push(report('alias', `the alias "${alias}" must consist of plain letters and digits`));
    }
    for (const part of [...name.split('\\'), ...aliases]) {
      const bytes = encoder.encode(part).length;
      if (bytes > MOST_BYTES.element) {
        findings.push(report('name-length', `"${part}" has ${bytes} bytes; ${MOST_BYTES.element} are possible`));
      }
    }
    for (const whole of [name, ...aliases].filter((text) => encoder.encode(text).length > MOST_BYTES.path)) {
      const bytes = encoder.encode(whole).length;
      findings.push(report('name-length', `"${whole}" has ${bytes} bytes; ${MOST_BYTES.path} are possible`));
    }
    for (const word of new Set([name, ...aliases].filter((text) => text !== ''))) {
      const key = `${element.name} ${word.toLowerCase()}`;
      const other = taken.get(key);
      if (other)
        findings.push(report('duplicate', `line ${other.element.line} already has a ${element.name} "${word}"`));
      else taken.set(key, subject);
    }
    return findings;
  });
}

function lintDefaultView(model: LintModel): Finding[] {
  const defaults = subjectsOf(model, 'view').filter(({ element }) => element.attributes.get('default') === 'true');
  const [database] = model.subjects;
  if (defaults.length === 0 && database && subjectsOf(model, 'view').length > 0) {
    return [finding(database, database.element.line, 'default-view', 'one view must be the default view')];
  }
  return defaults
    .slice(1)
    .map((view) => finding(view, view.element.line, 'default-view', 'there is another default view'));
}

function lintAcl(model: LintModel): Finding[] {
  return subjectsOf(model, 'acl').flatMap((acl) => {
    const roles = new Set(childrenOf(acl.element, 'role').map((role) => role.text.trim()));
    const entries = childrenOf(acl.element, 'aclentry');
    const strange = entries.flatMap((entry) =>
      childrenOf(entry, 'role')
        .filter((role) => !roles.has(role.text.trim()))
        .map((role) => finding(acl, role.line, 'acl', `the role ${role.text.trim()} is not defined`)),
    );
    const isDefault = entries.some((entry) => entry.attributes.get('default') === 'true');
    const personal = entries
      .filter((entry) => /\/|=/.test(entry.attributes.get('name') ?? ''))
      .map((entry) => finding(acl, entry.line, 'acl', `"${entry.attributes.get('name')}" names somebody of one site`));
    const missing = isDefault ? [] : [finding(acl, acl.element.line, 'acl', 'the entry -Default- is missing')];
    return [...missing, ...strange, ...personal];
  });
}
