import { error, number, text, textsOf, type Value, WRONG_TYPE } from '../values.js';
import type { FunctionTable } from './definition.js';

/** Functions of input fields: who fills in the form, and whether what stands in a field may be saved. */
export const FORM_FUNCTIONS: FunctionTable = {
  '@failure': { least: 1, most: 1, apply: ([words]) => refusal(words) },
  '@success': { least: 0, most: 0, apply: () => number(1) },
  '@username': { least: 0, most: 0, apply: (_, { userName = 'Anonymous' }) => text(userName) },
};

/** An input validation refuses by giving the words for the user. */
function refusal(words: Value | undefined): Value {
  const [first] = textsOf(words) ?? [];
  return first === undefined ? error(WRONG_TYPE) : text(first);
}
