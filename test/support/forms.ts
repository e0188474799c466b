import type { Items } from '../../src/notes/item-value.js';
import { readDesign } from '../../src/notes/template/design/design.js';
import type { OpenRequest } from '../../src/notes/template/form/form-session.js';
import { openForm } from '../../src/notes/template/form/open-form.js';
import type { OpenBlock, OpenField, OpenForm, OpenInline } from '../../src/notes/template/form/open-model.js';
import { fieldsOf } from '../../src/notes/template/item-fields.js';

/** A database with one form `Test` of this body, and what else is given. */
export function databaseWith(body: string, others = '', formParts = ''): string {
  return `<database xmlns='http://www.lotus.com/dxl' title='Test'><form name='Test'>${formParts}<body><richtext>${body}</richtext></body></form>${others}</database>`;
}

/** What opening the form `Test` needs, in read mode, for a document with these items. */
export function requestFor(
  dxl: string,
  items: Items = {},
  options: Partial<Omit<OpenRequest, 'form' | 'subforms' | 'fields'>> = {},
): OpenRequest {
  const design = readDesign(dxl);
  const form = design.forms.find(({ alias }) => alias === 'Test');
  if (!form) throw new Error('there is no form Test');
  return { form, subforms: design.subforms, fields: fieldsOf(items), mode: 'read', ...options };
}

/** Opens the form `Test`. */
export function openTest(
  dxl: string,
  items: Items = {},
  options: Partial<Omit<OpenRequest, 'form' | 'subforms' | 'fields'>> = {},
): OpenForm {
  return openForm(requestFor(dxl, items, options));
}

/** All that stands in the paragraphs of an open form, in order. */
export function inlinesOf(blocks: readonly OpenBlock[]): OpenInline[] {
  return blocks.flatMap((block): OpenInline[] => {
    if (block.kind === 'paragraph') return [...block.parts];
    if (block.kind === 'section') return inlinesOf(block.blocks);
    return block.kind === 'table' ? block.rows.flat().flatMap((cell) => inlinesOf(cell.blocks)) : [];
  });
}

/** A field of an open form. */
export function fieldOf(form: OpenForm, name: string): OpenField {
  const found = inlinesOf(form.blocks).find((part): part is OpenField => part.kind === 'field' && part.name === name);
  if (!found) throw new Error(`the field ${name} is not shown`);
  return found;
}

/** What a reader sees of the paragraphs: texts and fields. */
export function wordsOf(form: OpenForm): string[] {
  return inlinesOf(form.blocks).flatMap((part) => (part.kind === 'text' || part.kind === 'field' ? [part.text] : []));
}

/** `<field>` with its formulas by event. */
export function fieldDxl(
  name: string,
  attributes: string,
  formulas: Readonly<Record<string, string>> = {},
  inner = '',
): string {
  const codes = Object.entries(formulas).map(
    ([event, formula]) => `<code event='${event}'><formula>${xml(formula)}</formula></code>`,
  );
  return `<field name='${name}' ${attributes}>${inner}${codes.join('')}</field>`;
}

export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
