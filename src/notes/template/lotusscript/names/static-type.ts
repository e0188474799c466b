import type { ScalarType } from '../syntax.js';

/** What is known of a value before the script runs. */
export type StaticType =
  /** A Variant: anything. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'value'; readonly type: ScalarType }
  | { readonly kind: 'nothing' }
  /** `key` is that of a class of a script or of Notes. */
  | { readonly kind: 'object'; readonly name: string; readonly key: string }
  | { readonly kind: 'record'; readonly name: string; readonly key: string }
  /** `dimensions` is missing for an array whose size comes later. */
  | { readonly kind: 'array'; readonly element: StaticType; readonly dimensions?: number }
  | { readonly kind: 'list'; readonly element: StaticType };

export const UNKNOWN: StaticType = { kind: 'unknown' };
export const NOTHING: StaticType = { kind: 'nothing' };

/** A scalar; a Variant is unknown. */
export function scalar(type: ScalarType): StaticType {
  return type === 'Variant' ? UNKNOWN : { kind: 'value', type };
}

/** As a reader of a finding would say it, with an article. */
export function describeType(type: StaticType): string {
  switch (type.kind) {
    case 'unknown':
      return 'a Variant';
    case 'value':
      return `${type.type === 'Integer' ? 'an' : 'a'} ${type.type}`;
    case 'nothing':
      return 'Nothing';
    case 'object':
    case 'record':
      return `a ${type.name}`;
    case 'array':
      return 'an array';
    case 'list':
      return 'a List';
  }
}
