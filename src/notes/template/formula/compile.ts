import { keywordComplaint, wantsKeyword } from './functions/keywords.js';
import { arityOf } from './functions/table.js';
import { FORMULA_LIMITS, type FormulaLimits } from './limits.js';
import { type ParseOutcome, parseFormula } from './parser.js';
import { type Expression, type Position, visit } from './syntax.js';

interface Complaint {
  readonly reason: string;
  readonly at: Position;
}

/**
 * Reads a formula and checks that every function in it exists, has a possible number of arguments, and knows the
 * keywords that stand in them.
 */
export function compileFormula(source: string, limits: FormulaLimits = FORMULA_LIMITS): ParseOutcome {
  const outcome = parseFormula(source, limits);
  if (!outcome.ok) return outcome;
  const complaints: Complaint[] = [];
  visit(outcome.formula, (expression) => {
    if (expression.kind === 'call') complaints.push(...complaintsOf(expression));
  });
  const [first] = complaints;
  return first ? { ok: false, ...first } : outcome;
}

type Call = Extract<Expression, { kind: 'call' }>;

function complaintsOf(call: Call): Complaint[] {
  const reason = countComplaint(call);
  if (reason) return [{ reason, at: call.at }];
  return call.args.flatMap((arg, position) => {
    const isLiteral = arg.kind === 'text' || arg.kind === 'number';
    if (isLiteral && wantsKeyword(call.name, position)) {
      return [{ reason: `${call.name} takes a keyword such as [Word] there`, at: arg.at }];
    }
    return keywordsIn(arg).flatMap(({ name, at }) => {
      const complaint = keywordComplaint(call.name, position, name);
      return complaint ? [{ reason: complaint, at }] : [];
    });
  });
}

function countComplaint(call: Call): string | undefined {
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

/** A keyword, or those of a list of them. */
function keywordsIn(expression: Expression): Extract<Expression, { kind: 'keyword' }>[] {
  if (expression.kind === 'keyword') return [expression];
  const isList = expression.kind === 'binary' && expression.operator === ':';
  return isList ? [...keywordsIn(expression.left), ...keywordsIn(expression.right)] : [];
}
