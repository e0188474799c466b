import { booleanArg, method, type NativeClass, native, numberArg, property, textArg } from '../native.js';
import { ERROR, ScriptError } from '../script-error.js';
import { bool, double, EMPTY, fits, int, long, str, type Value } from '../values.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** An object or an array, and where a walk through it stands. */
export interface ContainerState {
  readonly json: Json;
  readonly elements: readonly ElementState[];
  at: number;
}

export interface ElementState {
  readonly name: string;
  readonly json: Json;
}

/** As the manual numbers them. */
const TYPES = { object: 1, array: 2, string: 3, number: 4, boolean: 5, empty: 64 } as const;

export const JSON_CONSTANTS: Readonly<Record<string, Value>> = Object.fromEntries(
  Object.entries(TYPES).map(([name, value]) => [`jsonelem_type_${name}`, int(value)]),
);

function containerOf(json: Json): ContainerState {
  const elements =
    typeof json !== 'object' || json === null
      ? []
      : Array.isArray(json)
        ? json.map((value: Json) => ({ name: '', json: value }))
        : Object.entries(json as Readonly<Record<string, Json>>).map(([name, value]) => ({ name, json: value }));
  return { json, elements, at: 0 };
}

function elementValue(element: ElementState | undefined, suppressesErrors: boolean, message: string): Value {
  if (!element && !suppressesErrors) throw new ScriptError(ERROR.jsonElementNotFound, message);
  return native(NOTES_JSON_ELEMENT, element);
}

const NOT_FOUND = 'JSON Element not found';

function byName({ elements }: ContainerState, args: readonly Value[]): Value {
  const wanted = textArg(args, 0);
  return elementValue(
    elements.find(({ name }) => name === wanted),
    booleanArg(args, 1),
    NOT_FOUND,
  );
}

function nth({ elements }: ContainerState, args: readonly Value[]): Value {
  return elementValue(elements[numberArg(args, 0) - 1], booleanArg(args, 1), 'Index is out of range');
}

/** RFC 6901; the empty pointer means all. */
function byPointer({ json }: ContainerState, args: readonly Value[]): Value {
  const pointer = textArg(args, 0);
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let found: Json | undefined = pointer === '' || pointer.startsWith('/') ? json : undefined;
  for (const step of steps) {
    if (typeof found !== 'object' || found === null) found = undefined;
    else if (Array.isArray(found)) found = (found as readonly Json[])[/^\d+$/.test(step) ? Number(step) : -1];
    else found = Object.hasOwn(found, step) ? (found as Readonly<Record<string, Json>>)[step] : undefined;
  }
  const element = found === undefined ? undefined : { name: steps.at(-1) ?? '', json: found };
  return elementValue(element, booleanArg(args, 1), NOT_FOUND);
}

const WALK: NativeClass<ContainerState>['members'] = {
  getfirstelement: method(0, 0, (state) => {
    state.at = 0;
    return native(NOTES_JSON_ELEMENT, state.elements[0]);
  }),
  getnextelement: method(0, 0, (state) => {
    state.at += 1;
    return native(NOTES_JSON_ELEMENT, state.elements[state.at]);
  }),
  getnthelement: method(1, 2, nth),
};

export const NOTES_JSON_NAVIGATOR: NativeClass<ContainerState> = {
  name: 'NotesJSONNavigator',
  members: {
    ...WALK,
    preferutf8: property(
      () => bool(false),
      () => undefined,
    ),
    getelementbyname: method(1, 2, byName),
    getelementbypointer: method(1, 2, byPointer),
    stringify: method(0, 0, ({ json }) => str(JSON.stringify(json))),
  },
};

export const NOTES_JSON_OBJECT: NativeClass<ContainerState> = {
  name: 'NotesJSONObject',
  members: {
    ...WALK,
    size: property(({ elements }) => long(elements.length)),
    getelementbyname: method(1, 2, byName),
  },
};

export const NOTES_JSON_ARRAY: NativeClass<ContainerState> = {
  name: 'NotesJSONArray',
  members: { ...WALK, size: property(({ elements }) => long(elements.length)) },
};

export const NOTES_JSON_ELEMENT: NativeClass<ElementState> = {
  name: 'NotesJSONElement',
  members: {
    name: property(({ name }) => str(name)),
    type: property(({ json }) => int(typeOf(json))),
    value: property(({ json }) => valueOfJson(json)),
  },
};

function typeOf(json: Json): number {
  if (json === null) return TYPES.empty;
  if (Array.isArray(json)) return TYPES.array;
  return TYPES[typeof json as 'object' | 'string' | 'number' | 'boolean'];
}

/** Objects keep their identity, so that a walk through one goes on. */
const CONTAINERS = new WeakMap<object, ContainerState>();

function valueOfJson(json: Json): Value {
  if (json === null) return EMPTY;
  if (typeof json === 'string') return str(json);
  if (typeof json === 'boolean') return bool(json);
  if (typeof json === 'number') {
    if (!Number.isInteger(json) || !fits('long', json)) return double(json);
    return fits('integer', json) ? int(json) : long(json);
  }
  const container = CONTAINERS.get(json) ?? containerOf(json);
  CONTAINERS.set(json, container);
  return native(Array.isArray(json) ? NOTES_JSON_ARRAY : NOTES_JSON_OBJECT, container);
}

/** Reads a JSON text; an empty one is an empty object. Line breaks between elements are an error, as in Notes 10. */
export function jsonNavigatorOf(text: string): Value {
  if (/[\r\n]/.test(text)) throw new ScriptError(ERROR.notesError, 'Notes error: JSON text has line breaks');
  try {
    return native(NOTES_JSON_NAVIGATOR, containerOf(text === '' ? {} : (JSON.parse(text) as Json)));
  } catch {
    throw new ScriptError(ERROR.notesError, 'Notes error: Unable to parse JSON');
  }
}
