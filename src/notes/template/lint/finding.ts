import type { LintSubject } from './model.js';

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
  | 'prefix'
  | 'default-view'
  | 'acl'
  | 'role'
  | 'event'
  | 'formula'
  | 'formula-mix'
  | 'formula-place'
  | 'view-time'
  | 'script'
  | 'field'
  | 'missing-field'
  | 'missing-element'
  | 'reference'
  | 'column'
  | 'shared-column'
  | 'paragraph'
  | 'table'
  | 'hide'
  | 'action'
  | 'agent'
  | 'frame'
  | 'colour'
  | 'image'
  | 'limit'
  | 'text'
  | 'schema';

export function finding(subject: LintSubject, line: number, rule: LintRule, message: string): Finding {
  return { element: subject.label, line, rule, message };
}
