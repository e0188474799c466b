import { endOf, TOKEN } from '../char-class.js';
import { skipBlanks } from '../scan.js';
import { type Params, parseParams } from './params.js';

/** RFC 3261 §20.15. */
export interface ContentType {
  /** `type/subtype` in lower case. */
  readonly type: string;
  /** For example `boundary`, `start`, `charset`. */
  readonly params: Params;
}

export function parseContentType(text: string): ContentType | undefined {
  const end = endOf(TOKEN, text, 0);
  const slash = skipBlanks(text, end);
  if (end === 0 || text[slash] !== '/') return undefined;
  const subtypeStart = skipBlanks(text, slash + 1);
  const subtypeEnd = endOf(TOKEN, text, subtypeStart);
  const params = parseParams(text, subtypeEnd);
  if (subtypeEnd === subtypeStart || !params) return undefined;
  return { type: `${text.slice(0, end)}/${text.slice(subtypeStart, subtypeEnd)}`.toLowerCase(), params };
}
