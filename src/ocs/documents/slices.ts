/**
 * Reading that can be interrupted: every step reads a little, and what it gives says nothing; the last one gives the
 * result. However long a body is, each step takes about a millisecond at most. Whoever drives it decides who else may
 * do something in between; the body must stay as it is meanwhile.
 */
export type Slices<T> = Generator<undefined, T, undefined>;

/** Takes all steps at once. Throws what they throw. */
export function atOnce<T>(slices: Slices<T>): T {
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
  }
}
