import type { Position } from '../formula/syntax.js';

export type { Position };

/** A name as it is written. `key` is what counts: lower case, and without a type suffix such as `$`. */
export interface Name {
  readonly name: string;
  readonly key: string;
  readonly at: Position;
}

export const SCALAR_TYPES = [
  'Boolean',
  'Byte',
  'Integer',
  'Long',
  'Single',
  'Double',
  'Currency',
  'String',
  'Variant',
] as const;

export type ScalarType = (typeof SCALAR_TYPES)[number];

/** What stands after `As`. `length` is that of `String * 20`. */
export type TypeName =
  | { readonly kind: 'scalar'; readonly type: ScalarType; readonly length?: number; readonly at: Position }
  /** A class or `Type` of a script, or a class of Notes. */
  | { readonly kind: 'named'; readonly name: string; readonly key: string; readonly at: Position };

export type BinaryOperator =
  | '^'
  | '*'
  | '/'
  | '\\'
  | 'mod'
  | '+'
  | '-'
  | '&'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'like'
  | 'is'
  | 'isa'
  | 'and'
  | 'or'
  | 'xor'
  | 'eqv'
  | 'imp';

export type Expression =
  | { readonly kind: 'text'; readonly value: string; readonly at: Position }
  /** `type` is that of the literal: `1` is Integer, `100000` Long, `1.5` and `1E3` Double, unless a suffix says more. */
  | { readonly kind: 'number'; readonly value: number; readonly type: ScalarType; readonly at: Position }
  | {
      readonly kind: 'constant';
      readonly value: 'true' | 'false' | 'null' | 'empty' | 'nothing';
      readonly at: Position;
    }
  | { readonly kind: 'me'; readonly at: Position }
  /** A variable, a constant, or a function that is called without arguments. */
  | ({ readonly kind: 'name'; readonly suffix?: TypeSuffix } & Name)
  /** `target.name`; without `target` it belongs to the innermost `With`. */
  | ({ readonly kind: 'member'; readonly target?: Expression } & Name)
  /** `ClassName..Member`: the member as the named base class has it, on `Me`. */
  | ({ readonly kind: 'base-member'; readonly className: Name } & Name)
  /** `target(args)`: an element of an array, list or multiple value, or a call. Only names tell which. */
  | { readonly kind: 'apply'; readonly target: Expression; readonly args: readonly Argument[]; readonly at: Position }
  | { readonly kind: 'new'; readonly className: Name; readonly args: readonly Argument[]; readonly at: Position }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | '+' | 'not';
      readonly operand: Expression;
      readonly at: Position;
    }
  /** `at` is that of the operator. */
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  /** In round brackets of its own. As an argument that means by value. */
  | { readonly kind: 'bracketed'; readonly inner: Expression; readonly at: Position };

export type TypeSuffix = '%' | '&' | '!' | '#' | '@' | '$';

/** `byValue` is written `ByVal` at the call. */
export interface Argument {
  readonly value: Expression;
  readonly byValue: boolean;
}

/** `single` also stands for a Variant that holds an array or list later. */
export type Shape = 'single' | 'array' | 'list';

/** `low` is missing in `a(5)`: then `Option Base` counts, and that is 0. */
export interface Bound {
  readonly low?: Expression;
  readonly high: Expression;
}

/** One variable of `Dim`, `Static`, `Public`, `Private`, a class, a `Type` or `ReDim`. */
export interface Variable extends Name {
  readonly shape: Shape;
  /** Of an array; empty for a dynamic one that has no size yet. */
  readonly bounds: readonly Bound[];
  /** Missing means Variant. A suffix has become a type. */
  readonly type?: TypeName;
  /** Arguments of `As New Name(args)`; missing when there is no `New`. */
  readonly newArgs?: readonly Argument[];
}

export interface Constant extends Name {
  readonly value: Expression;
}

export interface Parameter extends Name {
  readonly byValue: boolean;
  readonly shape: Shape;
  readonly type?: TypeName;
}

/** A condition of `Case`. */
export type CaseTest =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'is'; readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>='; readonly value: Expression };

export interface Branch {
  readonly condition: Expression;
  readonly body: readonly Statement[];
  readonly at: Position;
}

export interface Case {
  readonly tests: readonly CaseTest[];
  readonly body: readonly Statement[];
  readonly at: Position;
}

export const EXITS = ['sub', 'function', 'property', 'for', 'forall', 'do'] as const;

export type Exit = (typeof EXITS)[number];

