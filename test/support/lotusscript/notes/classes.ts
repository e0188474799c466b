import { native, selfArg, textArg } from '../native.js';
import type { NativeWorld } from '../native-world.js';
import { StandInFault } from '../script-error.js';
import { int, long, type Value } from '../values.js';
import { databaseOf, NOTES_DATABASE, newDocument, tryOpen } from './database.js';
import { dateTimeOf } from './date-time.js';
import { IMPORT_CONSTANTS } from './importer.js';
import { JSON_CONSTANTS } from './json.js';
import { logOf, NOTES_LOG } from './log.js';
import { notesName } from './names.js';
import { NOTES_SESSION, type SessionState } from './session.js';
import { NOTES_UI_WORKSPACE } from './workspace.js';
import type { NotesWorld } from './world.js';

const CONSTANTS: Readonly<Record<string, Value>> = {
  ...IMPORT_CONSTANTS,
  ...JSON_CONSTANTS,
  dbsign_doc_all: int(32_767),
  acllevel_noaccess: int(0),
  acllevel_depositor: int(1),
  acllevel_reader: int(2),
  acllevel_author: int(3),
  acllevel_editor: int(4),
  acllevel_designer: int(5),
  acllevel_manager: int(6),
  eol_crlf: long(0),
  eol_lf: long(1),
  eol_cr: long(2),
  eol_platform: long(3),
  eol_none: long(5),
  pi: { kind: 'double', value: Math.PI },
};

/** The Notes classes over a world, for an interpreter. */
export function notesClasses(world: NotesWorld): NativeWorld {
  const { current } = world;
  const session: SessionState = {
    world,
    current: current && { world, server: current.server, file: current.file, open: current },
  };
  return {
    constant: (key) => (Object.hasOwn(CONSTANTS, key) ? CONSTANTS[key] : undefined),
    create: (className, args) => {
      switch (className.toLowerCase()) {
        case 'notessession':
          return native(NOTES_SESSION, session);
        case 'notesuiworkspace':
          return native(NOTES_UI_WORKSPACE, { world });
        case 'notesdatabase': {
          const state = databaseOf(world, textArg(args, 0), textArg(args, 1));
          if (state.file !== '') tryOpen(state);
          return native(NOTES_DATABASE, state);
        }
        case 'notesdocument':
          return newDocument(selfArg(args, 0, NOTES_DATABASE));
        case 'notesname':
          return notesName(textArg(args, 0));
        case 'notesdatetime':
          return dateTimeOf(args[0], world);
        case 'noteslog':
          return native(NOTES_LOG, logOf(world, textArg(args, 0)));
        default:
          throw new StandInFault(`New ${className} has no stand-in`);
      }
    },
  };
}
