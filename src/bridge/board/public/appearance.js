import { element } from './element.js';

const KEY = 'presence-bridge-appearance';
const system = matchMedia('(prefers-color-scheme: dark)');

/** Light or dark: as the system wants it, until the reader chooses the other one. */
export function followAppearance() {
  const button = element('appearance', HTMLButtonElement);
  const sheet = element('dark', HTMLLinkElement);

  const draw = () => {
    const chosen = localStorage.getItem(KEY);
    const dark = chosen === null ? system.matches : chosen === 'dark';
    sheet.media = dark ? 'all' : 'not all';
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    button.setAttribute('aria-checked', String(dark));
  };

  button.addEventListener('click', () => {
    const dark = button.getAttribute('aria-checked') !== 'true';
    if (dark === system.matches) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, dark ? 'dark' : 'light');
    draw();
  });
  system.addEventListener('change', draw);
  draw();
}
