import { readXml } from '../xml-tree.js';
import { lintActions } from './actions.js';
import { lintAgents } from './agents.js';
import { lintColours } from './colours.js';
import { lintColumns } from './columns.js';
import { designNames } from './design-names.js';
import { lintEvents } from './events.js';
import { lintFields } from './fields.js';
import type { Finding } from './finding.js';
import { lintFormulaNames } from './formula-names.js';
import { lintFormulas } from './formulas.js';
import { lintFrames } from './frames.js';
import { lintImages } from './images.js';
import { lintLimits } from './limits.js';
import { modelOf } from './model.js';
import { lintNames } from './names.js';
import { lintPrefix } from './prefix.js';
import { lintReferences } from './references.js';
import { lintRichText } from './rich-text.js';
import { lintRoles } from './roles.js';
import { lintScriptNames } from './script-names.js';
import { readScripts } from './scripts.js';
import { lintSharedColumns } from './shared-columns.js';
import { lintStructure } from './structure.js';
import { PRESENCE_SCHEMA, type TemplateSchema } from './template-schema.js';

/** Finds in a DXL database what no schema sees. The findings stand in the order of their lines; none means it is sound. */
export function lintTemplate(dxl: string, schema: TemplateSchema = PRESENCE_SCHEMA): Finding[] {
  const outcome = readXml(dxl);
  if (!outcome.ok) {
    const rule = outcome.reason.includes('DOCTYPE') ? 'doctype' : 'xml';
    return [{ element: 'database', line: outcome.line, rule, message: outcome.reason }];
  }
  const model = modelOf(outcome.root);
  const names = designNames(model);
  const reading = readScripts(model);
  return [
    ...lintStructure(model),
    ...lintNames(model),
    ...lintEvents(model),
    ...lintFormulas(model),
    ...lintFields(model, schema),
    ...lintReferences(model, names),
    ...lintFormulaNames(model, names, schema),
    ...reading.findings,
    ...lintScriptNames(model, reading.scripts, names, schema),
    ...lintRoles(model, names),
    ...lintColumns(model),
    ...lintSharedColumns(model),
    ...lintActions(model, names),
    ...lintFrames(model, names),
    ...lintAgents(model),
    ...lintPrefix(model, schema),
    ...lintLimits(model),
    ...lintRichText(model),
    ...lintColours(model),
    ...lintImages(model),
  ].sort((a, b) => a.line - b.line);
}
