import { querySyntaxError } from '../domino-db-error.js';

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly offset: number }
  | { readonly kind: 'text'; readonly text: string; readonly offset: number }
  | { readonly kind: 'number'; readonly value: number; readonly offset: number }
  | { readonly kind: 'operator'; readonly text: Operator; readonly offset: number }
  | { readonly kind: 'mark'; readonly text: '(' | ')' | ','; readonly offset: number }
  /** `?` (empty name) or `?name`. */
  | { readonly kind: 'substitute'; readonly name: string; readonly offset: number }
  | { readonly kind: 'end'; readonly offset: number };

export type Operator = '=' | '>' | '>=' | '<' | '<=';

const PATTERN =
  /(?<blank>\s+)|(?<word>@?[A-Za-z_$][A-Za-z0-9_$.]*)|'(?<text>(?:[^']|'')*)'|(?<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<operator>>=|<=|[=<>])|(?<mark>[(),])|\?(?<substitute>[A-Za-z0-9_]{0,16})/y;

/** Splits a query. Blanks are required around operators, as Domino requires them. Throws a query syntax error. */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  let blankBefore = true;
  while (pattern.lastIndex < query.length) {
    const offset = pattern.lastIndex;
    const groups = pattern.exec(query)?.groups;
    if (groups === undefined) throw querySyntaxError('Invalid character or unfinished text', query, offset);
    const isBlank = groups['blank'] !== undefined;
    if (!isBlank) {
      const token = tokenOf(groups, offset);
      const previous = tokens.at(-1);
      if (!blankBefore && (token.kind === 'operator' || previous?.kind === 'operator')) {
        throw querySyntaxError('Missing operator: blanks are required around it', query, offset);
      }
      tokens.push(token);
    }
    blankBefore = isBlank;
  }
  tokens.push({ kind: 'end', offset: query.length });
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, offset: number): Token {
  const { word, text, number, operator, mark, substitute } = groups;
  if (word !== undefined) return { kind: 'word', text: word, offset };
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("''", "'"), offset };
  if (number !== undefined) return { kind: 'number', value: Number(number), offset };
  if (operator !== undefined) return { kind: 'operator', text: operator as Operator, offset };
  if (mark !== undefined) return { kind: 'mark', text: mark as '(' | ')' | ',', offset };
  return { kind: 'substitute', name: substitute ?? '', offset };
}
