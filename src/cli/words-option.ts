import { InvalidArgumentError } from '@commander-js/extra-typings';
import { VOCABULARIES, type Vocabulary } from '../presence/vocabularies.js';

/** Flags and explanation of the option that asks for words of other programs. */
export const WORDS_OPTION = [
  '--words <words>',
  `in words of other programs too: ${VOCABULARIES.join(', ')}`,
  wordsOf,
] as const;

/** Reads `graph,mistatus`. */
function wordsOf(text: string): readonly Vocabulary[] {
  const asked = text.split(',').map((word) => word.trim());
  const known = VOCABULARIES.filter((word) => asked.includes(word));
  const wrong = asked.find((word) => !known.some((one) => one === word));
  if (wrong === undefined) return known;
  throw new InvalidArgumentError(`"${wrong}" is none of ${VOCABULARIES.join(', ')}.`);
}
