import { booleanArg, method, type NativeClass, property, textArg } from '../native.js';
import { bool, long, str } from '../values.js';
import type { NotesWorld } from './world.js';

export interface LogState {
  readonly world: NotesWorld;
  program: string;
  actions: number;
  errors: number;
  logsActions: boolean;
  logsErrors: boolean;
}

/** All kinds of logs end in the same lines: a test asks what was said, not where. */
export const NOTES_LOG: NativeClass<LogState> = {
  name: 'NotesLog',
  members: {
    programname: property(
      ({ program }) => str(program),
      (state, value) => {
        if (value.kind === 'string') state.program = value.value;
      },
    ),
    numactions: property(({ actions }) => long(actions)),
    numerrors: property(({ errors }) => long(errors)),
    logactions: property(
      ({ logsActions }) => bool(logsActions),
      (state, value) => {
        state.logsActions = booleanArg([value], 0);
      },
    ),
    logerrors: property(
      ({ logsErrors }) => bool(logsErrors),
      (state, value) => {
        state.logsErrors = booleanArg([value], 0);
      },
    ),
    openagentlog: method(0, 0, () => undefined),
    openfilelog: method(1, 1, () => undefined),
    opennoteslog: method(2, 2, () => undefined),
    logaction: method(1, 1, (state, args) => {
      state.actions += 1;
      if (state.logsActions) state.world.log.push(textArg(args, 0));
      return undefined;
    }),
    logerror: method(2, 2, (state, args) => {
      state.errors += 1;
      if (state.logsErrors) state.world.log.push(`error ${textArg(args, 0)}: ${textArg(args, 1)}`);
      return undefined;
    }),
    close: method(0, 0, () => undefined),
  },
};

export function logOf(world: NotesWorld, program: string): LogState {
  return { world, program, actions: 0, errors: 0, logsActions: true, logsErrors: true };
}
