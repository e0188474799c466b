import { type Arity, arityOf } from '../names/arity.js';
import type { Position, Script } from '../syntax.js';
import type { Report } from './finding.js';

const START: Position = { line: 1, column: 1 };

/** Events whose sub has a fixed number of parameters; a view's Queryopen has two, a form's four. */
const EVENT_PARAMETERS: ReadonlyMap<string, Arity> = new Map(
  `initialize 0, terminate 0, click 1, queryopen 2-4, postopen 1, querymodechange 2, postmodechange 1, querysave 2,
  postsave 1, queryclose 2, queryrecalc 2, postrecalc 1, entering 1, exiting 1`
    .split(',')
    .map((entry): [string, Arity] => {
      const [event = '', arity = ''] = entry.trim().split(' ');
      return [event, arityOf(arity)];
    }),
);

/** A section holds what its event says: options, declarations, or exactly the procedure of that name. */
export function checkSection(event: string, script: Script, firstLine: number, report: Report): void {
  const key = event.toLowerCase();
  const start = { ...START, line: firstLine };
  if (key === 'options') {
    const other = firstOf(script, ['constants', 'variables', 'records', 'classes', 'procedures']);
    if (other) report(other, 'the section "options" holds only Option and Use');
    return;
  }
  const option = script.uses[0]?.at;
  if (option) report(option, '"Use" belongs into the section "options"');
  if (script.options.isDeclare || script.options.isPublic || script.options.base || script.options.compare !== 'case') {
    report(start, '"Option" belongs into the section "options"');
  }
  if (key === 'declarations') {
    const procedure = script.procedures[0];
    if (procedure)
      report(procedure.at, `"${procedure.name}" belongs into a section of its own, not into "declarations"`);
    return;
  }
  const other = firstOf(script, ['constants', 'variables', 'records', 'classes']);
  if (other) report(other, `the section "${event}" holds nothing but "${event}"; this belongs into "declarations"`);
  checkOnlyProcedure(event, script, start, report);
}

function checkOnlyProcedure(event: string, script: Script, start: Position, report: Report): void {
  const key = event.toLowerCase();
  const found = script.procedures.find((procedure) => procedure.key === key);
  if (!found) report(start, `the section "${event}" has no Sub or Function "${event}"`);
  for (const procedure of script.procedures) {
    if (procedure.key !== key) report(procedure.at, `the section "${event}" holds "${procedure.name}", too`);
  }
  const wanted = EVENT_PARAMETERS.get(key);
  if (!found || !wanted) return;
  const { length } = found.parameters;
  if (found.kind !== 'sub') report(found.at, `the event "${event}" is a Sub`);
  else if (length < wanted.least || length > wanted.most) {
    report(found.at, `the Sub of the event "${event}" has ${wanted.most} parameters, not ${length}`);
  }
}

type Part = 'constants' | 'variables' | 'records' | 'classes' | 'procedures';

function firstOf(script: Script, parts: readonly Part[]): Position | undefined {
  const places: Position[] = [];
  if (parts.includes('constants')) places.push(...script.constants.map(({ constant }) => constant.at));
  if (parts.includes('variables')) places.push(...script.variables.map(({ variable }) => variable.at));
  if (parts.includes('records')) places.push(...script.records.map(({ at }) => at));
  if (parts.includes('classes')) places.push(...script.classes.map(({ at }) => at));
  if (parts.includes('procedures')) places.push(...script.procedures.map(({ at }) => at));
  return places.sort((one, other) => one.line - other.line || one.column - other.column)[0];
}