export type Statement =
  | {
      readonly kind: 'variables';
      readonly scope: 'dim' | 'static';
      readonly variables: readonly Variable[];
      readonly at: Position;
    }
  | { readonly kind: 'constants'; readonly constants: readonly Constant[]; readonly at: Position }
  | {
      readonly kind: 'redim';
      readonly preserve: boolean;
      readonly variables: readonly Variable[];
      readonly at: Position;
    }
  /** `Let` and plain assignment, of the return value too. */
  | { readonly kind: 'assign'; readonly target: Expression; readonly value: Expression; readonly at: Position }
  | { readonly kind: 'set'; readonly target: Expression; readonly value: Expression; readonly at: Position }
  /** `Call callee(args)` and `callee args`. `callee` is a name, a member or a base member, never with the arguments. */
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[]; readonly at: Position }
  | {
      readonly kind: 'if';
      readonly branches: readonly Branch[];
      readonly otherwise?: readonly Statement[];
      readonly at: Position;
    }
  | {
      readonly kind: 'select';
      readonly subject: Expression;
      readonly cases: readonly Case[];
      readonly otherwise?: readonly Statement[];
      readonly at: Position;
    }
  | {
      readonly kind: 'for';
      readonly variable: Name;
      readonly from: Expression;
      readonly to: Expression;
      readonly step?: Expression;
      readonly body: readonly Statement[];
      readonly at: Position;
    }
  | {
      readonly kind: 'forall';
      readonly variable: Name;
      readonly source: Expression;
      readonly body: readonly Statement[];
      readonly at: Position;
    }
  /** Without `test` it runs until something leaves it. */
  | {
      readonly kind: 'do';
      readonly test?: { readonly place: 'before' | 'after'; readonly until: boolean; readonly condition: Expression };
      readonly body: readonly Statement[];
      readonly at: Position;
    }
  | {
      readonly kind: 'while';
      readonly condition: Expression;
      readonly body: readonly Statement[];
      readonly at: Position;
    }
  | {
      readonly kind: 'with';
      readonly target: Expression;
      readonly body: readonly Statement[];
      readonly at: Position;
    }
  | { readonly kind: 'exit'; readonly from: Exit; readonly at: Position }
  /** `End`: the whole script stops. */
  | { readonly kind: 'end'; readonly at: Position }
  /** `number` restricts it to one error. `off` is `GoTo 0`. */
  | {
      readonly kind: 'on-error';
      readonly number?: Expression;
      readonly action: { readonly kind: 'goto'; readonly label: Name } | { readonly kind: 'next' | 'off' };
      readonly at: Position;
    }
  | {
      readonly kind: 'resume';
      readonly to: { readonly kind: 'label'; readonly label: Name } | { readonly kind: 'same' | 'next' };
      readonly at: Position;
    }
  | { readonly kind: 'error'; readonly number: Expression; readonly message?: Expression; readonly at: Position }
  | { readonly kind: 'goto'; readonly label: Name; readonly at: Position }
  | ({ readonly kind: 'label' } & Name)
  | { readonly kind: 'erase'; readonly targets: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'delete'; readonly target: Expression; readonly at: Position }
  | { readonly kind: 'print'; readonly values: readonly Expression[]; readonly at: Position }
  /** `On Event event From source Call handler`. */
  | {
      readonly kind: 'on-event';
      readonly event: Name;
      readonly source: Expression;
      /** Missing in `Remove` without a handler. */
      readonly handler?: Name;
      readonly remove: boolean;
      readonly at: Position;
    };

export type Visibility = 'public' | 'private';

/** In a `set` property the new value is read by the property's own name; in a function and a `get` it is the result. */
export interface Procedure extends Name {
  readonly kind: 'sub' | 'function' | 'get' | 'set';
  /** Missing when not written: then private in a script, unless `Option Public`; public in a class. */
  readonly visibility?: Visibility;
  /** Its variables keep their values between calls. */
  readonly isStatic: boolean;
  readonly parameters: readonly Parameter[];
  /** Of a function or property; missing means Variant. */
  readonly returns?: TypeName;
  /** `Sub New(a), Base(a)`: what the base class's `New` gets. */
  readonly baseArgs?: readonly Argument[];
  readonly body: readonly Statement[];
  /** Where its `End Sub` stands. */
  readonly end: Position;
}

export interface Member {
  readonly visibility: Visibility;
  readonly variable: Variable;
}

/** `methods` holds `New`, `Delete` and properties too; a property with both parts appears twice. */
export interface ClassDefinition extends Name {
  readonly visibility?: Visibility;
  readonly base?: Name;
  readonly members: readonly Member[];
  readonly methods: readonly Procedure[];
}

/** `Type ... End Type`. */
export interface RecordDefinition extends Name {
  readonly visibility?: Visibility;
  readonly members: readonly Variable[];
}

export interface ScriptVariable {
  readonly visibility?: Visibility;
  readonly variable: Variable;
}

export interface ScriptConstant {
  readonly visibility?: Visibility;
  readonly constant: Constant;
}

export interface ScriptOptions {
  readonly isDeclare: boolean;
  readonly isPublic: boolean;
  readonly base: 0 | 1;
  /** `Option Compare`; `case` is what LotusScript does without it. `nocase` heeds accents, not case. */
  readonly compare: 'case' | 'nocase' | 'binary';
}

/** Name of a library as `Use "Name"` writes it. */
export interface Use {
  readonly library: string;
  readonly at: Position;
}

/** A script that was read: one section or several put together. Immutable; parse once, run often. */
export interface Script {
  readonly options: ScriptOptions;
  readonly uses: readonly Use[];
  readonly constants: readonly ScriptConstant[];
  readonly variables: readonly ScriptVariable[];
  readonly records: readonly RecordDefinition[];
  readonly classes: readonly ClassDefinition[];
  readonly procedures: readonly Procedure[];
}

/** Fault of a script that cannot be read. */
export type ParseOutcome =
  | { readonly ok: true; readonly script: Script }
  | { readonly ok: false; readonly reason: string; readonly at: Position };
