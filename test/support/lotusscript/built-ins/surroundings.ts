import { messageOf, StandInFault } from '../script-error.js';
import { EMPTY, int, str } from '../values.js';
import { type BuiltInTable, builtIn, numberAt, textAt } from './definition.js';

/** Functions that reach out of the script. */
export const SURROUNDING_FUNCTIONS: BuiltInTable = {
  error: builtIn(0, 1, (args, { currentError }) =>
    str(args[0] ? messageOf(numberAt(args, 0)) : (currentError?.message ?? '')),
  ),
  environ: builtIn(1, 1, (args, { surroundings }) => str(surroundings.environment(textAt(args, 0)))),
  messagebox: builtIn(1, 3, (args, { surroundings }) => {
    surroundings.print(textAt(args, 0));
    return int(1);
  }),
  msgbox: builtIn(1, 3, (args, { surroundings }) => {
    surroundings.print(textAt(args, 0));
    return int(1);
  }),
  inputbox: builtIn(1, 3, (args, { surroundings }) => str(surroundings.input(args[2] ? textAt(args, 2) : ''))),
  randomize: builtIn(0, 1, () => EMPTY),
  doevents: builtIn(0, 0, () => int(0)),
  yield: builtIn(0, 0, () => EMPTY),
  sleep: builtIn(1, 1, () => EMPTY),
  createobject: builtIn(1, 1, (args, { surroundings }) => {
    if (!surroundings.createObject) throw new StandInFault(`CreateObject(${textAt(args, 0)}) has no stand-in`);
    return surroundings.createObject(textAt(args, 0));
  }),
  evaluate: builtIn(1, 2, (args, { surroundings }) => {
    if (!surroundings.evaluate) throw new StandInFault('Evaluate has no stand-in here');
    return surroundings.evaluate(textAt(args, 0), args[1]);
  }),
};
