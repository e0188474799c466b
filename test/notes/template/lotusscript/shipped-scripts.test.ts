import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkScript, type SectionText } from '../../../../src/notes/template/lotusscript/check.js';
import { mergeScripts } from '../../../../src/notes/template/lotusscript/merge.js';
import { parseScript } from '../../../../src/notes/template/lotusscript/parser.js';
import type { Script } from '../../../../src/notes/template/lotusscript/syntax.js';
import { scriptSections } from '../../../../src/notes/template/source/script-sections.js';
import { descendants, type XmlElement } from '../../../../src/notes/template/xml-tree.js';
import { builtDxl, treeOf } from '../../../support/template.js';

/** Elements of the template that hold LotusScript directly below themselves, with its sections. */
function scriptsOf(root: XmlElement): readonly { readonly holder: XmlElement; readonly sections: SectionText[] }[] {
  const found: { holder: XmlElement; sections: SectionText[] }[] = [];
  for (const holder of descendants(root)) {
    const sections: SectionText[] = [];
    for (const code of holder.children.filter(({ name }) => name === 'code')) {
      for (const script of code.children.filter(({ name }) => name === 'lotusscript')) {
        sections.push({ event: code.attributes.get('event') ?? '', text: script.text, firstLine: script.contentLine });
      }
    }
    if (sections.length > 0) found.push({ holder, sections });
  }
  return found;
}

describe.each(['en', 'de'] as const)('scripts of the template in %s', (language) => {
  const scripts = scriptsOf(treeOf(builtDxl(language)));

  const libraryOf = (name: string): Script | undefined => {
    const library = scripts.find(
      ({ holder }) => holder.name === 'scriptlibrary' && holder.attributes.get('name') === name,
    );
    if (!library) return undefined;
    return mergeScripts(
      library.sections.flatMap(({ text }) => {
        const outcome = parseScript(text);
        return outcome.ok ? [outcome.script] : [];
      }),
    );
  };

  test('are there', () => {
    expect(scripts.length).toBeGreaterThan(0);
  });

  test('have no findings', () => {
    const findings = scripts.flatMap(({ holder, sections }) =>
      checkScript(sections, libraryOf).map(
        ({ event, at, reason }) => `${holder.name} ${holder.attributes.get('name')} ${event} ${at.line}: ${reason}`,
      ),
    );
    expect(findings).toEqual([]);
  });
});

describe('the agent that installs the template', () => {
  test('has no findings', () => {
    const text = readFileSync('nsf-templates/install/install-presence.lss', 'utf8');
    const sections = scriptSections(text).map(({ event, firstLine, lines }) => ({
      event,
      firstLine,
      text: lines.join('\n'),
    }));
    expect(checkScript(sections).map(({ at, reason }) => `${at.line}: ${reason}`)).toEqual([]);
  });
});
