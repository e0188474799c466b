import { element, setText } from './element.js';

/**
 * @typedef {import('./trust.js').Trust} Trust
 * @typedef {import('./texts.js').Texts} Texts
 */

/**
 * Says at once, in words and by greying out, when what is shown is not confirmed.
 *
 * @param {Trust} trust
 * @param {Texts} texts
 * @param {boolean} canRetry
 */
export function drawTrust({ mood, problem, age, step, asOf }, texts, canRetry) {
  document.body.classList.toggle('unconfirmed', problem !== '');
  document.body.classList.toggle('unknown', mood === 'unknown');
  const banner = element('banner', HTMLElement);
  banner.hidden = mood === 'live';
  banner.classList.toggle('waiting', problem === '');
  setText(element('banner-title', HTMLElement), problem === '' ? '' : texts.unconfirmed);
  setText(element('banner-text', HTMLElement), [problem, age, step].filter(Boolean).join(' '));
  element('retry', HTMLButtonElement).hidden = !canRetry;
  setText(element('as-of', HTMLElement), asOf);
}
