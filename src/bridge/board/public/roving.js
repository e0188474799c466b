/**
 * One stop of the Tab key for a row of buttons, as in the toolbar pattern of WAI-ARIA: arrows, Home and End go from one
 * to the other.
 *
 * @param {HTMLElement} bar
 * @returns {() => void} to be called when its buttons were made anew
 */
export function rove(bar) {
  /** @type {HTMLButtonElement | undefined} */
  let current;
  const buttons = () => [...bar.querySelectorAll('button')];

  /** @param {HTMLButtonElement | undefined} button */
  const stopAt = (button) => {
    current = button;
    for (const one of buttons()) one.tabIndex = one === button ? 0 : -1;
  };

  bar.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const next = at < 0 ? undefined : all[indexAfter(event.key, at, all.length)];
    if (next === undefined) return;
    event.preventDefault();
    stopAt(next);
    next.focus();
  });
  bar.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLButtonElement) stopAt(target);
  });
  return () => {
    const all = buttons();
    stopAt(all.find((button) => button === current) ?? all[0]);
  };
}

/**
 * @param {string} key as in `KeyboardEvent.key`
 * @param {number} at
 * @param {number} length
 * @returns {number} -1 for any other key
 */
export function indexAfter(key, at, length) {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (at + 1) % length;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (at + length - 1) % length;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return -1;
  }
}
