import { descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject } from './model.js';

/** Paragraphs: each style is defined before it is used, and once. */
export function lintRichText(model: LintModel): Finding[] {
  return model.subjects
    .slice(1)
    .flatMap((subject) =>
      [...descendants(subject.element)]
        .filter((element) => element.name === 'richtext')
        .flatMap((text) => lintParagraphs(subject, text)),
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
