import { convert, mismatch } from './conversion.js';
import { ERROR, ScriptError } from './script-error.js';
import type { ArrayValue, ElementType, ListValue, ObjectValue, Value } from './values.js';

/** A place that holds a value: a variable, an element, a member of an object. */
export interface Reference {
  readonly type: ElementType;
  get(): Value;
  /** Converts to the type of the place. */
  set(value: Value): void;
}

/** Asked whether an object may stand where a class is wanted. */
export type IsInstance = (object: ObjectValue, className: string) => boolean;

/** A variable. Arrays and lists that were declared as such stay so. */
export class Variable implements Reference {
  readonly type: ElementType;
  readonly isInstance: IsInstance;
  #value: Value;

  constructor(type: ElementType, value: Value, isInstance: IsInstance) {
    this.type = type;
    this.#value = value;
    this.isInstance = isInstance;
  }

  get(): Value {
    return this.#value;
  }

  set(value: Value): void {
    if (this.#value.kind === 'array' && this.type.kind !== 'variant') {
      // A declared dynamic array takes over the elements of another one.
      if (value.kind !== 'array' || !this.#value.array.isDynamic) mismatch();
      const { array } = this.#value;
      array.bounds = value.array.bounds;
      array.elements = value.array.elements.map((element) => checkedValue(element, array.type, this.isInstance));
      return;
    }
    this.#value = copyOf(checkedValue(value, this.type, this.isInstance));
  }
}

/** A value as a place of that type keeps it; an object must be of the class. */
export function checkedValue(value: Value, type: ElementType, isInstance: IsInstance): Value {
  const converted = convert(value, type);
  if (type.kind === 'object' && converted.kind === 'object' && converted.object) {
    if (!isInstance(converted.object, type.className)) mismatch();
  }
  return converted;
}

/** Arrays and lists are copied when they are assigned. */
export function copyOf(value: Value): Value {
  if (value.kind === 'array') {
    return { kind: 'array', array: { ...value.array, isDynamic: true, elements: [...value.array.elements] } };
  }
  if (value.kind === 'list') {
    const entries = [...value.list.entries].map(([key, entry]) => [key, { ...entry }] as const);
    return { kind: 'list', list: { ...value.list, entries: new Map(entries) } };
  }
  return value;
}

/** An element of an array. Error 9 outside the bounds, 200 when the array has no size yet. */
export function arrayElement(array: ArrayValue, subscripts: readonly number[], isInstance: IsInstance): Reference {
  if (array.bounds.length === 0) throw new ScriptError(200, 'Attempt to access uninitialized dynamic array');
  if (subscripts.length !== array.bounds.length) throw new ScriptError(ERROR.subscriptOutOfRange);
  let index = 0;
  for (const [dimension, { lower, upper }] of array.bounds.entries()) {
    const subscript = subscripts[dimension] ?? 0;
    if (subscript < lower || subscript > upper) throw new ScriptError(ERROR.subscriptOutOfRange);
    index = index * (upper - lower + 1) + (subscript - lower);
  }
  return elementAt(array, index, isInstance);
}

export function elementAt(array: ArrayValue, index: number, isInstance: IsInstance): Reference {
  return {
    type: array.type,
    get: () => array.elements[index] ?? mismatch(),
    set: (value) => {
      array.elements[index] = checkedValue(value, array.type, isInstance);
    },
  };
}

/** An element of a list. Reading one that is not there is error 120; writing makes it. */
export function listElement(list: ListValue, tag: string, ignoresCase: boolean, isInstance: IsInstance): Reference {
  const key = ignoresCase ? tag.toLowerCase() : tag;
  return {
    type: list.type,
    get: () => {
      const entry = list.entries.get(key);
      if (!entry) throw new ScriptError(ERROR.listItemDoesNotExist);
      return entry.value;
    },
    set: (value) => {
      const checked = copyOf(checkedValue(value, list.type, isInstance));
      const entry = list.entries.get(key);
      if (entry) entry.value = checked;
      else list.entries.set(key, { tag, value: checked });
    },
  };
}
