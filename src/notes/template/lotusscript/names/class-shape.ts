import type { Parameter, Visibility } from '../syntax.js';
import type { Arity } from './arity.js';
import type { StaticType } from './static-type.js';

/** A member of a class, of a script or of Notes. */
export interface ClassMember {
  readonly name: string;
  readonly kind: 'variable' | 'property' | 'method';
  readonly visibility: Visibility;
  /** Of a method, or of a property with parameters. */
  readonly arity?: Arity;
  /** Missing for members of Notes. */
  readonly parameters?: readonly Parameter[];
  /** Missing for a method that gives nothing. */
  readonly type?: StaticType;
}

/** What can be said of a class before the script runs. */
export interface ClassShape {
  readonly name: string;
  readonly key: string;
  /** Key of the class it is made from. */
  readonly base?: string;
  readonly members: ReadonlyMap<string, ClassMember>;
  /** Of `New`; missing when the class has none of its own. */
  readonly creation?: { readonly arity: Arity; readonly parameters?: readonly Parameter[] };
  readonly isOfNotes: boolean;
}
