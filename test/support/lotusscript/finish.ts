import type { Task } from './machine.js';

/** `End`: the whole script stops. */
export class ScriptEnd extends Error {}

/** Runs a task to its end; waits where it waits. `End` in the script is an end like any other. */
export async function finish<T>(task: Task<T>): Promise<T | undefined> {
  try {
    let turn = task.next();
    while (!turn.done) {
      const waited = await turn.value.then(
        (value) => ({ ok: true, value }) as const,
        (error: unknown) => ({ ok: false, error }) as const,
      );
      turn = waited.ok ? task.next(waited.value) : task.throw(waited.error);
    }
    return turn.value;
  } catch (thrown) {
    if (thrown instanceof ScriptEnd) return undefined;
    throw thrown;
  }
}
