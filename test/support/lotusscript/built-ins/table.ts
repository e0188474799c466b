import { ARRAY_FUNCTIONS } from './arrays.js';
import type { BuiltInTable } from './definition.js';
import { NUMBER_FUNCTIONS } from './numbers.js';
import { SURROUNDING_FUNCTIONS } from './surroundings.js';
import { TEXT_FUNCTIONS } from './texts.js';
import { TIME_FUNCTIONS } from './times.js';

/** Functions of the language by name in lower case, without a type suffix. */
export const BUILT_INS: BuiltInTable = {
  ...ARRAY_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...SURROUNDING_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...TIME_FUNCTIONS,
};
