import { describe, expect, test } from 'vitest';
import { PEOPLE_VIEWS } from '../../../src/notes/fields.js';
import { runFormula } from '../../../src/notes/template/design/formula-code.js';
import type { OutlineEntry } from '../../../src/notes/template/design/outline-design.js';
import { contextOf } from '../../../src/notes/template/formula/context.js';
import { number } from '../../../src/notes/template/formula/values.js';
import { buildTemplate } from '../../../src/notes/template/source/build.js';
import { readTemplateSource } from '../../../src/notes/template/source/source.js';
import { imagesOf } from '../../../src/notes/template/source/statuses.js';
import { readTexts } from '../../../src/notes/template/source/texts.js';
import { childrenOf, childText } from '../../../src/notes/template/xml-tree.js';
import { inlinesOf, wordsOf } from '../../support/forms.js';
import { elementOf, TEMPLATE_FOLDER, treeOf } from '../../support/template.js';
import { designOf, TemplateWorld } from '../../support/template-world.js';

const LANGUAGES = ['en', 'de'] as const;
const NOW = Date.UTC(2026, 0, 5, 12, 0, 0);
const ADMIN = ['[PresenceAdmin]'];

function labels(entries: readonly OutlineEntry[]): unknown[] {
  return entries.map(({ label }) => label);
}

describe.each(LANGUAGES)('the window in %s', (language) => {
  const { design } = designOf(language);
  const [outline] = design.outlines;

  test('opening the database shows outline and people', () => {
    expect(design.launch).toMatchObject({ whenOpened: 'openframeset', frameset: 'PresenceFrameset' });
    const [frameset] = design.framesets;
    expect(frameset?.parts).toMatchObject([
      { name: 'Navigation', targetFrame: 'Main', content: { type: 'page', name: 'PresenceOutline' } },
      { name: 'Main', content: { type: 'view', name: 'People' } },
    ]);
  });

  test('the page on the left shows the outline, and its links open on the right', () => {
    const [page] = design.pages;
    if (!page) throw new Error('there is no page');
    expect(page.alias).toBe('PresenceOutline');
    const xml = treeOf(designOf(language).dxl);
    const embedded = elementOf(xml, 'embeddedoutline', { outline: 'PresenceOutline' });
    expect(embedded.attributes.get('targetframe')).toBe('Main');
  });

  test('every entry leads to a view of the template, in the right frame', () => {
    const links = (outline?.entries ?? []).filter(({ type }) => type === 'namedelementlink');
    const views = new Set(design.views.map(({ alias }) => alias));
    expect(links.length).toBeGreaterThan(6);
    for (const { target, targetFrame } of links) {
      if (target?.kind !== 'element') throw new Error('a link was expected');
      expect(target.type).toBe('view');
      expect(views).toContain(target.name);
      expect(targetFrame).toBe('Main');
    }
    for (const view of PEOPLE_VIEWS) expect(links.map(({ alias }) => alias)).toContain(view);
  });

  test('an entry is called as its view is', () => {
    for (const { alias, label, type } of outline?.entries ?? []) {
      if (type !== 'namedelementlink') continue;
      expect(label).toBe(design.views.find((view) => view.alias === alias)?.title);
    }
  });

  test('the section of administrators, and nothing else, depends on the role', () => {
    const entries = outline?.entries ?? [];
    const hidden = entries.filter(({ hideWhen }) => hideWhen !== undefined);
    expect(hidden.map(({ alias }) => alias)).toEqual(['Administration', 'Problems', 'Bridges', 'Settings']);
    expect(new Set(labels(entries)).size).toBe(entries.length);
    for (const { hideWhen } of hidden) {
      const isHidden = (roles: readonly string[]) =>
        hideWhen && runFormula(hideWhen, contextOf(new Map(), { outside: { roles } }));
      expect(isHidden([])).toEqual(number(1));
      expect(isHidden(['[PresenceWriter]'])).toEqual(number(1));
      expect(isHidden(ADMIN)).toEqual(number(0));
    }
  });

  test('the last entries open the help documents', () => {
    const actions = (outline?.entries ?? []).filter(({ type }) => type === 'action');
    expect(actions.map(({ alias, click }) => [alias, click?.kind])).toEqual([
      ['Using', 'formula'],
      ['About', 'formula'],
    ]);
  });
});

