/**
 * @typedef {object} Shortcuts
 * @property {() => boolean} isOn false while there is nothing to search
 * @property {HTMLInputElement} searchBox
 * @property {() => void} clearSearch
 * @property {() => void} clearAll
 */

/**
 * `/` goes to the search; Escape empties it, and then every other choice.
 *
 * @param {Shortcuts} shortcuts
 */
export function followKeys({ isOn, searchBox, clearSearch, clearAll }) {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (!isOn() || event.ctrlKey || event.altKey || event.metaKey) return;
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (key === '/' && !isTyping) {
      event.preventDefault();
      searchBox.focus();
      searchBox.select();
    }
    // Of a list that is open Escape closes it.
    if (key !== 'Escape' || target instanceof HTMLSelectElement) return;
    if (target === searchBox && searchBox.value !== '') clearSearch();
    else clearAll();
  });
}
