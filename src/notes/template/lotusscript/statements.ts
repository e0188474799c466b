import { BlockReader, closerAt } from './blocks.js';
import type { DeclarationReader } from './declarations.js';
import type { ExpressionReader } from './expressions.js';
import { type Argument, EXITS, type Exit, type Expression, type Position, type Statement } from './syntax.js';
import type { TokenReader } from './token-reader.js';
import { isGrammarWord, refusalOf } from './words.js';

/** Statements of one word: what looks like a label behind them is a separator. */
const LONE_WORDS: ReadonlySet<string> = new Set(['beep', 'yield', 'doevents', 'randomize', 'print']);

/** Reads the statements of procedures. Throws `ScriptFault`. */
export class StatementReader {
  readonly #reader: TokenReader;
  readonly #expressions: ExpressionReader;
  readonly #declarations: DeclarationReader;
  readonly #blocks: BlockReader;
  /** Single-line Ifs around the statement: there an Else ends it. */
  #inlined = 0;

  constructor(reader: TokenReader, expressions: ExpressionReader, declarations: DeclarationReader) {
    this.#reader = reader;
    this.#expressions = expressions;
    this.#declarations = declarations;
    this.#blocks = new BlockReader(
      reader,
      expressions,
      (at) => this.body(at),
      (at) => this.#inline(at),
    );
  }

  /** Statements up to the words that close or divide a block. `at` is where the block begins. */
  body(at: Position): readonly Statement[] {
    return this.#reader.deeper(at, () => {
      const statements: Statement[] = [];
      const outside = this.#inlined;
      this.#inlined = 0;
      this.#endStatement();
      for (;;) {
        this.#reader.skipEmptyLines();
        if (this.#reader.peek().kind === 'end' || closerAt(this.#reader) !== '') break;
        statements.push(this.#statement());
        this.#endStatement();
      }
      this.#inlined = outside;
      return statements;
    });
  }

  /** Statements of a single-line If. */
  #inline(at: Position): readonly Statement[] {
    return this.#reader.deeper(at, () => {
      const statements: Statement[] = [];
      this.#inlined += 1;
      while (!this.#reader.atLineEnd() && !this.#reader.isWord('else')) {
        if (this.#reader.takeSign(':')) continue;
        statements.push(this.#statement());
        this.#endStatement();
      }
      this.#inlined -= 1;
      if (statements.length === 0) this.#reader.fail(`a statement was expected instead of ${this.#reader.found()}`);
      return statements;
    });
  }

  #endStatement(): void {
    if (this.#ends()) return;
    this.#reader.fail(`the end of the statement was expected instead of ${this.#reader.found()}`);
  }

  #ends(): boolean {
    return this.#reader.atLineEnd() || this.#reader.isSign(':') || (this.#inlined > 0 && this.#reader.isWord('else'));
  }

  #statement(): Statement {
    const word = this.#reader.word();
    const { at } = this.#reader;
    const label = this.#label(word);
    if (label) return label;
    const refusal = this.#isAssignment() ? undefined : refusalOf(word);
    if (refusal) this.#reader.fail(`"${word}" is refused: ${refusal}`);
    return this.#blocks.block(word) ?? this.#jump(word, at) ?? this.#declaration(word, at) ?? this.#simple(word, at);
  }

  #label(word: string): Statement | undefined {
    const follower = this.#reader.peek(1);
    if (!this.#reader.atLineStart() || follower.kind !== 'sign' || follower.text !== ':') return undefined;
    if (word === '' || isGrammarWord(word) || LONE_WORDS.has(word)) return undefined;
    const name = this.#reader.plainName('a label');
    return { kind: 'label', ...name };
  }

  #isAssignment(): boolean {
    const follower = this.#reader.peek(1);
    return follower.kind === 'sign' && follower.text === '=';
  }

  #jump(word: string, at: Position): Statement | undefined {
    switch (word) {
      case 'goto':
        this.#reader.advance();
        return { kind: 'goto', label: this.#reader.plainName('a label'), at };
      case 'on':
        this.#reader.advance();
        return this.#on(at);
      case 'resume':
        this.#reader.advance();
        return this.#resume(at);
      case 'exit':
        this.#reader.advance();
        return { kind: 'exit', from: this.#exit(), at };
      case 'end':
        this.#reader.advance();
        return { kind: 'end', at };
      case 'error':
        if (this.#isAssignment()) return undefined;
        this.#reader.advance();
        return this.#error(at);
      default:
        return undefined;
    }
  }

  #on(at: Position): Statement {
    if (this.#reader.takeWord('event')) return this.#onEvent(at);
    if (!this.#reader.takeWord('error')) {
      this.#reader.fail('"On" is followed by "Error" or "Event"; for a choice take Select Case');
    }
    const number = this.#reader.isWord('goto', 'resume') ? undefined : this.#expressions.expression();
    const restricted = number ? { number } : {};
    if (this.#reader.takeWord('resume')) {
      this.#reader.expectWord('Next');
      return { kind: 'on-error', ...restricted, action: { kind: 'next' }, at };
    }
    this.#reader.expectWord('GoTo');
    const token = this.#reader.peek();
    if (token.kind === 'number' && token.value === 0) {
      this.#reader.advance();
      return { kind: 'on-error', ...restricted, action: { kind: 'off' }, at };
    }
    return { kind: 'on-error', ...restricted, action: { kind: 'goto', label: this.#reader.plainName('a label') }, at };
  }

  #onEvent(at: Position): Statement {
    const { name, key, at: place } = this.#reader.memberName();
    const event = { name, key, at: place };
    this.#reader.expectWord('From');
    const source = this.#expressions.reference();
    const remove = this.#reader.takeWord('remove');
    if (remove && this.#ends()) return { kind: 'on-event', event, source, remove, at };
    if (!remove) this.#reader.expectWord('Call');
    return { kind: 'on-event', event, source, handler: this.#reader.plainName('a sub'), remove, at };
  }

  #resume(at: Position): Statement {
    const token = this.#reader.peek();
    if (this.#reader.takeWord('next')) return { kind: 'resume', to: { kind: 'next' }, at };
    if (token.kind === 'number' && token.value === 0) this.#reader.advance();
    else if (!this.#ends())
      return { kind: 'resume', to: { kind: 'label', label: this.#reader.plainName('a label') }, at };
    return { kind: 'resume', to: { kind: 'same' }, at };
  }

  #exit(): Exit {
    const from = EXITS.find((known) => known === this.#reader.word());
    if (!from) {
      return this.#reader.fail(`Exit is followed by ${EXITS.join(', ')}, not by ${this.#reader.found()}`);
    }
    this.#reader.advance();
    return from;
  }

  #error(at: Position): Statement {
    const number = this.#expressions.expression();
    if (!this.#reader.takeSign(',')) return { kind: 'error', number, at };
    return { kind: 'error', number, message: this.#expressions.expression(), at };
  }

  #declaration(word: string, at: Position): Statement | undefined {
    switch (word) {
      case 'dim':
      case 'static':
        this.#reader.advance();
        return { kind: 'variables', scope: word, variables: this.#declarations.variables(), at };
      case 'const':
        this.#reader.advance();
        return { kind: 'constants', constants: this.#declarations.constants(), at };
      case 'redim': {
        this.#reader.advance();
        const preserve = this.#reader.takeWord('preserve');
        const variables = this.#declarations.variables();
        const wrong = variables.find(({ shape, bounds }) => shape !== 'array' || bounds.length === 0);
        if (wrong) this.#reader.fail(`ReDim gives "${wrong.name}" no bounds`, wrong.at);
        return { kind: 'redim', preserve, variables, at };
      }
      case 'public':
      case 'private':
      case 'sub':
      case 'function':
      case 'property':
      case 'class':
      case 'type':
      case 'option':
      case 'use':
        return this.#reader.fail(`"${word}" does not belong into a procedure; an End is missing before it`);
      default:
        return undefined;
    }
  }

  #simple(word: string, at: Position): Statement {
    switch (word) {
      case 'call':
        this.#reader.advance();
        return this.#call(at);
      case 'set':
      case 'let': {
        this.#reader.advance();
        const target = this.#expressions.reference();
        this.#reader.expectSign('=');
        return { kind: word === 'set' ? 'set' : 'assign', target, value: this.#expressions.expression(), at };
      }
      case 'erase':
        this.#reader.advance();
        return { kind: 'erase', targets: this.#references(), at };
      case 'delete':
        this.#reader.advance();
        return { kind: 'delete', target: this.#expressions.reference(), at };
      case 'print':
        this.#reader.advance();
        return { kind: 'print', values: this.#printed(), at };
      default:
        return this.#assignmentOrCall(at);
    }
  }

  #references(): readonly Expression[] {
    const references: Expression[] = [];
    do references.push(this.#expressions.reference());
    while (this.#reader.takeSign(','));
    return references;
  }

  #printed(): readonly Expression[] {
    const values: Expression[] = [];
    if (this.#reader.isSign('#')) this.#reader.fail('"Print #" is refused: files of one machine are not used here');
    while (!this.#ends()) {
      if (this.#reader.takeSign(',') || this.#reader.takeSign(';')) continue;
      values.push(this.#expressions.expression());
      if (!this.#ends() && !this.#reader.isSign(',') && !this.#reader.isSign(';')) this.#endStatement();
    }
    return values;
  }

  #call(at: Position): Statement {
    const target = this.#expressions.reference();
    const { callee, args } =
      target.kind === 'apply' ? { callee: target.target, args: target.args } : { callee: target, args: [] };
    return { kind: 'call', callee: this.#callee(callee), args, at };
  }

  #callee(callee: Expression): Expression {
    if (callee.kind === 'name' || callee.kind === 'member' || callee.kind === 'base-member') return callee;
    return this.#reader.fail('this is not the name of a sub or function', callee.at);
  }

  #assignmentOrCall(at: Position): Statement {
    const token = this.#reader.peek();
    if (token.kind !== 'name' && !this.#reader.isSign('.')) {
      this.#reader.fail(`a statement was expected instead of ${this.#reader.found()}`);
    }
    if (token.kind === 'name' && isGrammarWord(token.key) && !['error', 'me'].includes(token.key)) {
      const base = token.key === 'base' || token.key === 'from' || token.key === 'any' || token.key === 'explicit';
      if (!base) this.#reader.fail(`a statement was expected instead of ${this.#reader.found()}`);
    }
    const target = this.#expressions.reference();
    if (this.#reader.takeSign('=')) {
      return { kind: 'assign', target, value: this.#expressions.expression(), at };
    }
    if (target.kind !== 'apply') {
      const args = this.#ends() ? [] : this.#expressions.openArguments();
      return { kind: 'call', callee: this.#callee(target), args, at };
    }
    const callee = this.#callee(target.target);
    if (this.#ends()) return { kind: 'call', callee, args: byItself(target.args), at };
    // `Foo (a), b`: the bracket belongs to the first argument.
    this.#expressions.goBackToBracket(target);
    return { kind: 'call', callee, args: this.#expressions.openArguments(), at };
  }
}

/** Without `Call`, a single argument in brackets is passed by value. */
function byItself(args: readonly Argument[]): readonly Argument[] {
  const [only] = args;
  if (only === undefined || args.length > 1) return args;
  return [{ value: { kind: 'bracketed', inner: only.value, at: only.value.at }, byValue: only.byValue }];
}
