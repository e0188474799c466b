import type { Module } from '../names/module.js';
import type { ClassDefinition, Name, Procedure, Script } from '../syntax.js';
import { checkConstant, checkName, checkVariable } from './declared.js';
import type { Report } from './finding.js';
import { checkProcedure } from './procedure-check.js';
import { Scope } from './scope.js';
import { ValueCheck } from './values.js';

/** Checks everything that one section defines. */
export function checkDefinitions(module: Module, script: Script, report: Report): void {
  const scope = new Scope(module, report);
  const values = new ValueCheck(scope);
  for (const { constant } of script.constants) {
    checkName(scope, constant);
    checkConstant(scope, values, constant.name, constant.value);
  }
  for (const { variable } of script.variables) {
    checkName(scope, variable);
    checkVariable(scope, values, variable);
  }
  for (const record of script.records) {
    for (const member of record.members) {
      checkVariable(scope, values, member);
      if (member.newArgs || member.shape === 'list') {
        report(member.at, `"${member.name}" of a Type is neither a List nor made with New`);
      }
    }
    checkTwice(record.members, report, `the Type "${record.name}"`);
  }
  for (const definition of script.classes) checkClass(module, definition, report);
  for (const procedure of script.procedures) {
    checkName(scope, procedure);
    checkProcedure(module, procedure, report);
  }
}

/** Reports names that a script defines twice, each where it is the second one. */
export function definedNames(script: Script): readonly Name[] {
  return [
    ...script.constants.map(({ constant }) => constant),
    ...script.variables.map(({ variable }) => variable),
    ...script.records,
    ...script.classes,
    ...partsOnce(script.procedures),
  ];
}

function checkClass(module: Module, definition: ClassDefinition, report: Report): void {
  const { name, base } = definition;
  const scope = new Scope(module, report);
  const values = new ValueCheck(scope);
  const shape = module.classOf(definition.key);
  const parent = base && module.classOf(base.key);
  if (base && !parent) report(base.at, `there is no class "${base.name}"`);
  if (base && parent?.isOfNotes) report(base.at, `a class is not made from the Notes class ${parent.name}`);
  if (base && shape && parent && module.lineage(parent).includes(shape)) {
    report(base.at, `the class "${name}" is made from itself`);
  }
  for (const { variable } of definition.members) checkVariable(scope, values, variable);
  checkTwice(
    [...definition.members.map(({ variable }) => variable), ...partsOnce(definition.methods)],
    report,
    `the Class "${name}"`,
  );
  for (const method of definition.methods) checkProcedure(module, method, report, shape);
}

/** Both parts of a property count as one name. */
function partsOnce(procedures: readonly Procedure[]): readonly Procedure[] {
  return procedures.filter(
    ({ kind, key }) => kind !== 'set' || !procedures.some((other) => other.kind === 'get' && other.key === key),
  );
}

function checkTwice(names: readonly Name[], report: Report, where: string): void {
  const seen = new Set<string>();
  for (const { name, key, at } of names) {
    if (seen.has(key)) report(at, `${where} has "${name}" twice`);
    seen.add(key);
  }
}
