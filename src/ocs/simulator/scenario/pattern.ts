import type { Result } from '../../../presence/result.js';
import type { Token } from './tokens.js';

/** What one slot of a pattern may be. */
export interface Slot {
  /** For messages: "a time such as 5s". */
  readonly expected: string;
  /** Reads one word, or a quoted text where `quoted` says so. */
  readonly read: (text: string) => Result<unknown>;
  readonly quoted?: boolean;
  /** True: as many words as follow. */
  readonly many?: boolean;
}

type Element =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'slot'; readonly name: string }
  | { readonly kind: 'optional'; readonly elements: readonly Element[] };

/** Compiled form of a usage line such as `server restarts [after <time>]`. */
export type Pattern = readonly Element[];

/** Values by slot. */
export type Values = Readonly<Record<string, unknown>>;

export type Match =
  | { readonly ok: true; readonly values: Values }
  /** How many tokens fitted, and what was expected then. */
  | { readonly ok: false; readonly fitted: number; readonly expected: string; readonly reason?: string };

/** Compiles a usage line: words, `<slots>` and `[optional parts]`. */
export function patternOf(usage: string): Pattern {
  const [elements] = readElements(usage.match(/\[|\]|<[a-z]+>|[^\s[\]<>]+/g) ?? [], 0);
  return elements;
}

function readElements(parts: readonly string[], start: number): readonly [elements: Element[], end: number] {
  const elements: Element[] = [];
  let at = start;
  for (; at < parts.length && parts[at] !== ']'; at++) {
    const part = parts[at] ?? '';
    if (part === '[') {
      const [inner, end] = readElements(parts, at + 1);
      elements.push({ kind: 'optional', elements: inner });
      at = end;
    } else if (part.startsWith('<')) elements.push({ kind: 'slot', name: part.slice(1, -1) });
    else elements.push({ kind: 'word', word: part });
  }
  return [elements, at];
}

/** Matches a step as a whole. */
export function match(pattern: Pattern, tokens: readonly Token[], slots: Readonly<Record<string, Slot>>): Match {
  const found = matchFrom(pattern, tokens, 0, slots);
  if (!found.ok) return found;
  if (found.next === tokens.length) return { ok: true, values: found.values };
  return { ok: false, fitted: found.next, expected: found.more ?? 'the end of the step' };
}

type Partial =
  | { readonly ok: true; readonly next: number; readonly values: Values; readonly more?: string | undefined }
  | { readonly ok: false; readonly fitted: number; readonly expected: string; readonly reason?: string };

function matchFrom(
  pattern: Pattern,
  tokens: readonly Token[],
  start: number,
  slots: Readonly<Record<string, Slot>>,
): Partial {
  let next = start;
  let values: Values = {};
  let more: string | undefined;
  for (const element of pattern) {
    const found = matchElement(element, tokens, next, slots);
    if (found.ok) {
      next = found.next;
      values = { ...values, ...found.values };
      more = undefined;
    } else if (element.kind !== 'optional' || found.fitted > next) return found;
    else more = found.expected;
  }
  return { ok: true, next, values, more };
}

function matchElement(
  element: Element,
  tokens: readonly Token[],
  at: number,
  slots: Readonly<Record<string, Slot>>,
): Partial {
  const token = tokens[at];
  switch (element.kind) {
    case 'optional':
      return matchFrom(element.elements, tokens, at, slots);
    case 'word':
      return token?.kind === 'word' && token.value === element.word
        ? { ok: true, next: at + 1, values: {} }
        : { ok: false, fitted: at, expected: `"${element.word}"` };
    case 'slot': {
      const slot = slots[element.name];
      if (!slot) throw new RangeError(`there is no slot <${element.name}>`);
      const end = slot.many ? tokens.length : at + 1;
      const words = tokens.slice(at, end);
      const kind = slot.quoted ? 'text' : 'word';
      if (words.length === 0 || words.some((word) => word.kind !== kind)) {
        return { ok: false, fitted: at, expected: slot.expected };
      }
      const read = slot.read(words.map(({ value }) => value).join(' '));
      return read.ok
        ? { ok: true, next: end, values: { [element.name]: read.value } }
        : { ok: false, fitted: at, expected: slot.expected, reason: read.reason };
    }
  }
}
