import { method, type NativeClass, textArray } from '../native.js';
import { EMPTY } from '../values.js';
import type { NotesWorld } from './world.js';

/** The window of the client: answers of the user come from the world. */
export const NOTES_UI_WORKSPACE: NativeClass<{ readonly world: NotesWorld }> = {
  name: 'NotesUIWorkspace',
  members: {
    openfiledialog: method(1, 5, ({ world }) => {
      const { chosenFile } = world.options;
      return chosenFile === undefined ? EMPTY : textArray([chosenFile]);
    }),
    viewrefresh: method(0, 0, () => undefined),
  },
};
