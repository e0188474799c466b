import { arityOf } from './functions/table.js';
import { FORMULA_LIMITS, type FormulaLimits } from './limits.js';
import { type ParseOutcome, parseFormula } from './parser.js';
import { type Expression, type Position, visit } from './syntax.js';

interface Complaint {
  readonly reason: string;
  readonly at: Position;
}

/** Reads a formula and checks that every function in it exists and has a possible number of arguments. */
export function compileFormula(source: string, limits: FormulaLimits = FORMULA_LIMITS): ParseOutcome {
  const outcome = parseFormula(source, limits);
  if (!outcome.ok) return outcome;
  const complaints: Complaint[] = [];
  visit(outcome.formula, (expression) => {
    const reason = expression.kind === 'call' ? complaintOf(expression) : undefined;
    if (reason) complaints.push({ reason, at: expression.at });
  });
  const [first] = complaints;
  return first ? { ok: false, ...first } : outcome;
}

function complaintOf(call: Extract<Expression, { kind: 'call' }>): string | undefined {
  const arity = arityOf(call.name);
  if (!arity) return `the function ${call.name} is not known`;
  const [least, most] = arity;
  if (call.args.length < least || call.args.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    return `${call.name} takes ${wanted} arguments, not ${call.args.length}`;
  }
  if (call.name === '@if' && call.args.length % 2 === 0) return '@if takes an odd number of arguments';
  return undefined;
}
