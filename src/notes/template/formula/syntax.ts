/** Where a piece of text stands: both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type BinaryOperator = ':' | '*' | '/' | '+' | '-' | '=' | '<>' | '<' | '>' | '<=' | '>=' | '&' | '|';

export type Expression =
  | { readonly kind: 'text'; readonly value: string; readonly at: Position }
  | { readonly kind: 'number'; readonly value: number; readonly at: Position }
  /** A word in square brackets, such as `[CN]`, in capitals. */
  | { readonly kind: 'keyword'; readonly name: string; readonly at: Position }
  /** A field or temporary variable. `key` is its name in lower case: Notes names do not depend on case. */
  | { readonly kind: 'name'; readonly name: string; readonly key: string; readonly at: Position }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly at: Position }
  | {
      readonly kind: 'unary';
      readonly operator: '+' | '-' | '!';
      readonly operand: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      /** It stands in round brackets of its own. */
      readonly bracketed?: true;
      readonly at: Position;
    }
  | { readonly kind: 'subscript'; readonly list: Expression; readonly index: Expression; readonly at: Position }
  | {
      readonly kind: 'assign';
      /** `default` gives a value only where the document has no such field. */
      readonly target: 'variable' | 'field' | 'default';
      /** As written, and in lower case. */
      readonly name: string;
      readonly key: string;
      readonly value: Expression;
      readonly at: Position;
    };

export interface Statement {
  readonly kind: 'expression' | 'select';
  readonly value: Expression;
}

/** A formula that was read. Immutable; parse once, evaluate often. */
export interface Formula {
  readonly statements: readonly Statement[];
}

/** Direct parts of an expression, in the order they are written. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.args;
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'subscript':
      return [expression.list, expression.index];
    case 'assign':
      return [expression.value];
    case 'text':
    case 'number':
    case 'keyword':
    case 'name':
      return [];
  }
}

/** Calls back for every expression of a formula, outer ones first. */
export function visit(formula: Formula, callback: (expression: Expression) => void): void {
  const step = (expression: Expression): void => {
    callback(expression);
    for (const part of partsOf(expression)) step(part);
  };
  for (const statement of formula.statements) step(statement.value);
}
