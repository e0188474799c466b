import type { Items } from '../../src/notes/item-value.js';
import { compileFormula } from '../../src/notes/template/formula/compile.js';
import { contextOf, type FormulaContext } from '../../src/notes/template/formula/context.js';
import { evaluate } from '../../src/notes/template/formula/evaluate.js';
import type { Value } from '../../src/notes/template/formula/values.js';
import { fieldsOf } from '../../src/notes/template/item-fields.js';
import { buildTemplate } from '../../src/notes/template/source/build.js';
import { descendants, readXml, type XmlElement } from '../../src/notes/template/xml-tree.js';

/** Folder of the shipped template. */
export const TEMPLATE_FOLDER = 'nsf-templates/presence';

/** The built DXL of the shipped template. */
export function builtDxl(language: 'en' | 'de' = 'en'): string {
  return buildTemplate({ folder: TEMPLATE_FOLDER, language }).dxl;
}

/** The tree of a DXL text that is known to be sound. */
export function treeOf(dxl: string): XmlElement {
  const outcome = readXml(dxl);
  if (!outcome.ok) throw new Error(`line ${outcome.line}: ${outcome.reason}`);
  return outcome.root;
}

/** The only element of that kind and with these attributes. */
export function elementOf(root: XmlElement, name: string, attributes: Readonly<Record<string, string>>): XmlElement {
  const found = [...descendants(root)].find(
    (element) =>
      element.name === name &&
      Object.entries(attributes).every(([key, value]) => element.attributes.get(key) === value),
  );
  if (!found) throw new Error(`no <${name}> with ${JSON.stringify(attributes)}`);
  return found;
}

/** Runs the first formula inside an element on a document. */
export function runFormulaOf(
  element: XmlElement,
  items: Items,
  options: Partial<Omit<FormulaContext, 'field'>> = {},
): Value {
  const formula = [...descendants(element)].find((inner) => inner.name === 'formula');
  const outcome = compileFormula(formula?.text ?? '');
  if (!outcome.ok) throw new Error(outcome.reason);
  return evaluate(outcome.formula, contextOf(fieldsOf(items), options));
}
