import { bad, ok, type Result } from '../../../presence/result.js';
import { FAULTS } from './catalogue.js';
import type { FaultAction } from './fault.js';
import { type FaultScope, readScope } from './scope.js';

/** A fault as somebody chose it: what it does, and whom and when it concerns. */
export interface FaultSpec {
  readonly name: string;
  /** As it was written. */
  readonly text: string;
  readonly action: FaultAction;
  readonly scope: FaultScope;
}

/** Reads `name`, `name=value` or `name=value;key=value,key=value`, such as `cut=1000;from=5s,count=1`. */
export function readFault(text: string): Result<FaultSpec> {
  const [what = '', scopeText] = split(text, ';');
  const [name = '', value] = split(what, '=');
  const entry = FAULTS.find((fault) => fault.name === name);
  if (!entry) return bad(`there is no fault "${name}"; known are ${FAULTS.map((fault) => fault.name).join(', ')}`);
  const action = entry.read(value);
  if (!action.ok) return bad(`${name}: ${action.reason}`);
  const scope = scopeText === undefined ? ok<FaultScope>({}) : readScope(scopeText);
  if (!scope.ok) return bad(`${name}: ${scope.reason}`);
  return ok({ name, text, action: action.value, scope: scope.value });
}

/** The text before the first mark and, when there is one, what stands behind it. */
function split(text: string, mark: string): readonly [before: string, behind: string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text.trim(), undefined] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
