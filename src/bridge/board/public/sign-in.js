import { readFragment } from './address.js';
import { element } from './element.js';

const TOKEN_KEY = 'presence-bridge-token';

/** The token: handed over behind the `#` of the address or typed in, kept as long as the tab. */
export class SignIn {
  /** @param {(token: string) => void} onToken */
  constructor(onToken) {
    element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const typed = element('token', HTMLInputElement);
      const token = typed.value.trim();
      typed.value = '';
      sessionStorage.setItem(TOKEN_KEY, token);
      element('sign-in', HTMLFormElement).hidden = true;
      onToken(token);
    });
  }

  /** Takes the token of the address, where it would stay in the history and on every screenshot; `null` without one. */
  take() {
    const { token } = readFragment(location.hash);
    if (token !== undefined) {
      sessionStorage.setItem(TOKEN_KEY, token);
      const rest = new URLSearchParams(location.hash.slice(1));
      rest.delete('token');
      const fragment = rest.size === 0 ? '' : `#${rest}`;
      history.replaceState(null, '', location.pathname + location.search + fragment);
    }
    return token ?? null;
  }

  get kept() {
    return sessionStorage.getItem(TOKEN_KEY);
  }

  /** @param {string} wrong why the last token was not good, or empty */
  ask(wrong) {
    sessionStorage.removeItem(TOKEN_KEY);
    element('sign-in', HTMLFormElement).hidden = false;
    element('sign-in-wrong', HTMLElement).textContent = wrong;
    element('token', HTMLInputElement).focus();
  }
}
