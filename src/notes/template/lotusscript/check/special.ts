import type { Argument, Position } from '../syntax.js';
import type { Scope } from './scope.js';

/** What single functions of the language ask of their first argument. `key` is the function, `at` where it stands. */
export function checkSpecial(scope: Scope, key: string, args: readonly Argument[], at: Position): void {
  const first = args[0]?.value;
  if (!first) return;
  if (key === 'evaluate' && typeof scope.constantOf(first) !== 'string') {
    scope.report(at, 'the formula of Evaluate is a constant text: text that becomes code cannot be checked');
  }
  if (key === 'listtag' && !(first.kind === 'name' && scope.meaningOf(first.key)?.kind === 'alias')) {
    scope.report(at, 'ListTag is asked of the variable of a ForAll');
  }
  if (key === 'iselement' && first.kind !== 'apply') {
    scope.report(at, 'IsElement is asked of an element, such as a("x")');
  }
}
