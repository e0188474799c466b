import type { CliIo } from './io.js';

const KEEP_ALIVE_MS = 2 ** 30;

/** Resolves when the process is asked to end, or with the value of `other` when that comes first. Keeps the process alive. */
export async function stayUntilStopped<T>(io: Pick<CliIo, 'stop'>, other?: Promise<T>): Promise<T | undefined> {
  const alive = setInterval(() => undefined, KEEP_ALIVE_MS);
  try {
    const stopped = new Promise<undefined>((resolve) => {
      if (io.stop.aborted) resolve(undefined);
      io.stop.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    return await (other === undefined ? stopped : Promise.race([stopped, other]));
  } finally {
    clearInterval(alive);
  }
}
