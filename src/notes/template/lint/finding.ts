import type { XmlElement } from '../xml-tree.js';

/** One mistake in a template. */
export interface Finding {
  /** Kind and name of the design element, for example `view People`. */
  readonly element: string;
  /** Line in the DXL, from 1. */
  readonly line: number;
  /** Stable word for the rule that was broken. */
  readonly rule: LintRule;
  readonly message: string;
}

export type LintRule =
  | 'xml'
  | 'doctype'
  | 'root'
  | 'forbidden'
  | 'order'
  | 'name'
  | 'name-length'
  | 'duplicate'
  | 'alias'
  | 'default-view'
  | 'acl'
  | 'event'
  | 'formula'
  | 'formula-mix'
  | 'view-time'
  | 'field'
  | 'missing-field'
  | 'missing-element'
  | 'reference'
  | 'column'
  | 'paragraph'
  | 'colour'
  | 'image'
  | 'text'
  | 'schema';

/** A design element directly below the database, or the database itself. */
export interface LintSubject {
  readonly label: string;
  readonly element: XmlElement;
}

/** What the rules look at. */
export interface LintModel {
  readonly root: XmlElement;
  /** The database first, then its elements in the order of the file. */
  readonly subjects: readonly LintSubject[];
}

export function modelOf(root: XmlElement): LintModel {
  const elements = root.children.map((element) => ({ element, label: labelOf(element) }));
  return { root, subjects: [{ element: root, label: 'database' }, ...elements] };
}

/** Alias before name, since names are translated. */
export function labelOf(element: XmlElement): string {
  const name = element.attributes.get('alias') ?? element.attributes.get('name') ?? element.attributes.get('class');
  return name ? `${element.name} ${name}` : element.name;
}

export function finding(subject: LintSubject, line: number, rule: LintRule, message: string): Finding {
  return { element: subject.label, line, rule, message };
}

/** Elements of one kind below the database. */
export function subjectsOf(model: LintModel, ...kinds: readonly string[]): LintSubject[] {
  return model.subjects.filter(({ element }) => kinds.includes(element.name));
}
