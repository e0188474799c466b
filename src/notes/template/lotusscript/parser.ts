import { DeclarationReader } from './declarations.js';
import { ExpressionReader } from './expressions.js';
import { ScriptFault } from './fault.js';
import { tokenize } from './lexer.js';
import { SCRIPT_LIMITS, type ScriptLimits } from './limits.js';
import { ProcedureReader } from './procedures.js';
import { StatementReader } from './statements.js';
import type {
  ClassDefinition,
  ParseOutcome,
  Procedure,
  RecordDefinition,
  Script,
  ScriptConstant,
  ScriptOptions,
  ScriptVariable,
  Use,
  Visibility,
} from './syntax.js';
import { TokenReader } from './token-reader.js';
import { refusalOf } from './words.js';

/**
 * Reads LotusScript: a whole script or one section of it. `firstLine` is the number of the first line, for positions.
 * Names are not looked up here, see `check.ts`. Never throws.
 */
export function parseScript(source: string, firstLine = 1, limits: ScriptLimits = SCRIPT_LIMITS): ParseOutcome {
  if (source.length > limits.length) {
    return {
      ok: false,
      reason: `a script has at most ${limits.length} characters`,
      at: { line: firstLine, column: 1 },
    };
  }
  try {
    return {
      ok: true,
      script: new ScriptReader(new TokenReader(tokenize(source, firstLine, limits), limits)).script(),
    };
  } catch (fault) {
    if (fault instanceof ScriptFault) return { ok: false, reason: fault.message, at: fault.at };
    throw fault;
  }
}

class ScriptReader {
  readonly #reader: TokenReader;
  readonly #declarations: DeclarationReader;
  readonly #procedures: ProcedureReader;
  #options: ScriptOptions = { isDeclare: false, isPublic: false, base: 0, compare: 'case' };
  readonly #uses: Use[] = [];
  readonly #constants: ScriptConstant[] = [];
  readonly #variables: ScriptVariable[] = [];
  readonly #records: RecordDefinition[] = [];
  readonly #classes: ClassDefinition[] = [];
  readonly #found: Procedure[] = [];

  constructor(reader: TokenReader) {
    this.#reader = reader;
    const expressions = new ExpressionReader(reader);
    this.#declarations = new DeclarationReader(reader, expressions);
    const statements = new StatementReader(reader, expressions, this.#declarations);
    this.#procedures = new ProcedureReader(reader, expressions, this.#declarations, statements);
  }

  script(): Script {
    for (;;) {
      this.#reader.skipEmptyLines();
      if (this.#reader.peek().kind === 'end') break;
      this.#part();
      if (!this.#reader.atLineEnd() && !this.#reader.isSign(':')) {
        this.#reader.fail(`the end of the line was expected instead of ${this.#reader.found()}`);
      }
    }
    return {
      options: this.#options,
      uses: this.#uses,
      constants: this.#constants,
      variables: this.#variables,
      records: this.#records,
      classes: this.#classes,
      procedures: this.#found,
    };
  }

  #part(): void {
    if (this.#reader.takeWord('option')) this.#option();
    else if (this.#reader.takeWord('use')) this.#use();
    else this.#definition(this.#visibility());
  }

  #definition(seen: Visibility | undefined): void {
    const shown = seen ? { visibility: seen } : {};
    const refusal = refusalOf(this.#reader.word());
    if (this.#procedures.isProcedure()) this.#found.push(this.#procedures.procedure(seen));
    else if (this.#reader.isWord('class')) this.#classes.push(this.#procedures.classDefinition(seen));
    else if (this.#reader.isWord('type')) this.#records.push(this.#procedures.recordDefinition(seen));
    else if (this.#reader.takeWord('const')) {
      for (const constant of this.#declarations.constants()) this.#constants.push({ ...shown, constant });
    } else if (refusal) this.#reader.fail(`"${this.#reader.word()}" is refused: ${refusal}`);
    else if (seen || this.#reader.takeWord('dim')) {
      for (const variable of this.#declarations.variables()) this.#variables.push({ ...shown, variable });
    } else this.#reader.fail(`${this.#reader.found()} does not belong outside of a procedure`);
  }

  #visibility(): Visibility | undefined {
    if (this.#reader.takeWord('public')) return 'public';
    return this.#reader.takeWord('private') ? 'private' : undefined;
  }

  #use(): void {
    const token = this.#reader.peek();
    if (token.kind !== 'text') {
      this.#reader.fail(`the name of a library in quotation marks was expected instead of ${this.#reader.found()}`);
    }
    this.#reader.advance();
    this.#uses.push({ library: token.value, at: token.at });
  }

  #option(): void {
    const { at } = this.#reader;
    const word = this.#reader.word();
    this.#reader.advance();
    switch (word) {
      case 'declare':
        this.#options = { ...this.#options, isDeclare: true };
        return;
      case 'public':
        this.#options = { ...this.#options, isPublic: true };
        return;
      case 'base':
        this.#options = { ...this.#options, base: this.#base() };
        return;
      case 'compare':
        this.#options = { ...this.#options, compare: this.#compare() };
        return;
      default:
        this.#reader.fail('Option is followed by Public, Declare, Base or Compare', at);
    }
  }

  #base(): 0 | 1 {
    const token = this.#reader.peek();
    if (token.kind !== 'number' || (token.value !== 0 && token.value !== 1)) {
      return this.#reader.fail(`0 or 1 was expected instead of ${this.#reader.found()}`);
    }
    this.#reader.advance();
    return token.value;
  }

  #compare(): ScriptOptions['compare'] {
    const compare = (['case', 'nocase', 'binary'] as const).find((known) => known === this.#reader.word());
    if (!compare) return this.#reader.fail(`Case, NoCase or Binary was expected instead of ${this.#reader.found()}`);
    this.#reader.advance();
    return compare;
  }
}
