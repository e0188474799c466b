import { isFlagged, type StoredDocument, type StoredValue, typeOf, valuesOf } from '../stored-document.js';
import type { Condition, Literal } from './parse.js';
import type { Operator } from './tokens.js';

export type Matcher = (document: StoredDocument) => boolean;

/**
 * A condition as a function. Text compares without regard to case and accents; a literal of another type than the
 * item's finds nothing; an item with several values matches when one of them does. Items outside the summary are not
 * seen.
 */
export function matcherOf(condition: Condition): Matcher {
  switch (condition.kind) {
    case 'all':
      return () => true;
    case 'compare':
      return comparison(condition.name, condition.operator, condition.value);
    case 'in':
      return membership(condition.name, condition.mode, condition.values);
    case 'not': {
      const inner = matcherOf(condition.condition);
      return (document) => !inner(document);
    }
    case 'and':
    case 'or': {
      const left = matcherOf(condition.left);
      const right = matcherOf(condition.right);
      return condition.kind === 'and'
        ? (document) => left(document) && right(document)
        : (document) => left(document) || right(document);
    }
  }
}

/** Text as DQL compares it: without case and accents. */
export function fold(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}

type Comparable = string | number;

/** A literal or a value in the form in which it is compared. */
function comparable(type: Literal['type'], value: Comparable): Comparable {
  if (typeof value === 'number') return value;
  return type === 'datetime' ? Date.parse(value) : fold(value);
}

function comparison(name: string, operator: Operator, literal: Literal): Matcher {
  const wanted = comparable(literal.type, literal.value);
  const holds = OPERATORS[operator];
  return (document) => someValue(document, name, literal.type, (value) => holds(value, wanted));
}

const OPERATORS: Readonly<Record<Operator, (value: Comparable, wanted: Comparable) => boolean>> = {
  '=': (value, wanted) => value === wanted,
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
};

function membership(name: string, mode: 'any' | 'every', literals: readonly Literal[]): Matcher {
  const type = literals[0]?.type ?? 'text';
  const wanted = new Set(literals.filter((one) => one.type === type).map((one) => comparable(type, one.value)));
  if (mode === 'any') return (document) => someValue(document, name, type, (value) => wanted.has(value));
  return (document) => {
    const held = new Set<Comparable>();
    someValue(document, name, type, (value) => {
      held.add(value);
      return false;
    });
    return [...wanted].every((value) => held.has(value));
  };
}

/** Whether one of the item's values of this type passes. */
function someValue(
  document: StoredDocument,
  name: string,
  type: Literal['type'],
  passes: (value: Comparable) => boolean,
): boolean {
  switch (name) {
    case '@Created':
      return type === 'datetime' && passes(document.created);
    case '@ModifiedInThisFile':
      return type === 'datetime' && passes(document.modified);
    case '@DocumentUniqueID':
      return type === 'text' && passes(fold(document.unid));
    default: {
      const value = Object.hasOwn(document.items, name) ? document.items[name] : undefined;
      return (
        value !== undefined && isVisible(value, type) && valuesOf(value).some((one) => passes(comparable(type, one)))
      );
    }
  }
}

function isVisible(value: StoredValue, type: Literal['type']): boolean {
  return typeOf(value) === type && !(isFlagged(value) && value.nonsummary === true);
}