describe.each(LANGUAGES)('help in %s', (language) => {
  const world = new TemplateWorld({ now: NOW, language, roles: ADMIN });
  const source = readTemplateSource(TEMPLATE_FOLDER);

  test('the Using document shows every icon with its words', () => {
    const { using } = world.design;
    if (!using || !source.statuses) throw new Error('it is missing');
    const opened = world.openWith(using);
    expect(opened.faults).toEqual([]);
    const pictures = inlinesOf(opened.blocks).flatMap((part) => (part.kind === 'picture' ? [part] : []));
    expect(pictures.map(({ image }) => image)).toEqual(imagesOf(source.statuses).map(({ name }) => name));
    for (const { image, alt } of pictures) {
      expect(alt).toBe(world.design.images.get(String(image))?.label);
      expect(wordsOf(opened).map((words) => words.trim())).toContain(alt);
    }
  });

  test('the Using document says whom to ask', () => {
    const { using } = world.design;
    if (!using) throw new Error('it is missing');
    const profile = { ContactAddress: 'helpdesk@contoso.example' };
    const asked = new TemplateWorld({ now: NOW, language, profile }).openWith(using);
    expect(wordsOf(asked).join(' ')).toContain('helpdesk@contoso.example');
  });

  test('the About document names roles and version', () => {
    const { about } = world.design;
    if (!about) throw new Error('it is missing');
    const words = wordsOf(world.openWith(about)).join(' ');
    expect(words).toContain('[PresenceWriter]');
    expect(words).toContain('[PresenceAdmin]');
    expect(words).toContain(`NotesPresenceBridge-${language}`);
  });
});

describe('the build marker', () => {
  const marker = (language: string, version?: string) =>
    elementOf(treeOf(buildTemplate({ folder: TEMPLATE_FOLDER, language, version }).dxl), 'sharedfield', {
      name: '$TemplateBuild',
    });
  const item = (element: ReturnType<typeof marker>, name: string) =>
    childrenOf(element, 'item').find((one) => one.attributes.get('name') === name);

  test.each(LANGUAGES)('of the %s template holds version, name and a date', (language) => {
    const element = marker(language, '1.2.3');
    const [version, name, date] = ['$TemplateBuild', '$TemplateBuildName', '$TemplateBuildDate'].map((one) =>
      item(element, one),
    );
    expect(version && childText(version, 'text')).toBe('1.2.3');
    expect(name && childText(name, 'text')).toBe(`NotesPresenceBridge-${language}`);
    expect(date && childText(date, 'datetime')).toMatch(/^\d{8}T000000,00\+00$/);
  });

  test('the same sources and version give the same bytes at any time', () => {
    const build = () => buildTemplate({ folder: TEMPLATE_FOLDER, language: 'en', version: '1.2.3' }).dxl;
    expect(build()).toBe(build());
  });

  test('without a version it is none that was ever released', () => {
    const version = item(marker('en'), '$TemplateBuild');
    expect(version && childText(version, 'text')).toBe('0.0.0');
  });
});

describe('texts', () => {
  test('of the help are short enough to be read', () => {
    for (const language of LANGUAGES) {
      const { entries } =
        readTemplateSource(TEMPLATE_FOLDER).languages.get(language) ?? readTexts({ path: '', text: '' });
      const help = [...entries].filter(([key]) => /^(using|about)\./.test(key)).map(([, words]) => words);
      expect(help.length).toBeGreaterThan(20);
      expect(Math.max(...help.map((words) => words.length))).toBeLessThan(200);
    }
  });
});
