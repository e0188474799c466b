import { method, type NativeClass, numberArg, property, textArg } from '../native.js';
import { ERROR, ScriptError } from '../script-error.js';
import { bool, long, str } from '../values.js';
import type { NotesWorld } from './world.js';

/** A stream of text; positions count characters. */
export interface StreamState {
  readonly world: NotesWorld;
  path: string | undefined;
  text: string;
  position: number;
  charset: string;
  /** It was read or written since it was opened: then it is no input for the importer any more. */
  isUsed: boolean;
}

const END_OF_LINE = ['\r\n', '\n', '\r', '\n', '', ''];

export const NOTES_STREAM: NativeClass<StreamState> = {
  name: 'NotesStream',
  members: {
    bytes: property(({ text }) => long(Buffer.byteLength(text))),
    charset: property(({ charset }) => str(charset)),
    iseos: property(({ text, position }) => bool(position >= text.length)),
    isreadonly: property(() => bool(false)),
    position: property(
      ({ position }) => long(position),
      (state, value) => {
        if ('value' in value) state.position = Number(value.value);
      },
    ),
    open: method(1, 2, (state, args) => {
      const path = textArg(args, 0);
      if (state.path !== undefined || path === '') return bool(false);
      // A file that is not there is made.
      const text = state.world.files.get(path) ?? '';
      state.world.files.set(path, text);
      Object.assign(state, { path, text, position: 0, charset: textArg(args, 1, 'System'), isUsed: false });
      return bool(true);
    }),
    close: method(0, 0, (state) => {
      state.path = undefined;
      return undefined;
    }),
    readtext: method(0, 2, (state, args) => {
      const most = numberArg(args, 0, 0);
      const start = state.position;
      state.position = most > 0 ? Math.min(start + most, state.text.length) : state.text.length;
      state.isUsed = true;
      return str(state.text.slice(start, state.position));
    }),
    writetext: method(1, 2, (state, args) => {
      const words = textArg(args, 0) + (END_OF_LINE[numberArg(args, 1, 5)] ?? '');
      state.text += words;
      state.position = state.text.length;
      state.isUsed = true;
      if (state.path !== undefined) state.world.files.set(state.path, state.text);
      return long(words.length);
    }),
    truncate: method(0, 0, (state) => {
      state.text = '';
      state.position = 0;
      return undefined;
    }),
  },
};

export function streamOf(world: NotesWorld): StreamState {
  return { world, path: undefined, text: '', position: 0, charset: 'Unicode', isUsed: false };
}

/** What the importer reads. A stream of a file must be open and untouched. */
export function inputOf(state: StreamState): string {
  if (state.isUsed && state.path !== undefined) throw new ScriptError(ERROR.notesError, 'Notes error: stream was used');
  if (state.text === '') throw new ScriptError(4522, 'DXL importer operation failed');
  return state.text;
}
