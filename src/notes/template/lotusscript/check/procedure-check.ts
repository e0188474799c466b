import type { ClassShape } from '../names/class-shape.js';
import type { Module } from '../names/module.js';
import { describeType, type StaticType, UNKNOWN } from '../names/static-type.js';
import type { CaseTest, Expression, Name, Procedure, Statement, Variable } from '../syntax.js';
import { checkConstant, checkName, checkParameter, checkType, checkVariable } from './declared.js';
import type { Report } from './finding.js';
import { checkJumps } from './jumps.js';
import { Scope } from './scope.js';
import { checkAssignment, targetType } from './targets.js';
import { ValueCheck } from './values.js';

/** Checks a procedure of a script, or a method of the class `owner`. */
export function checkProcedure(module: Module, procedure: Procedure, report: Report, owner?: ClassShape): void {
  new ProcedureCheck(new Scope(module, report, procedure, owner)).check(procedure);
  checkJumps(procedure, report);
}

class ProcedureCheck {
  readonly #scope: Scope;
  readonly #values: ValueCheck;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#values = new ValueCheck(scope);
  }

  check(procedure: Procedure): void {
    for (const parameter of procedure.parameters) {
      checkParameter(this.#scope, parameter);
      const type = this.#scope.module.variableType({ ...parameter, bounds: [] });
      this.#scope.declare(parameter, { kind: 'variable', type });
      this.#checkResultName(parameter);
    }
    checkType(this.#scope, procedure.returns);
    for (const argument of procedure.baseArgs ?? []) this.#value(argument.value);
    this.#body(procedure.body);
  }

  #body(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'variables':
        for (const variable of statement.variables) this.#declare(variable);
        return;
      case 'constants':
        for (const constant of statement.constants) {
          checkName(this.#scope, constant);
          checkConstant(this.#scope, this.#values, constant.name, constant.value);
          this.#scope.declare(constant, { kind: 'constant', constant });
        }
        return;
      case 'redim':
        for (const variable of statement.variables) this.#redim(variable);
        return;
      case 'assign':
      case 'set': {
        const from = this.#values.typeOf(statement.value);
        checkAssignment(this.#scope, statement, targetType(this.#scope, this.#values, statement.target), from);
        return;
      }
      case 'call':
        this.#values.call(statement.callee, statement.args, statement.at);
        return;
      case 'if':
        for (const { condition, body } of statement.branches) {
          this.#plain(condition);
          this.#body(body);
        }
        this.#body(statement.otherwise ?? []);
        return;
      case 'select':
        this.#plain(statement.subject);
        for (const { tests, body } of statement.cases) {
          for (const test of tests) this.#caseTest(test);
          this.#body(body);
        }
        this.#body(statement.otherwise ?? []);
        return;
      case 'for':
        this.#for(statement);
        return;
      case 'forall':
        this.#forall(statement);
        return;
      case 'do':
        if (statement.test?.place === 'before') this.#plain(statement.test.condition);
        this.#body(statement.body);
        if (statement.test?.place === 'after') this.#plain(statement.test.condition);
        return;
      case 'while':
        this.#plain(statement.condition);
        this.#body(statement.body);
        return;
      case 'with':
        this.#with(statement);
        return;
      case 'on-error':
        if (statement.number) this.#plain(statement.number);
        return;
      case 'error':
        this.#plain(statement.number);
        if (statement.message) this.#plain(statement.message);
        return;
      case 'erase':
        for (const target of statement.targets) this.#erase(target);
        return;
      case 'delete':
        this.#delete(statement.target);
        return;
      case 'print':
        for (const value of statement.values) this.#plain(value);
        return;
      case 'on-event':
        this.#onEvent(statement);
        return;
      case 'exit':
      case 'end':
      case 'resume':
      case 'goto':
      case 'label':
        return;
    }
  }

  #declare(variable: Variable): void {
    checkName(this.#scope, variable);
    checkVariable(this.#scope, this.#values, variable);
    this.#checkResultName(variable);
    this.#scope.declare(variable, { kind: 'variable', type: this.#scope.module.variableType(variable) });
  }

  /** In a function, its own name is the result already. */
  #checkResultName({ name, key, at }: Name): void {
    const { procedure, report } = this.#scope;
    if (procedure?.key === key && procedure.kind !== 'sub') report(at, `"${name}" is the name of the procedure itself`);
  }

  #redim(variable: Variable): void {
    const { name, key, at } = variable;
    checkVariable(this.#scope, this.#values, variable, true);
    const meaning = this.#scope.meaningOf(key);
    const type =
      meaning?.kind === 'variable' ? meaning.type : meaning?.kind === 'member' ? meaning.member.type : undefined;
    if (type) {
      if (type.kind !== 'unknown' && type.kind !== 'array') {
        this.#scope.report(at, `"${name}" is ${describeType(type)} and no array`);
      }
      const isFixed = type.kind === 'array' && type.dimensions !== undefined;
      if (isFixed) this.#scope.report(at, `"${name}" has fixed bounds and is not given others`);
      return;
    }
    checkName(this.#scope, variable);
    // ReDim declares an array that nobody declared.
    const element = this.#scope.module.typeOf(variable.type) ?? UNKNOWN;
    this.#scope.declare(variable, { kind: 'variable', type: { kind: 'array', element } });
  }

  #for(statement: Extract<Statement, { kind: 'for' }>): void {
    const { variable, from, to, step, body } = statement;
    const type = targetType(this.#scope, this.#values, { kind: 'name', ...variable });
    if (type.kind !== 'unknown' && (type.kind !== 'value' || type.type === 'String')) {
      this.#scope.report(variable.at, `"${variable.name}" is ${describeType(type)} and does not count`);
    }
    for (const bound of step ? [from, to, step] : [from, to]) this.#plain(bound);
    this.#body(body);
  }

  #forall(statement: Extract<Statement, { kind: 'forall' }>): void {
    const { variable, source, body } = statement;
    const type = this.#values.typeOf(source);
    if (type.kind !== 'unknown' && type.kind !== 'array' && type.kind !== 'list') {
      this.#scope.report(source.at, `ForAll goes through an array or list, not ${describeType(type)}`);
    }
    checkName(this.#scope, variable);
    const meaning = this.#scope.meaningOf(variable.key);
    if (meaning?.kind === 'variable' || meaning?.kind === 'alias') {
      this.#scope.report(variable.at, `ForAll declares "${variable.name}" itself; it is declared already`);
      this.#body(body);
      return;
    }
    const element = type.kind === 'array' || type.kind === 'list' ? type.element : UNKNOWN;
    this.#scope.declare(variable, { kind: 'alias', type: element });
    this.#body(body);
    this.#scope.forget(variable.key);
  }

  #with(statement: Extract<Statement, { kind: 'with' }>): void {
    const type = this.#values.typeOf(statement.target);
    if (type.kind !== 'unknown' && type.kind !== 'object' && type.kind !== 'record') {
      this.#scope.report(statement.target.at, `With takes an object, not ${describeType(type)}`);
    }
    this.#scope.withs.push(type.kind === 'object' || type.kind === 'record' ? type : UNKNOWN);
    this.#body(statement.body);
    this.#scope.withs.pop();
  }

  #erase(target: Expression): void {
    const type = targetType(this.#scope, this.#values, target);
    if (type.kind === 'unknown' || type.kind === 'array' || type.kind === 'list' || target.kind === 'apply') return;
    this.#scope.report(target.at, `Erase takes an array, list or element, not ${describeType(type)}`);
  }

  #delete(target: Expression): void {
    const type = targetType(this.#scope, this.#values, target);
    if (type.kind === 'unknown' || type.kind === 'object') return;
    this.#scope.report(target.at, `Delete takes an object, not ${describeType(type)}`);
  }

  #onEvent({ source, handler }: Extract<Statement, { kind: 'on-event' }>): void {
    const type = this.#values.typeOf(source);
    if (type.kind !== 'unknown' && type.kind !== 'object') {
      this.#scope.report(source.at, `events come from an object, not from ${describeType(type)}`);
    }
    const meaning = handler && this.#scope.meaningOf(handler.key);
    if (handler && meaning?.kind !== 'procedure' && meaning?.kind !== 'member') {
      this.#scope.report(handler.at, `there is no sub "${handler.name}"`);
    }
  }

  #caseTest(test: CaseTest): void {
    for (const value of test.kind === 'range' ? [test.from, test.to] : [test.value]) this.#plain(value);
  }

  #value(expression: Expression): StaticType {
    return this.#values.typeOf(expression);
  }

  /** A value that must be a number or text. */
  #plain(expression: Expression): void {
    const type = this.#value(expression);
    if (type.kind === 'unknown' || type.kind === 'value') return;
    this.#scope.report(expression.at, `a number or text was expected, not ${describeType(type)}`);
  }
}
