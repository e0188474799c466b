import type { Exit, Name, Procedure, Statement } from '../syntax.js';
import type { Report } from './finding.js';

const PROCEDURE_EXITS: Readonly<Record<Procedure['kind'], Exit>> = {
  sub: 'sub',
  function: 'function',
  get: 'property',
  set: 'property',
};

/** Bodies inside a statement, in the order they are written. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [...statement.branches.map(({ body }) => body), ...(statement.otherwise ? [statement.otherwise] : [])];
    case 'select':
      return [...statement.cases.map(({ body }) => body), ...(statement.otherwise ? [statement.otherwise] : [])];
    case 'for':
    case 'forall':
    case 'do':
    case 'while':
    case 'with':
      return [statement.body];
    default:
      return [];
  }
}

/** Reports labels that are missing or there twice, and Exits outside of what they leave. */
export function checkJumps(procedure: Procedure, report: Report): void {
  const labels = new Map<string, Name>();
  const wanted: Name[] = [];
  const walk = (body: readonly Statement[], loops: readonly Exit[]): void => {
    for (const statement of body) {
      const { kind } = statement;
      if (kind === 'label') {
        const first = labels.get(statement.key);
        if (first) report(statement.at, `the label "${statement.name}" is there already in line ${first.at.line}`);
        else labels.set(statement.key, statement);
      }
      wanted.push(...labelsOf(statement));
      if (kind === 'exit' && ![...loops, PROCEDURE_EXITS[procedure.kind]].includes(statement.from)) {
        report(statement.at, `"Exit ${titleOf(statement.from)}" stands outside of a ${titleOf(statement.from)}`);
      }
      const inner: readonly Exit[] = kind === 'for' || kind === 'forall' || kind === 'do' ? [...loops, kind] : loops;
      for (const part of bodiesOf(statement)) walk(part, inner);
    }
  };
  walk(procedure.body, []);
  for (const { name, key, at } of wanted) {
    if (!labels.has(key)) report(at, `there is no label "${name}" in this procedure`);
  }
}

function labelsOf(statement: Statement): readonly Name[] {
  if (statement.kind === 'goto') return [statement.label];
  if (statement.kind === 'on-error') return statement.action.kind === 'goto' ? [statement.action.label] : [];
  if (statement.kind === 'resume') return statement.to.kind === 'label' ? [statement.to.label] : [];
  return [];
}

function titleOf(exit: Exit): string {
  return exit === 'forall' ? 'ForAll' : exit.charAt(0).toUpperCase() + exit.slice(1);
}
