import { descendants, type XmlElement } from '../xml-tree.js';
import type { DesignNames } from './design-names.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';

/** Targets that Notes itself knows. */
const RESERVED = /^(_self|_blank|_top|_parent|NotesPreview|NotesView)$/;

/** Outline entries that need no link of their own. */
const SELF_FILLING = new Set(['otherviews', 'otherfolders', 'otherprivateviews', 'otherprivatefolders']);

/** Frames have names of their own, targets name a frame that exists, and entries of outlines lead somewhere. */
export function lintFrames(model: LintModel, names: DesignNames): Finding[] {
  const targets = model.subjects.slice(1).flatMap((subject) =>
    [...descendants(subject.element)].flatMap((element) =>
      ['targetframe', 'sclickframe', 'dclickframe'].flatMap((attribute) => {
        const name = element.attributes.get(attribute) ?? '';
        if (name === '' || RESERVED.test(name) || names.frames.has(name)) return [];
        return [finding(subject, element.line, 'frame', `${attribute}="${name}" names no frame`)];
      }),
    ),
  );
  return [
    ...targets,
    ...subjectsOf(model, 'frameset').flatMap(lintFrameset),
    ...subjectsOf(model, 'outline').flatMap(lintOutline),
  ];
}

function lintFrameset(subject: LintSubject): Finding[] {
  const seen = new Set<string>();
  const frames = [...descendants(subject.element)].filter(({ name }) => name === 'frame');
  const findings = frames.flatMap((frame): Finding[] => {
    const name = frame.attributes.get('name') ?? '';
    const report = (message: string): Finding[] => [finding(subject, frame.line, 'frame', message)];
    if (name === '') return report('a frame needs a name, or nothing can be shown in it');
    if (seen.has(name)) return report(`two frames have the name "${name}"`);
    seen.add(name);
    return [];
  });
  return [...findings, ...[...descendants(subject.element)].flatMap((element) => lintSizes(subject, element))];
}

/** `rows` and `columns` list one size for each frame or frameset inside. */
function lintSizes(subject: LintSubject, element: XmlElement): Finding[] {
  if (element.name !== 'frameset') return [];
  const parts = element.children.filter(({ name }) => name === 'frame' || name === 'frameset').length;
  return ['rows', 'columns'].flatMap((attribute) => {
    const sizes = (element.attributes.get(attribute) ?? '').split(/\s+/).filter((size) => size !== '').length;
    if (sizes === 0 || sizes === parts) return [];
    return [finding(subject, element.line, 'frame', `${attribute} lists ${sizes} sizes for ${parts} frames`)];
  });
}

function lintOutline(subject: LintSubject): Finding[] {
  const seen = new Set<string>();
  return subject.element.children.flatMap((entry): Finding[] => {
    if (entry.name !== 'outlineentry') return [];
    const report = (message: string): Finding[] => [finding(subject, entry.line, 'frame', message)];
    const type = entry.attributes.get('type') ?? 'none';
    const events = entry.children.map((child) => (child.name === 'code' ? child.attributes.get('event') : undefined));
    const label = entry.attributes.get('label') ?? '';
    const alias = entry.attributes.get('alias') ?? '';
    if (alias !== '' && seen.has(alias)) return report(`two entries have the alias "${alias}"`);
    seen.add(alias);
    if (SELF_FILLING.has(type)) return [];
    if (label === '' && !events.includes('label')) return report('the entry has no label');
    // The schema's notes name `value` for what an entry of this type does; Designer's own word is `click`.
    const acts = events.includes('value') || events.includes('click');
    if (type === 'action' && !acts) return report('the entry does nothing: it has no click');
    const link = entry.children.find((child) => child.name === type);
    if (/link$/.test(type) && type !== 'link' && !link) return report(`the entry leads nowhere: <${type}> is missing`);
    const isComputed = link?.children.some((child) => child.name === 'code');
    if (type === 'namedelementlink' && !isComputed && (link?.attributes.get('name') ?? '') === '') {
      return report('the entry leads nowhere: its link has no name');
    }
    return [];
  });
}
