import { childrenOf, descendants, type XmlElement } from '../xml-tree.js';
import type { DesignNames } from './design-names.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject } from './model.js';

/** Words of `hide` by element; the schema takes any text there (DTD, entities `*.hide.tokens`). */
const HIDE_WORDS: Readonly<Record<string, readonly string[]>> = {
  pardef: ['read', 'edit', 'print', 'copy', 'preview', 'previewedit', 'notes', 'web', 'mobile', 'embedded'],
  action: ['read', 'edit', 'preview', 'previewedit', 'notes', 'web', 'mobile'],
  outlineentry: ['notes', 'web', 'mobile'],
};
const NOTE_HIDE_WORDS = ['v3', 'v4', 'v4strict', 'v5', 'notes', 'web', 'mobile', 'design'];

/** Actions and buttons say what they do and do it; shared ones exist; `hide` holds words that Notes knows. */
export function lintActions(model: LintModel, names: DesignNames): Finding[] {
  return model.subjects.slice(1).flatMap((subject) => [
    ...lintHide(subject, subject.element, NOTE_HIDE_WORDS),
    ...[...descendants(subject.element)].flatMap((element) => {
      const words = element === subject.element ? undefined : HIDE_WORDS[element.name];
      return [
        ...(words ? lintHide(subject, element, words) : []),
        ...(element.name === 'action' ? lintAction(subject, element) : []),
        ...(element.name === 'button' ? lintButton(subject, element) : []),
        ...(element.name === 'sharedactionref' ? lintReference(subject, element, names) : []),
        ...(element.name === 'actionbar' || element.name === 'sharedactions' ? lintTitles(subject, element) : []),
      ];
    }),
  ]);
}

function lintHide(subject: LintSubject, element: XmlElement, known: readonly string[]): Finding[] {
  const words = (element.attributes.get('hide') ?? '').split(/\s+/).filter((word) => word !== '');
  return words
    .filter((word) => !known.includes(word))
    .map((word) =>
      finding(subject, element.line, 'hide', `hide="${word}": a ${element.name} knows ${known.join(', ')}`),
    );
}

function events(element: XmlElement): readonly (string | undefined)[] {
  return childrenOf(element, 'code').map((code) => code.attributes.get('event'));
}

function lintAction(subject: LintSubject, action: XmlElement): Finding[] {
  const report = (message: string): Finding => finding(subject, action.line, 'action', message);
  const isSeparator = action.attributes.get('displaytype') === 'menuseparator';
  const isSystem = action.attributes.has('systemcommand');
  const findings: Finding[] = [];
  if ((action.attributes.get('title') ?? '').trim() === '' && !isSeparator) {
    findings.push(report('the action needs a title: menus show it'));
  }
  if (!isSeparator && !isSystem && !events(action).includes('click')) {
    findings.push(report('the action does nothing: it has no click'));
  }
  return findings;
}

function lintButton(subject: LintSubject, button: XmlElement): Finding[] {
  const findings: Finding[] = [];
  const words = [...descendants(button)].filter(({ name }) => !['formula', 'lotusscript', 'javascript'].includes(name));
  if (words.every(({ text }) => text.trim() === '') && !events(button).includes('label')) {
    findings.push(finding(subject, button.line, 'action', 'the button has no label'));
  }
  if (!events(button).includes('click')) {
    findings.push(finding(subject, button.line, 'action', 'the button does nothing: it has no click'));
  }
  return findings;
}

function lintReference(subject: LintSubject, reference: XmlElement, names: DesignNames): Finding[] {
  const id = reference.attributes.get('id') ?? '';
  if (names.sharedActions.has(id)) return [];
  return [finding(subject, reference.line, 'reference', `there is no shared action with the id "${id}"`)];
}

/** Two actions of one title or one id cannot be told apart. */
function lintTitles(subject: LintSubject, bar: XmlElement): Finding[] {
  const seen = new Set<string>();
  return childrenOf(bar, 'action').flatMap((action) =>
    ['title', 'id'].flatMap((attribute) => {
      const value = action.attributes.get(attribute) ?? '';
      const key = `${attribute} ${value}`;
      if (value === '' || !seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [finding(subject, action.line, 'duplicate', `two actions have the ${attribute} "${value}"`)];
    }),
  );
}
