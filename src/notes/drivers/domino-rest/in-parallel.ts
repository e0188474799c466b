/**
 * Runs `task` for all inputs, at most `parallel` at a time. After a rejection nothing new begins; when what had begun has
 * ended, the first rejection is thrown.
 */
export async function inParallel<T, R>(
  inputs: readonly T[],
  parallel: number,
  task: (input: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  let failure: { readonly reason: unknown } | undefined;
  const work = async (): Promise<void> => {
    while (next < inputs.length && failure === undefined) {
      const index = next++;
      try {
        results[index] = await task(inputs[index] as T, index);
      } catch (reason) {
        failure ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, inputs.length) }, work));
  if (failure !== undefined) throw failure.reason;
  return results;
}
