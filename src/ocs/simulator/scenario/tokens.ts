import { bad, ok, type Result } from '../../../presence/result.js';

/** A word or a quoted text of a step. */
export interface Token {
  readonly kind: 'word' | 'text';
  readonly value: string;
  /** Characters of the step before it. */
  readonly at: number;
}

const MAX_STEP_LENGTH = 1000;

/** Cuts a step at blanks; what stands between double quotes is one text. A comma ends a word and is dropped. */
export function tokensOf(step: string): Result<readonly Token[]> {
  if (step.length > MAX_STEP_LENGTH) return bad(`a step has at most ${MAX_STEP_LENGTH} characters`);
  const tokens: Token[] = [];
  for (const match of step.matchAll(/"([^"]*)"|[^\s"]+|"/gu)) {
    const [all, text] = match;
    if (all === '"') return bad('the closing " is missing');
    const value = text ?? all.replace(/,$/, '');
    if (value !== '' || text !== undefined)
      tokens.push({ kind: text === undefined ? 'word' : 'text', value, at: match.index });
  }
  return ok(tokens);
}
