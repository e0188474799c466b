import type {
  Case,
  CaseTest,
  Exit,
  Expression,
  Name,
  Position,
  Statement,
} from '../../../src/notes/template/lotusscript/syntax.js';
import { ERROR, ScriptError } from './script-error.js';

/** Statements that go to the next one, whatever happens. */
export type SimpleStatement = Extract<
  Statement,
  {
    kind:
      | 'variables'
      | 'constants'
      | 'redim'
      | 'assign'
      | 'set'
      | 'call'
      | 'on-error'
      | 'resume'
      | 'error'
      | 'erase'
      | 'delete'
      | 'print'
      | 'on-event';
  }
>;

/** A procedure as a row of instructions: so `GoTo` and `Resume` may lead anywhere. Targets are indexes. */
export type Instruction = { readonly at: Position; readonly withs: number } & (
  | { readonly op: 'statement'; readonly statement: SimpleStatement }
  | { readonly op: 'jump'; readonly to: Target }
  /** Jumps when the condition is not as `unless` says. */
  | { readonly op: 'branch'; readonly condition: Expression; readonly unless: boolean; readonly to: Target }
  | { readonly op: 'subject'; readonly slot: number; readonly subject: Expression }
  | { readonly op: 'case'; readonly slot: number; readonly tests: readonly CaseTest[]; readonly otherwise: Target }
  | {
      readonly op: 'for';
      readonly slot: number;
      readonly variable: Name;
      readonly from: Expression;
      readonly limit: Expression;
      readonly step?: Expression;
      readonly exit: Target;
    }
  | { readonly op: 'next'; readonly slot: number; readonly variable: Name; readonly body: Target }
  | { readonly op: 'forall'; readonly slot: number; readonly source: Expression }
  | { readonly op: 'each'; readonly slot: number; readonly variable: Name; readonly exit: Target }
  | { readonly op: 'with'; readonly target: Expression }
  | { readonly op: 'leave' }
  | { readonly op: 'end' }
);

export interface Target {
  index: number;
}

export interface Flow {
  readonly instructions: readonly Instruction[];
  readonly labels: ReadonlyMap<string, Target>;
}

type Unplaced = Instruction extends infer One ? (One extends Instruction ? Omit<One, 'at' | 'withs'> : never) : never;

/** Flattens a body. */
export function flowOf(body: readonly Statement[]): Flow {
  const instructions: Instruction[] = [];
  const labels = new Map<string, Target>();
  const exits: { readonly from: Exit; readonly to: Target }[] = [];
  let slots = 0;
  let withs = 0;

  const emit = (instruction: Unplaced, at: Position): void => {
    instructions.push({ ...instruction, at, withs } as Instruction);
  };
  const here = (target: Target): void => {
    target.index = instructions.length;
  };
  const label = (name: Name): Target => {
    const known = labels.get(name.key) ?? { index: -1 };
    labels.set(name.key, known);
    return known;
  };
  const loop = (from: Exit, statements: readonly Statement[], exit: Target): void => {
    exits.push({ from, to: exit });
    all(statements);
    exits.pop();
  };
  const cases = (
    list: readonly Case[],
    slot: number,
    otherwise: readonly Statement[] | undefined,
    at: Position,
  ): void => {
    const done: Target = { index: -1 };
    for (const { tests, body: inner, at: place } of list) {
      const next: Target = { index: -1 };
      emit({ op: 'case', slot, tests, otherwise: next }, place);
      all(inner);
      emit({ op: 'jump', to: done }, at);
      here(next);
    }
    all(otherwise ?? []);
    here(done);
  };

  const all = (statements: readonly Statement[]): void => {
    for (const statement of statements) one(statement);
  };
  const one = (statement: Statement): void => {
    const { at } = statement;
    switch (statement.kind) {
      case 'if': {
        const done: Target = { index: -1 };
        for (const branch of statement.branches) {
          const next: Target = { index: -1 };
          emit({ op: 'branch', condition: branch.condition, unless: true, to: next }, branch.at);
          all(branch.body);
          emit({ op: 'jump', to: done }, at);
          here(next);
        }
        all(statement.otherwise ?? []);
        here(done);
        return;
      }
      case 'select': {
        const slot = slots++;
        emit({ op: 'subject', slot, subject: statement.subject }, at);
        cases(statement.cases, slot, statement.otherwise, at);
        return;
      }
      case 'for': {
        const [slot, exit, inner] = [slots++, { index: -1 }, { index: -1 }];
        const { variable, from, to: limit, step } = statement;
        emit({ op: 'for', slot, variable, from, limit, ...(step && { step }), exit }, at);
        here(inner);
        loop('for', statement.body, exit);
        emit({ op: 'next', slot, variable, body: inner }, at);
        here(exit);
        return;
      }
      case 'forall': {
        const [slot, exit, each] = [slots++, { index: -1 }, { index: -1 }];
        emit({ op: 'forall', slot, source: statement.source }, at);
        here(each);
        emit({ op: 'each', slot, variable: statement.variable, exit }, at);
        loop('forall', statement.body, exit);
        emit({ op: 'jump', to: each }, at);
        here(exit);
        return;
      }
      case 'while':
      case 'do': {
        const [start, exit] = [{ index: -1 }, { index: -1 }];
        const test =
          statement.kind === 'do'
            ? statement.test
            : ({ place: 'before', until: false, condition: statement.condition } as const);
        here(start);
        if (test?.place === 'before') {
          emit({ op: 'branch', condition: test.condition, unless: !test.until, to: exit }, at);
        }
        if (statement.kind === 'do') loop('do', statement.body, exit);
        else all(statement.body);
        if (test?.place === 'after') {
          emit({ op: 'branch', condition: test.condition, unless: test.until, to: start }, at);
        } else emit({ op: 'jump', to: start }, at);
        here(exit);
        return;
      }
      case 'with': {
        emit({ op: 'with', target: statement.target }, at);
        withs += 1;
        all(statement.body);
        withs -= 1;
        return;
      }
      case 'exit': {
        const target = exits.findLast((exit) => exit.from === statement.from);
        emit(target ? { op: 'jump', to: target.to } : { op: 'leave' }, at);
        return;
      }
      case 'end':
        emit({ op: 'end' }, at);
        return;
      case 'goto':
        emit({ op: 'jump', to: label(statement.label) }, at);
        return;
      case 'label':
        here(label(statement));
        return;
      default:
        emit({ op: 'statement', statement }, at);
        return;
    }
  };

  all(body);
  for (const [key, target] of labels) {
    if (target.index < 0) throw new ScriptError(ERROR.notDefined, `Label is not defined: ${key}`);
  }
  return { instructions, labels };
}
