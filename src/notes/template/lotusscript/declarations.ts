import type { ExpressionReader } from './expressions.js';
import { suffixType } from './numbers.js';
import {
  type Bound,
  type Constant,
  type Parameter,
  type Position,
  SCALAR_TYPES,
  type ScalarType,
  type Shape,
  type TypeName,
  type TypeSuffix,
  type Variable,
} from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** An array has at most as many dimensions. */
const MOST_DIMENSIONS = 8;

const SCALARS: ReadonlyMap<string, ScalarType> = new Map(SCALAR_TYPES.map((type) => [type.toLowerCase(), type]));

/** Reads variables, constants and parameters. Throws `ScriptFault`. */
export class DeclarationReader {
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionReader;

  constructor(reader: TokenReader, expressions: ExpressionReader) {
    this.#reader = reader;
    this.#expressions = expressions;
  }

  /** `a As Integer, b(5) As String`: at least one. `inClass` allows words of the language as names. */
  variables(inClass = false): readonly Variable[] {
    const variables: Variable[] = [];
    do variables.push(this.variable(inClass));
    while (this.#reader.takeSign(','));
    return variables;
  }

  variable(inClass = false): Variable {
    const { name, key, at, suffix } = inClass ? this.#reader.memberName() : this.#reader.identifier('a variable');
    const { shape, bounds } = this.#shape();
    const isNew = this.#reader.word() === 'as' && this.#reader.word(1) === 'new';
    const type = this.#type(suffix, at);
    const made = { name, key, at, shape, bounds, ...(type ? { type } : {}) };
    if (!isNew) return made;
    if (shape !== 'single') this.#reader.fail('an array or list is not made with New', at);
    return { ...made, newArgs: this.#expressions.optionalArguments() };
  }

  constants(): readonly Constant[] {
    const constants: Constant[] = [];
    do {
      const { name, key, at } = this.#reader.identifier('a constant');
      this.#reader.expectSign('=');
      constants.push({ name, key, at, value: this.#expressions.expression() });
    } while (this.#reader.takeSign(','));
    return constants;
  }

  /** Parameters in brackets; none when there are no brackets. */
  parameters(): readonly Parameter[] {
    const parameters: Parameter[] = [];
    if (!this.#reader.takeSign('(') || this.#reader.takeSign(')')) return parameters;
    do {
      const byValue = this.#reader.takeWord('byval');
      const { name, key, at, suffix } = this.#reader.identifier('a parameter');
      const { shape, bounds } = this.#shape();
      if (bounds.length > 0) this.#reader.fail('an array that is a parameter has no bounds', at);
      if (byValue && shape !== 'single') this.#reader.fail('an array or list is not passed by value', at);
      const type = this.#type(suffix, at, false);
      parameters.push({ name, key, at, byValue, shape, ...(type ? { type } : {}) });
    } while (this.#reader.takeSign(','));
    this.#reader.expectSign(')');
    return parameters;
  }

  /** Type of a function or property: by suffix, or by `As`. */
  resultType(suffix: TypeSuffix | '', at: Position): TypeName | undefined {
    return this.#type(suffix, at, false);
  }

  #shape(): { readonly shape: Shape; readonly bounds: readonly Bound[] } {
    if (this.#reader.takeWord('list')) return { shape: 'list', bounds: [] };
    const { at } = this.#reader;
    if (!this.#reader.takeSign('(')) return { shape: 'single', bounds: [] };
    if (this.#reader.takeSign(')')) return { shape: 'array', bounds: [] };
    const bounds: Bound[] = [];
    do bounds.push(this.#bound());
    while (this.#reader.takeSign(','));
    this.#reader.expectSign(')');
    if (bounds.length > MOST_DIMENSIONS) this.#reader.fail(`an array has at most ${MOST_DIMENSIONS} dimensions`, at);
    return { shape: 'array', bounds };
  }

  #bound(): Bound {
    const first = this.#expressions.expression();
    return this.#reader.takeWord('to') ? { low: first, high: this.#expressions.expression() } : { high: first };
  }

  #type(suffix: TypeSuffix | '', at: Position, newAllowed = true): TypeName | undefined {
    const bySuffix = suffixType(suffix);
    if (!this.#reader.takeWord('as')) return bySuffix ? { kind: 'scalar', type: bySuffix, at } : undefined;
    if (bySuffix) this.#reader.fail(`a name with "${suffix}" has a type already`, at);
    const isNew = newAllowed && this.#reader.takeWord('new');
    const scalar = SCALARS.get(this.#reader.word());
    const { at: place } = this.#reader;
    if (scalar && isNew) this.#reader.fail(`${scalar} is not made with New`);
    if (scalar) {
      this.#reader.advance();
      const length = scalar === 'String' && this.#reader.takeSign('*') ? this.#length() : undefined;
      return { kind: 'scalar', type: scalar, at: place, ...(length === undefined ? {} : { length }) };
    }
    const { name, key } = this.#reader.plainName('a type');
    return { kind: 'named', name, key, at: place };
  }

  #length(): number {
    const token = this.#reader.peek();
    if (token.kind !== 'number' || !Number.isInteger(token.value) || token.value < 1) {
      this.#reader.fail(`a length was expected instead of ${this.#reader.found()}`);
    }
    this.#reader.advance();
    return token.value;
  }
}
