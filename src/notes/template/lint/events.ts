import { descendants, type XmlElement } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import type { LintModel, LintSubject } from './model.js';

const OPENING = ['queryopen', 'postopen', 'queryclose'];
const CLIENT = [
  'onload',
  'onunload',
  'onsubmit',
  'onhelp',
  'helprequest',
  'jsheader',
  'htmlhead',
  'htmlbody',
  'htmlattributes',
];
const SCRIPT = ['options', 'declarations', 'initialize', 'terminate'];
const VIEW = [
  'selection',
  'form',
  'targetframe',
  'helprequest',
  'onhelp',
  'showsinglecategory',
  'alternatehtml',
  'queryopendocument',
  'queryaddtofolder',
  'queryrecalc',
  'postrecalc',
  'regiondoubleclick',
  'querydragdrop',
  'postdragdrop',
  'querypaste',
  'postpaste',
  'queryentryresize',
  'postentryresize',
  ...OPENING,
  ...SCRIPT,
];
const PAGE = [
  'windowtitle',
  'webqueryopen',
  'webquerysave',
  'targetframe',
  'queryrecalc',
  'postrecalc',
  'querymodechange',
  'postmodechange',
  'querysave',
  'postsave',
  'querysend',
  'postsend',
  ...OPENING,
  ...CLIENT,
  ...SCRIPT,
];
const FIELD = [
  'defaultvalue',
  'inputtranslation',
  'inputvalidation',
  'inputenabled',
  'htmlattributes',
  'entering',
  'exiting',
  'onchange',
  ...SCRIPT,
];
const BUTTON = ['click', 'hidewhen', 'label', 'parentlabel', 'targetframe', 'objectexecute', ...SCRIPT];

/**
 * Events that may stand in a parent. The schema takes any word here, and an importer drops what it does not know, so
 * a misspelt event would be a formula that never runs.
 */
const EVENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map<string, ReadonlySet<string>>([
  ['view', new Set(VIEW)],
  ['folder', new Set(VIEW)],
  ['column', new Set(['value', 'hidewhen'])],
  ['form', new Set(PAGE)],
  ['page', new Set(PAGE)],
  ['subform', new Set(PAGE)],
  ['field', new Set(FIELD)],
  ['pardef', new Set(['hidewhen'])],
  ['imageref', new Set(['value'])],
  ['subformref', new Set(['value'])],
  ['computedtext', new Set(['value'])],
  ['action', new Set(BUTTON)],
  ['button', new Set(BUTTON)],
  ['picture', new Set([...BUTTON, 'value'])],
  ['actionhotspot', new Set(BUTTON)],
  ['outlineentry', new Set(['label', 'parentlabel', 'displayvalue', 'hidewhen', 'click', 'value', 'targetframe'])],
  ['namedelementlink', new Set(['value'])],
  ['urllink', new Set(['value'])],
  ['popup', new Set(['value'])],
  ['sectiontitle', new Set(['value'])],
  ['section', new Set(['hidewhen', 'value'])],
  ['frameset', new Set(['windowtitle', 'htmlhead'])],
  ['bordercaption', new Set(['value'])],
  ['embeddedview', new Set(['showsinglecategory', 'value'])],
  ['globals', new Set(SCRIPT)],
  ['agent', new Set(['action', ...SCRIPT])],
  ['scriptlibrary', new Set(['library', ...SCRIPT])],
  [
    'databasescript',
    new Set([
      ...OPENING,
      ...SCRIPT,
      'querydocumentdelete',
      'querydocumentundelete',
      'postdocumentdelete',
      'querydroptoarchive',
      'postdroptoarchive',
      'querydragdrop',
      'postdragdrop',
    ]),
  ],
]);

/** Events whose code is a formula, and those whose code is a script; others may be either (DTD, entities `code.*.events`). */
const FORMULA_ONLY = new Set([
  ...['defaultvalue', 'inputtranslation', 'inputvalidation', 'inputenabled', 'windowtitle', 'webqueryopen'],
  ...['webquerysave', 'hidewhen', 'value', 'selection', 'form', 'htmlattributes', 'htmlhead', 'htmlbody'],
  ...['targetframe', 'helprequest', 'alternatehtml', 'showsinglecategory', 'label', 'parentlabel', 'displayvalue'],
]);
const SCRIPT_ONLY = new Set([...SCRIPT, 'entering', 'exiting', 'onchange', 'objectexecute']);

const PROCEDURE = /^\s*(?:Public\s+|Private\s+)?(?:Static\s+)?(?:Sub|Function|Property\s+[GS]et)\s+(\w+)/im;

/** Every `code` element names an event that its parent has, once, in a language that the event takes. */
export function lintEvents(model: LintModel): Finding[] {
  return model.subjects
    .slice(1)
    .flatMap((subject) => [...descendants(subject.element)].flatMap((parent) => lintParent(subject, parent)));
}

function lintParent(subject: LintSubject, parent: XmlElement): Finding[] {
  const known = EVENTS.get(parent.name);
  const seen = new Set<string>();
  return parent.children.flatMap((code) => {
    if (code.name !== 'code') return [];
    const event = code.attributes.get('event') ?? '';
    const report = (message: string): Finding[] => [finding(subject, code.line, 'event', message)];
    const script = code.children.find((child) => child.name === 'lotusscript');
    if (!known) return report(`a ${parent.name} has no events`);
    if (!known.has(event)) {
      // Scripts have subs and functions with names of their own.
      const procedure = script && PROCEDURE.exec(script.text)?.[1];
      if (procedure === undefined) return report(`a ${parent.name} has no event "${event}"`);
      if (procedure.toLowerCase() !== event.toLowerCase()) {
        return report(`the section "${event}" holds "${procedure}"`);
      }
    }
    // Several clients may have code of their own for one event.
    const key = `${event.toLowerCase()} ${code.attributes.get('for') ?? ''}`;
    if (seen.has(key)) return report(`the event "${event}" stands here twice`);
    seen.add(key);
    if (script && FORMULA_ONLY.has(event)) return report(`the event "${event}" takes a formula, not a script`);
    const isFormula = code.children.some((child) => child.name === 'formula');
    if (isFormula && SCRIPT_ONLY.has(event)) return report(`the event "${event}" takes a script, not a formula`);
    return [];
  });
}
