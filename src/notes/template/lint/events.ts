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
  ['outlineentry', new Set(['label', 'displayvalue', 'hidewhen', 'click', 'value', 'targetframe'])],
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

/** Every `code` element names an event that its parent has. */
export function lintEvents(model: LintModel): Finding[] {
  return model.subjects
    .slice(1)
    .flatMap((subject) => [...descendants(subject.element)].flatMap((parent) => lintParent(subject, parent)));
}

function lintParent(subject: LintSubject, parent: XmlElement): Finding[] {
  const known = EVENTS.get(parent.name);
  const seen = new Set<string>();
  return parent.children.flatMap((code) => {
    const event = code.attributes.get('event') ?? '';
    // Scripts have subs and functions with names of their own.
    if (code.name !== 'code' || !known || code.children.some((child) => child.name === 'lotusscript')) return [];
    if (!known.has(event)) return [finding(subject, code.line, 'event', `a ${parent.name} has no event "${event}"`)];
    if (seen.has(event)) return [finding(subject, code.line, 'event', `the event "${event}" stands here twice`)];
    seen.add(event);
    return [];
  });
}
