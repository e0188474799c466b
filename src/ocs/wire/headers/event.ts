import { endOf, TOKEN } from '../char-class.js';
import { type Params, parseParams } from './params.js';

/** RFC 6665 §8.2.1. */
export interface EventHeader {
  /** Event package as sent, such as `presence` or `vnd-microsoft-roaming-self`. */
  readonly package: string;
  readonly id: string | undefined;
  readonly params: Params;
}

export function parseEvent(text: string): EventHeader | undefined {
  const end = endOf(TOKEN, text, 0);
  const params = parseParams(text, end);
  return end > 0 && params ? { package: text.slice(0, end), id: params.get('id'), params } : undefined;
}
